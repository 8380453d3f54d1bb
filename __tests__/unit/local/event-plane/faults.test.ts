import fc from "fast-check";
import {
  FAULT_KINDS,
  type Fault,
  Faults,
  faultText,
  parseFaults,
} from "../../../../local/event-plane/faults";

describe("parseFaults", () => {
  it.each([
    ["throttle", [{ kind: "throttle", times: 2 }]],
    ["5xx:s3", [{ kind: "5xx", service: "s3", times: 2 }]],
    [
      "throttle:cloudtrail:StartLogging*4, delay:sns:Publish*always",
      [
        { kind: "throttle", service: "cloudtrail", call: "StartLogging", times: 4 },
        { kind: "delay", service: "sns", call: "Publish", times: Number.POSITIVE_INFINITY },
      ],
    ],
    ["cut", [{ kind: "cut", times: Number.POSITIVE_INFINITY }]],
    ["duplicate:iam*1", [{ kind: "duplicate", service: "iam", times: 1 }]],
    ["reorder:monitoring", [{ kind: "reorder", service: "monitoring", times: Number.POSITIVE_INFINITY }]],
  ])("reads %s", (text, faults) => {
    expect(parseFaults(text)).toEqual(faults);
  });

  it.each([
    "",
    "slow",
    "throttle,",
    "throttle:",
    "throttle:StartLogging",
    "throttle::StartLogging",
    "throttle:sns:Publish:2",
    "throttle*0",
    "throttle*-1",
    "throttle*1.5",
    "throttle*1000000",
    "throttle*",
    "throttle*2*2",
    "Throttle",
    "cut sns",
  ])("refuses %j in words", (text) => {
    expect(() => parseFaults(text)).toThrow(
      "is no fault: it is KIND, KIND:SERVICE or KIND:SERVICE:CALL, with *TIMES or *always behind it if not 2 times; KIND is throttle, 5xx, delay, cut, duplicate, reorder",
    );
  });

  it("names the part that is no fault", () => {
    expect(() => parseFaults("cut, nothing:sns")).toThrow('"nothing:sns" is no fault');
  });

  it("says no to anything else with that error only", () => {
    const pieces = fc.constantFrom(...FAULT_KINDS, ":", "*", ",", "sns", "Publish", "2", "always", " ", "\n");
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          for (const { kind, times } of parseFaults(text)) {
            expect(FAULT_KINDS).toContain(kind);
            expect(times).toBeGreaterThan(0);
          }
        } catch (error) {
          expect(String(error)).toMatch(/^Error: ".*" is no fault: it is KIND/);
        }
      }),
    );
  });

  it("reads back what is written", () => {
    const faults = fc.record({
      kind: fc.constantFrom(...FAULT_KINDS),
      service: fc.stringMatching(/^[a-z0-9-]{1,9}$/),
      call: fc.stringMatching(/^[A-Za-z0-9]{1,9}$/),
      times: fc.integer({ min: 1, max: 999_999 }),
    });
    fc.assert(
      fc.property(fc.array(faults, { minLength: 1, maxLength: 4 }), (written) => {
        const text = written.map(({ kind, service, call, times }) => `${kind}:${service}:${call}*${times}`);
        expect(parseFaults(text.join(","))).toEqual(written);
      }),
    );
  });
});

describe("Faults", () => {
  it("has none at first", () => {
    expect(new Faults().ofCall("sns", "Publish")).toBeUndefined();
  });

  it("happens to its call, as often as it says", () => {
    const faults = new Faults();
    faults.set(parseFaults("throttle:sns:Publish*2"));
    expect(faults.ofCall("sqs", "Publish")).toBeUndefined();
    expect(faults.ofCall("sns", "Subscribe")).toBeUndefined();
    expect(faults.ofEvent("sns", "Publish")).toBeUndefined();
    expect([1, 2, 3].map(() => faults.ofCall("sns", "Publish"))).toEqual(["throttle", "throttle", undefined]);
  });

  it("happens to every call of a service, or to every one", () => {
    const faults = new Faults();
    faults.set(parseFaults("5xx:iam,delay"));
    expect(faults.ofCall("iam", "CreateUser")).toBe("5xx");
    expect(faults.ofCall("s3", "PutBucketPolicy")).toBe("delay");
  });

  it("takes the next fault once the first is used up", () => {
    const faults = new Faults();
    faults.set(parseFaults("throttle*1,5xx*1"));
    expect([1, 2, 3].map(() => faults.ofCall("s3", "ListBuckets"))).toEqual(["throttle", "5xx", undefined]);
  });

  it("tells those of events from those of calls", () => {
    const faults = new Faults();
    faults.set(parseFaults("cut:cloudtrail:StopLogging"));
    expect(faults.ofCall("cloudtrail", "StopLogging")).toBeUndefined();
    expect([1, 2, 3].map(() => faults.ofEvent("cloudtrail", "StopLogging"))).toEqual(["cut", "cut", "cut"]);
    expect(faults.ofEvent("cloudtrail", "StartLogging")).toBeUndefined();
  });

  it("says which of them have happened, those that were set before too", () => {
    const faults = new Faults();
    const [first, second] = parseFaults("throttle:sns:Publish,cut:s3") as [Fault, Fault];
    faults.set([first, second]);
    faults.ofCall("sns", "Publish");
    faults.set([]);
    expect([first, second].map((fault) => faults.hasHappened(fault))).toEqual([true, false]);
  });

  it("leaves none of those that were set before", () => {
    const faults = new Faults();
    faults.set(parseFaults("throttle*always"));
    faults.set([]);
    expect(faults.ofCall("sns", "Publish")).toBeUndefined();
  });
});

describe("faultText", () => {
  it.each(["throttle:cloudtrail:StartLogging*4", "5xx:iam*2", "cut*always", "reorder:s3*1"])(
    "writes %s as it was read",
    (text) => {
      expect(parseFaults(text).map(faultText)).toEqual([text]);
    },
  );
});
