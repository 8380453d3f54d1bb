import fc from "fast-check";
import {
  OWN_DETECTION,
  refusedAlert,
  unknownEventAlert,
  unknownMessageAlert,
} from "../../../../lambda-src/notifier/other-alert";
import { alertMail } from "../../../../lambda-src/shared/alert-mail";
import { alertWith } from "../shared/alerts";
import { hostileText } from "../shared/hostile-text";
import { unreadable } from "./support/readable";

const OWN = { severity: "high", detection: OWN_DETECTION, calls: [], facts: [], links: [] };

describe("unknownMessageAlert", () => {
  it("tells a message as it is", () => {
    const alert = unknownMessageAlert("Hello", "one\n\n two \nthree");

    expect(alert).toMatchObject(OWN);
    expect(alert.items).toEqual(["one", " two ", "three"]);
    expect(alert.notices).toEqual([]);
    expect(alertMail(alert).subject).toBe("[HIGH] Unknown message: Hello");
    expect(alertMail(alert).body).toContain("\n  - one\n  - two\n  - three\n");
  });

  it("says so where there is no subject", () => {
    expect(unknownMessageAlert(" \n", "").subject).toBe("[HIGH] Unknown message: without a subject");
  });

  it("shows the first twenty lines", () => {
    const { items, notices } = unknownMessageAlert("", "x\n".repeat(21));

    expect(items).toHaveLength(20);
    expect(notices).toEqual(["The first 20 of 21 lines are shown."]);
  });

  it("reads well, whatever the message holds", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (subject, message) => {
        expect(unreadable(unknownMessageAlert(subject, message))).toEqual([]);
      }),
    );
  });
});

describe("unknownEventAlert", () => {
  it("tells an event as it is", () => {
    const alert = unknownEventAlert({ source: "aws.health", detail: { a: 1 } });

    expect(alert).toMatchObject(OWN);
    expect(alert.subject).toBe("[HIGH] Unknown message: an event");
    expect(alert.items).toEqual([
      "{",
      '  "source": "aws.health",',
      '  "detail": {',
      '    "a": 1',
      "  }",
      "}",
    ]);
  });

  it.each([
    [undefined, ["nothing"]],
    [null, ["null"]],
    ["text", ['"text"']],
  ])("tells %j", (event, items) => {
    expect(unknownEventAlert(event).items).toEqual(items);
  });
});

describe("refusedAlert", () => {
  it("tells which webhook refused what, and why", () => {
    const alert = refusedAlert("oncall-1", "Slack answered 404: no_service", alertWith());

    expect(alert).toMatchObject(OWN);
    expect(alert.summary).toBe(
      'The Slack webhook oncall-1 refused "Snapshot shared" and will refuse others.',
    );
    expect(alert.items).toEqual(["Slack answered 404: no_service"]);
    expect(unreadable(alert)).toEqual([]);
  });
});
