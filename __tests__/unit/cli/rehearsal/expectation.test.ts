import { type Attack, chooseAttacks } from "../../../../cli/rehearsal/attacks";
import { expectationOf } from "../../../../cli/rehearsal/expectation";
import { type EnvironmentConfig, parseConfig, type StackSettings } from "../../../../config";

function settingsOf(environment: Partial<EnvironmentConfig>): StackSettings {
  const { main } = parseConfig({ environments: { main: { region: "eu-west-1", ...environment } } });
  return main as StackSettings;
}

function attack(name: string): Attack {
  return chooseAttacks(name)[0] as Attack;
}

describe("expectationOf", () => {
  it.each<[string, Partial<EnvironmentConfig>, boolean, boolean]>([
    ["stop", {}, true, true],
    ["stop", { guard: { mode: "observe" } }, true, false],
    ["stop", { guard: { mode: "off" } }, false, false],
    ["stop", { guard: { mode: "off", modes: { "stop-logging": "enforce" } } }, false, false],
    ["key", { guard: { modes: { key: "off" } } }, false, false],
    ["key", { guard: { mode: "observe", modes: { key: "enforce" } } }, true, true],
    ["stop", { guard: { modes: { key: "off" } } }, true, true],
    ["log-group", {}, true, false],
    ["sign-ins", {}, true, false],
    ["sign-ins", { detections: { disabled: ["console-sign-in-failures"] } }, false, false],
    ["sign-ins", { guard: { mode: "off" } }, true, false],
    ["instance-states", {}, true, false],
    ["instance-states", { ec2States: ["running"] }, true, false],
    ["instance-states", { ec2States: [] }, false, false],
  ])("of %s with %j: told %s, healed %s", (name, environment, told, healed) => {
    expect(expectationOf(attack(name), settingsOf(environment))).toEqual({ told, healed });
  });
});
