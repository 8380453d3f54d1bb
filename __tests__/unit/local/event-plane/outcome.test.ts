import { outcomeOf } from "../../../../local/event-plane/outcome";

function outcome(status: number, body: string, headers: Record<string, string> = {}) {
  return outcomeOf({ status, headers }, body);
}

describe("outcomeOf", () => {
  it("has no error for a call that went well, whatever its body", () => {
    expect(outcome(200, "<Error><Code>NoSuchKey</Code></Error>")).toEqual({});
  });

  it.each([
    [
      "Query",
      "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no &quot;role&quot; a&amp;b</Message></Error><RequestId>1</RequestId></ErrorResponse>",
      { errorCode: "NoSuchEntity", errorMessage: 'no "role" a&b' },
    ],
    [
      "Query with character data",
      "<ErrorResponse><Error><Code>NotFound</Code><Message><![CDATA[no <topic>]]></Message></Error></ErrorResponse>",
      { errorCode: "NotFound", errorMessage: "no <topic>" },
    ],
    [
      "EC2",
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>no i-1</Message></Error></Errors></Response>',
      { errorCode: "InvalidInstanceID.NotFound", errorMessage: "no i-1" },
    ],
    ["S3", "\n<Error><Code>NoSuchBucket</Code></Error>", { errorCode: "NoSuchBucket" }],
    ["XML without a code", "<html><body>no</body></html>", { errorCode: "InternalFailure" }],
    ["broken XML", "<Error><Code>NoSuchBucket", { errorCode: "InternalFailure" }],
    [
      "JSON",
      '{"__type":"TrailNotFoundException","message":"Unknown trail"}',
      { errorCode: "TrailNotFoundException", errorMessage: "Unknown trail" },
    ],
    [
      "JSON with a namespace",
      '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","Message":"no queue"}',
      { errorCode: "QueueDoesNotExist", errorMessage: "no queue" },
    ],
    ["JSON that is no object", "null", { errorCode: "InternalFailure" }],
    ["JSON whose code is no text", '{"code":12}', { errorCode: "InternalFailure" }],
    ["a text", "no answer", { errorCode: "InternalFailure" }],
    ["nothing", "", { errorCode: "InternalFailure" }],
  ])("reads the error of %s", (_, body, expected) => {
    expect(outcome(400, body)).toEqual(expected);
  });

  it("reads the code that stands in the header", () => {
    const headers = { "x-amzn-errortype": "ResourceNotFoundException:http://internal.amazon.com/" };
    expect(outcome(404, '{"Message":"no function"}', headers)).toEqual({
      errorCode: "ResourceNotFoundException",
      errorMessage: "no function",
    });
    expect(outcome(404, "", headers)).toEqual({ errorCode: "ResourceNotFoundException" });
  });
});
