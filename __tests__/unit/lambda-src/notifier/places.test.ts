import type { Route } from "../../../../lambda-src/notifier/deployment";
import { nameOfPlace, type Place, placesOf } from "../../../../lambda-src/notifier/places";
import { topicArn } from "./support/deployment";

const HIGH = { severity: "high", detection: "root-usage" } as const;
const OWN: Place = { kind: "topic", topicArn: topicArn("own") };

function namesOf(routes: readonly Route[], own: readonly Place[] = []): string[] {
  return placesOf(HIGH, own, routes, topicArn).map(nameOfPlace);
}

function route(fields: Partial<Route>): Route {
  return { name: "r", topicName: "t", webhooks: [], ...fields };
}

describe("placesOf", () => {
  it.each<[string, Partial<Route>, boolean]>([
    ["without a choice", {}, true],
    ["of its severity", { severities: ["critical", "high"] }, true],
    ["of other severities", { severities: ["critical", "low"] }, false],
    ["of its detection", { detections: ["sign-ins", "root-usage"] }, true],
    ["of other detections", { detections: ["sign-ins"] }, false],
    ["of its severity and another detection", { severities: ["high"], detections: ["sign-ins"] }, true],
    ["of its detection and another severity", { severities: ["low"], detections: ["root-usage"] }, true],
    ["of another severity and detection", { severities: ["low"], detections: ["sign-ins"] }, false],
    ["that takes nothing", { severities: [], detections: [] }, false],
  ])("asks a route %s", (_, fields, expected) => {
    expect(namesOf([route(fields)])).toEqual(expected ? [topicArn("t")] : []);
  });

  it("takes the topic and every webhook of a route", () => {
    const webhooks = [
      { name: "w1", source: { secret: "s" } },
      { name: "w2", source: { parameter: "/p" } },
    ];

    expect(namesOf([route({ webhooks })])).toEqual([topicArn("t"), "slack w1", "slack w2"]);
    expect(namesOf([route({ topicName: undefined, webhooks })])).toEqual(["slack w1", "slack w2"]);
  });

  it("takes each place once, the alert's own first", () => {
    const webhooks = [{ name: "w1", source: { secret: "s" } }];
    const routes = [
      route({ webhooks }),
      route({ webhooks, topicName: "own" }),
      route({ severities: ["high"] }),
    ];

    expect(namesOf(routes, [OWN])).toEqual([topicArn("own"), topicArn("t"), "slack w1"]);
  });
});
