import type { Call } from "../../../../local/gateway/call";
import { FunctionSettings } from "../../../../local/gateway/function-settings";
import { Emulated } from "./emulated";
import { signedCall } from "./support";

const QUEUE = { TargetArn: "arn:aws:sqs:eu-central-1:123456789012:letters" };

function call(method: string, path: string, input?: object, region?: string): Call {
  const body = Buffer.from(input === undefined ? "" : JSON.stringify(input));
  return signedCall("lambda", { method, path: `/2015-03-31/functions${path}`, body }, region);
}

const create = (FunctionName: string, DeadLetterConfig?: object) =>
  call("POST", "", { FunctionName, DeadLetterConfig });
const configure = (name: string, input: object) => call("PUT", `/${name}/configuration`, input);
const get = (name: string, region?: string) => call("GET", `/${name}/configuration`, undefined, region);

/** Tells of each function its name, and of a list of them all. */
function functions() {
  const settings = new FunctionSettings();
  const emulator = new Emulated(({ path, method, body }) => {
    const name = path.split("/")[3] ?? JSON.parse(body.toString() || "{}").FunctionName;
    if (method === "DELETE") {
      return "";
    }
    if (name === undefined) {
      return '{"Functions":[{"FunctionName":"f"},{"FunctionName":"g"}]}';
    }
    const configuration = { FunctionName: decodeURIComponent(name).split(":")[6] ?? name };
    return JSON.stringify(path.endsWith("/whole") ? { Configuration: configuration } : configuration);
  });
  return async (made: Call) => {
    const mend = made.method === "DELETE" ? settings.forget : settings.tell;
    const { body } = await emulator.told(mend, made);
    return body === "" ? undefined : JSON.parse(body);
  };
}

describe("dead-letter configurations of functions", () => {
  it("are told where the function is, by whatever name, and of no other", async () => {
    const tell = functions();

    expect(await tell(create("f", QUEUE))).toEqual({ FunctionName: "f", DeadLetterConfig: QUEUE });
    expect(await tell(create("g"))).toEqual({ FunctionName: "g" });
    expect(await tell(get("f"))).toEqual({ FunctionName: "f", DeadLetterConfig: QUEUE });
    const arn = "arn:aws:lambda:eu-central-1:123456789012:function:f";
    expect(await tell(get(encodeURIComponent(arn)))).toMatchObject({ DeadLetterConfig: QUEUE });
    expect(await tell(get("g"))).toEqual({ FunctionName: "g" });
    expect(await tell(get("f", "us-east-1"))).toEqual({ FunctionName: "f" });
    expect(await tell(call("GET", "/f/whole"))).toEqual({
      Configuration: { FunctionName: "f", DeadLetterConfig: QUEUE },
    });
    expect(await tell(call("GET", ""))).toEqual({
      Functions: [{ FunctionName: "f", DeadLetterConfig: QUEUE }, { FunctionName: "g" }],
    });
  });

  it("change with the function's configuration, and go with it", async () => {
    const tell = functions();
    const known = async () => (await tell(get("f"))).DeadLetterConfig;

    await tell(create("f"));
    await tell(configure("f", { DeadLetterConfig: QUEUE }));
    expect(await known()).toEqual(QUEUE);
    await tell(configure("f", { Timeout: 3 }));
    expect(await known()).toEqual(QUEUE);
    await tell(configure("f", { DeadLetterConfig: { TargetArn: "" } }));
    expect(await known()).toBeUndefined();
    await tell(configure("f", { DeadLetterConfig: QUEUE }));
    await tell(call("DELETE", "/f"));
    expect(await known()).toBeUndefined();
    await tell(configure("f", { DeadLetterConfig: QUEUE }));
    await tell(create("f"));
    expect(await known()).toBeUndefined();
  });
});

describe("architectures of functions", () => {
  const ARM = { Architectures: ["arm64"] };
  const change = (name: string, input: object) => call("PUT", `/${name}/code`, input);

  it("are told as the last changed code came with them", async () => {
    const tell = functions();

    expect(await tell(change("f", { ZipFile: "", ...ARM }))).toEqual({ FunctionName: "f", ...ARM });
    expect(await tell(change("f", { ZipFile: "" }))).toEqual({ FunctionName: "f", ...ARM });
    expect(await tell(get("f"))).toEqual({ FunctionName: "f", ...ARM });
    expect(await tell(get("g"))).toEqual({ FunctionName: "g" });
    await tell(change("f", { Architectures: ["x86_64"] }));
    expect(await tell(get("f"))).toEqual({ FunctionName: "f", Architectures: ["x86_64"] });
  });

  it("are told beside a dead-letter configuration", async () => {
    const tell = functions();

    await tell(change("f", ARM));
    await tell(configure("f", { DeadLetterConfig: QUEUE }));

    expect(await tell(get("f"))).toEqual({ FunctionName: "f", ...ARM, DeadLetterConfig: QUEUE });
  });

  it.each([
    ["a try", change("f", { ...ARM, DryRun: true })],
    ["its creation, which the emulator keeps", call("POST", "", { FunctionName: "f", ...ARM })],
  ])("are not those of %s", async (_, made) => {
    const tell = functions();

    await tell(made);

    expect(await tell(get("f"))).toEqual({ FunctionName: "f" });
  });
});
