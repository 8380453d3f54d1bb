import fc from "fast-check";
import { apiRequestOf } from "../../../../local/gateway/api-request";
import type { Call } from "../../../../local/gateway/call";
import { formCall, signedCall } from "./support";

const OF_TARGET = { "x-amz-target": "TrentService.DisableKey" };

describe("apiRequestOf", () => {
  it("says who asks which service where", () => {
    const call = signedCall(
      "kms",
      { headers: OF_TARGET, body: Buffer.from('{"KeyId":"k"}') },
      "us-gov-west-1",
    );

    expect(apiRequestOf(call)).toEqual({
      service: "kms",
      operation: "DisableKey",
      region: "us-gov-west-1",
      input: { KeyId: "k" },
      accessKeyId: "mallory",
      userAgent: "test",
    });
  });

  it("takes an empty body of the JSON protocol for no input", () => {
    expect(apiRequestOf(signedCall("kms", { headers: OF_TARGET }))).toMatchObject({ input: {} });
  });

  it.each<[string, Call]>([
    ["an unsigned call", signedCall("kms", { headers: { ...OF_TARGET, authorization: undefined } })],
    [
      "one that is signed for all regions",
      signedCall("kms", {
        headers: {
          ...OF_TARGET,
          authorization: "AWS4-ECDSA-P256-SHA256 Credential=mallory/20260302/kms/aws4_request, Signature=0",
        },
      }),
    ],
    ["a target without an operation", signedCall("kms", { headers: { "x-amz-target": "TrentService" } })],
    ["a body that isn't JSON", signedCall("kms", { headers: OF_TARGET, body: Buffer.from("{") })],
    ["a body that isn't an object", signedCall("kms", { headers: OF_TARGET, body: Buffer.from("[1]") })],
    ["a form without an action", formCall("iam", { Version: "2010-05-08" })],
    ["an action that is none", formCall("iam", { Action: "Create User" })],
    ["a form nested too deep", formCall("iam", { Action: "CreateUser", [".".repeat(40)]: "" })],
    [
      "RPC with CBOR",
      signedCall("monitoring", {
        path: "/service/GraniteServiceVersion20100801/operation/DeleteAlarms",
        headers: { "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" },
      }),
    ],
    [
      "a service of REST that it doesn't know",
      signedCall("guardduty", { path: "/detector", body: Buffer.from("{}") }),
    ],
    ["a route that Lambda has none of", signedCall("lambda", { path: "/2015-03-31/nothing" })],
    [
      "a route of Lambda with a broken name",
      signedCall("lambda", { method: "GET", path: "/2015-03-31/functions/%" }),
    ],
    [
      "a body of Lambda that isn't JSON",
      signedCall("lambda", { path: "/2015-03-31/functions", body: Buffer.from("{") }),
    ],
    ["a method that S3 has none of", signedCall("s3", { method: "PATCH", path: "/bucket" })],
    [
      "a sub-resource without such a method",
      signedCall("s3", { method: "DELETE", path: "/bucket?versioning" }),
    ],
    [
      "a body of S3 that isn't XML",
      signedCall("s3", { method: "PUT", path: "/b?acl", body: Buffer.from("{}") }),
    ],
    ["a broken bucket name", signedCall("s3", { method: "PUT", path: "/%" })],
    ["a change of all buckets", signedCall("s3", { method: "DELETE", path: "/" })],
  ])("can't read %s", (_, call) => {
    expect(apiRequestOf(call)).toBeUndefined();
  });
});

describe("apiRequestOf, of the Query protocol", () => {
  it("reads lists, maps, numbers and booleans of members that have them", () => {
    const call = formCall("monitoring", {
      Action: "PutMetricAlarm",
      Version: "2010-08-01",
      AlarmName: "12",
      ActionsEnabled: "false",
      Threshold: "1.5e3",
      "AlarmActions.member.2": "b",
      "AlarmActions.member.10": "j",
      "AlarmActions.member.1": "a",
      OKActions: "",
      "Tags.member.1.Key": "k",
      "Tags.member.1.Value": "true",
      "Attributes.entry.1.key": "Policy",
      "Attributes.entry.1.value": "3",
    });

    expect(apiRequestOf(call)).toMatchObject({
      service: "monitoring",
      operation: "PutMetricAlarm",
      input: {
        AlarmName: "12",
        ActionsEnabled: false,
        Threshold: 1500,
        AlarmActions: ["a", "b", "j"],
        OKActions: [],
        Tags: [{ Key: "k", Value: "true" }],
        Attributes: { Policy: "3" },
      },
    });
    expect(apiRequestOf(call)?.input).not.toHaveProperty("Version");
  });

  it("reads message attributes", () => {
    const call = formCall("sns", {
      Action: "Publish",
      "MessageAttributes.entry.1.Name": "severity",
      "MessageAttributes.entry.1.Value.DataType": "String",
      "MessageAttributes.entry.1.Value.StringValue": "high",
      "MessageAttributes.entry.2.Name": "count",
      "MessageAttributes.entry.2.Value.DataType": "Number",
      "MessageAttributes.entry.2.Value.StringValue": "7",
    });

    expect(apiRequestOf(call)?.input).toEqual({
      MessageAttributes: {
        severity: { DataType: "String", StringValue: "high" },
        count: { DataType: "Number", StringValue: "7" },
      },
    });
  });

  it("keeps as text what isn't the number or the boolean that it should be", () => {
    const call = formCall("monitoring", { Action: "PutMetricAlarm", Period: "0x10", ActionsEnabled: "yes" });

    expect(apiRequestOf(call)?.input).toEqual({ Period: "0x10", ActionsEnabled: "yes" });
  });

  it("reads EC2's lists", () => {
    const call = formCall("ec2", {
      Action: "AuthorizeSecurityGroupIngress",
      GroupId: "sg-1",
      "IpPermissions.1.FromPort": "22",
      "IpPermissions.1.IpRanges.1.CidrIp": "0.0.0.0/0",
    });

    expect(apiRequestOf(call)?.input).toEqual({
      GroupId: "sg-1",
      IpPermissions: [{ FromPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    });
  });
});

describe("apiRequestOf, of S3", () => {
  it.each([
    ["GET", "/", {}, "ListBuckets", {}],
    ["GET", "/?x-id=ListBuckets", {}, "ListBuckets", {}],
    ["HEAD", "/bucket", {}, "HeadBucket", { Bucket: "bucket" }],
    ["GET", "/bucket/?list-type=2&prefix=acl", {}, "ListObjectsV2", { Bucket: "bucket" }],
    ["DELETE", "/bucket/", {}, "DeleteBucket", { Bucket: "bucket" }],
    ["DELETE", "/bucket?publicAccessBlock=", {}, "DeletePublicAccessBlock", { Bucket: "bucket" }],
    [
      "DELETE",
      "/",
      { host: "my.bucket.s3.eu-central-1.amazonaws.com" },
      "DeleteBucket",
      { Bucket: "my.bucket" },
    ],
    ["PUT", "/a/b", { host: "bucket.localhost:4566" }, "PutObject", { Bucket: "bucket", Key: "a/b" }],
    ["DELETE", "/bucket", { host: "localhost:4566" }, "DeleteBucket", { Bucket: "bucket" }],
    ["DELETE", "/bucket", { host: "s3.eu-central-1.amazonaws.com" }, "DeleteBucket", { Bucket: "bucket" }],
    ["PUT", "/bucket/a%20b?x-id=PutObject", {}, "PutObject", { Bucket: "bucket", Key: "a b" }],
    ["PUT", "/b/k", { "x-amz-copy-source": "/c/k" }, "CopyObject", { Bucket: "b", Key: "k" }],
    ["PUT", "/b/k?partNumber=1&uploadId=2", {}, "UploadPart", { Bucket: "b", Key: "k" }],
    ["PUT", "/b/k?uploadId=2", { "x-amz-copy-source": "/c/k" }, "UploadPartCopy", { Bucket: "b", Key: "k" }],
    ["PUT", "/b", { "x-amz-acl": "private" }, "CreateBucket", { Bucket: "b", ACL: "private" }],
    [
      "DELETE",
      "/b?inventory&id=daily",
      {},
      "DeleteBucketInventoryConfiguration",
      { Bucket: "b", Id: "daily" },
    ],
  ])("%s %s %j", (method, path, headers, operation, input) => {
    expect(apiRequestOf(signedCall("s3", { method, path, headers }))).toMatchObject({ operation, input });
  });

  it("keeps the XML of a body and the text of a policy", () => {
    const put = (path: string, body: string) =>
      apiRequestOf(signedCall("s3", { method: "PUT", path, body: Buffer.from(body) }))?.input;

    expect(
      put(
        "/b?versioning",
        '<VersioningConfiguration xmlns="u"><Status>Suspended</Status></VersioningConfiguration>',
      ),
    ).toEqual({
      Bucket: "b",
      VersioningConfiguration: { xmlns: "u", Status: "Suspended" },
    });
    expect(put("/b?policy", '{"Statement":[]}')).toEqual({ Bucket: "b", Policy: '{"Statement":[]}' });
  });
});

describe("apiRequestOf, of Lambda", () => {
  it.each([
    [
      "PUT",
      "/2015-03-31/functions/guard/code",
      '{"Publish":true}',
      "UpdateFunctionCode",
      { FunctionName: "guard", Publish: true },
    ],
    ["GET", "/2015-03-31/functions/", "", "ListFunctions", {}],
    [
      "DELETE",
      "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A1%3Afunction%3Aguard/policy/sid?Qualifier=live",
      "",
      "RemovePermission",
      { FunctionName: "arn:aws:lambda:eu-central-1:1:function:guard", StatementId: "sid", Qualifier: "live" },
    ],
    [
      "DELETE",
      "/2017-03-31/tags/arn?tagKeys=a&tagKeys=b",
      "",
      "UntagResource",
      { Resource: "arn", TagKeys: ["a", "b"] },
    ],
    [
      "DELETE",
      "/2018-10-31/layers/l/versions/3",
      "",
      "DeleteLayerVersion",
      { LayerName: "l", VersionNumber: 3 },
    ],
    ["POST", "/2015-03-31/functions/guard/invocations", "[not JSON", "Invoke", { FunctionName: "guard" }],
  ])("%s %s %s", (method, path, body, operation, input) => {
    const request = apiRequestOf(signedCall("lambda", { method, path, body: Buffer.from(body) }));

    expect(request?.operation).toBe(operation);
    expect(request?.input).toEqual(input);
  });
});

it("apiRequestOf never throws", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom("", "/", "/b?policy", "/b/k", "/%", "//", "/2015-03-31/functions/f"),
  );
  const form = fc
    .array(
      fc.tuple(
        fc.stringMatching(/^[A-C.1-3]{0,8}$|^[A-C.]+(?:member|entry)\.\d\.(?:key|value)$/),
        fc.string(),
      ),
    )
    .map((pairs) => new URLSearchParams([["Action", "Do"], ...pairs]).toString());
  fc.assert(
    fc.property(
      fc.constantFrom("s3", "lambda", "ec2", "kms"),
      fc.record({
        method: fc.option(fc.oneof(fc.constantFrom("GET", "PUT", "POST", "DELETE"), fc.string()), {
          nil: undefined,
        }),
        path: text,
        headers: fc.oneof(
          fc.dictionary(fc.string(), fc.string()),
          fc.constantFrom({ "content-type": "application/x-www-form-urlencoded" }, { ...OF_TARGET }),
        ),
        body: fc.oneof(
          fc.uint8Array().map(Buffer.from),
          fc.oneof(form, fc.json(), text).map((one) => Buffer.from(one)),
        ),
      }),
      (service, call) => {
        apiRequestOf(signedCall(service, call));
      },
    ),
    { numRuns: 500 },
  );
});
