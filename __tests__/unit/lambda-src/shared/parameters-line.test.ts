import fc from "fast-check";
import { parametersLine } from "../../../../lambda-src/shared/parameters-line";
import { hostileText } from "./hostile-text";
import { deepObject } from "./records";

describe("parametersLine", () => {
  it("writes what a rule opens as people read it", () => {
    const opened = {
      groupId: "sg-0123",
      ipPermissions: {
        items: [
          { ipProtocol: "tcp", fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] } },
        ],
      },
      dryRun: false,
      nothing: null,
    };

    expect(parametersLine(opened, 300)).toBe(
      "groupId: sg-0123, ipPermissions: [{ipProtocol: tcp, fromPort: 22, toPort: 22, ipRanges: [{cidrIp: 0.0.0.0/0}]}], dryRun: false, nothing: null",
    );
  });

  it("is cut where it is long, between whole characters", () => {
    expect(parametersLine({ name: "a".repeat(500), other: 1 }, 20)).toBe("name: aaaaaaaaaaaaaa…");
    expect(parametersLine({ n: "😀😀😀" }, 6)).toBe("n: 😀…");
  });

  it("goes no deeper than it can be read", () => {
    expect(parametersLine({ a: deepObject() }, 300)).toBe(
      "a: {a: {a: {a: {a: {a: {a: {a: {a: …, list: …}, list: […]}, list: [[…]]}, list: [[[…]]]}, list: [[[{}]]]}, list: [[[{}]]]}, list: [[[{}]]]}, list: [[[{}]]]}",
    );
  });

  it("holds no line, link or turned text of its own, and takes no time, whatever stands in it", () => {
    fc.assert(
      fc.property(fc.dictionary(hostileText, fc.oneof(hostileText, fc.array(hostileText))), (parameters) => {
        const line = parametersLine(parameters, 300);
        expect(line.length).toBeLessThanOrEqual(301);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|:\/\/|www\.(?!\.)/iu);
      }),
    );
  });
});
