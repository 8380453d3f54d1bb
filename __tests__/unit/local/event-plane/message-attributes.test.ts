import fc from "fast-check";
import {
  attributesForCall,
  attributesOf,
  attributesOfCall,
} from "../../../../local/event-plane/message-attributes";

describe("message attributes", () => {
  it("are of texts and numbers", () => {
    expect(attributesOf({ a: "b", n: 7 })).toEqual({
      a: { Type: "String", Value: "b" },
      n: { Type: "Number", Value: "7" },
    });
  });

  it("are read from a call, as text or base64", () => {
    expect(
      attributesOfCall({
        a: { DataType: "String.Array", StringValue: "[]" },
        b: { DataType: "Binary", BinaryValue: "AQ==" },
      }),
    ).toEqual({ a: { Type: "String.Array", Value: "[]" }, b: { Type: "Binary", Value: "AQ==" } });
  });

  it("come out of a call as they were put in", () => {
    const values = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer()));
    fc.assert(
      fc.property(values, (given) => {
        const attributes = attributesOf(given);
        expect(attributesOfCall(attributesForCall(attributes))).toEqual(attributes);
      }),
    );
  });

  it("are none where a call has none, whatever it has instead", () => {
    expect(attributesOfCall(undefined)).toEqual({});
    fc.assert(fc.property(fc.anything(), (input) => typeof attributesOfCall(input) === "object"));
  });
});
