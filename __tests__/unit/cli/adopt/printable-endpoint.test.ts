import * as fc from "fast-check";
import { printableEndpoint } from "../../../../cli/adopt/printable-endpoint";

describe("printableEndpoint", () => {
  it.each([
    ["email", "security@example.com", "security@example.com"],
    ["https", "https://user:pass@hooks.example.com/T0/B0/key?token=1", "https://hooks.example.com/…"],
    ["https", "https://hooks.example.com", "https://hooks.example.com"],
    ["http", "no URL with a key", ""],
    ["sms", "+821012345678", "…78"],
    [
      "lambda",
      "arn:aws:lambda:eu-west-1:111122223333:function:f",
      "arn:aws:lambda:eu-west-1:111122223333:function:f",
    ],
    ["sqs", "key", ""],
    ["carrier-pigeon", "key", ""],
  ])("prints of %s %s what is no secret", (protocol, endpoint, printed) => {
    expect(printableEndpoint(protocol, endpoint)).toBe(printed);
  });

  it("never prints what follows a URL's host", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9/?=&#]{0,30}$/), (rest) => {
        expect(printableEndpoint("https", `https://a.example.com/k-secret${rest}`)).toBe(
          "https://a.example.com/…",
        );
      }),
    );
  });
});
