import { type GuardMode, handleEvent } from "../../../../lambda-src/guard/guard";
import { trailIdentity } from "../../../../lambda-src/guard/stop-logging";

const TRAIL = trailIdentity("arn:aws:cloudtrail:ap-northeast-2:123456789012:trail/trailwarden");

const STOPPED = {
  account: "123456789012",
  region: "ap-northeast-2",
  detail: {
    eventSource: "cloudtrail.amazonaws.com",
    eventName: "StopLogging",
    requestParameters: { name: "trailwarden" },
  },
};

/** A trail in memory that records the calls made to it. */
function trailInMemory({ startFails, staysOff = false }: { startFails?: Error; staysOff?: boolean } = {}) {
  const calls: string[] = [];
  let logging = false;
  return {
    calls,
    async startLogging(arn: string) {
      calls.push(`StartLogging ${arn}`);
      if (startFails !== undefined) {
        throw startFails;
      }
      logging = !staysOff;
    },
    async isLogging(arn: string) {
      calls.push(`GetTrailStatus ${arn}`);
      return logging;
    },
  };
}

function guard(client: ReturnType<typeof trailInMemory>, mode: GuardMode = "enforce") {
  return { trail: TRAIL, mode, client, log: { info: jest.fn(), warn: jest.fn() } };
}

describe("handleEvent", () => {
  it("switches a stopped trail on again and reads its status back", async () => {
    const client = trailInMemory();

    await expect(handleEvent(STOPPED, guard(client))).resolves.toBe("restored");

    expect(client.calls).toEqual([`StartLogging ${TRAIL.arn}`, `GetTrailStatus ${TRAIL.arn}`]);
  });

  it("throws if the trail is still off afterwards", async () => {
    const client = trailInMemory({ staysOff: true });

    await expect(handleEvent(STOPPED, guard(client))).rejects.toThrow(
      `trail is still not logging after StartLogging: ${TRAIL.arn}`,
    );
  });

  it("throws what AWS answers with, so that the service retries", async () => {
    const throttled = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });

    await expect(handleEvent(STOPPED, guard(trailInMemory({ startFails: throttled })))).rejects.toBe(
      throttled,
    );
  });

  it("changes nothing in observe mode, and says what it saw", async () => {
    const client = trailInMemory();
    const observer = guard(client, "observe");

    await expect(handleEvent(STOPPED, observer)).resolves.toBe("observed");

    expect(client.calls).toEqual([]);
    expect(observer.log.warn).toHaveBeenCalledTimes(1);
  });

  it.each([
    [
      "a denied call",
      { ...STOPPED, detail: { ...STOPPED.detail, errorCode: "AccessDenied", requestParameters: null } },
    ],
    [
      "another trail's call",
      { ...STOPPED, detail: { ...STOPPED.detail, requestParameters: { name: "other" } } },
    ],
    ["a malformed event", "not an event"],
  ])("makes no call on %s and logs why", async (_, event) => {
    const client = trailInMemory();
    const guarding = guard(client);

    await expect(handleEvent(event, guarding)).resolves.toBe("ignored");

    expect(client.calls).toEqual([]);
    expect(guarding.log.info).toHaveBeenCalledWith("nothing to do", { reason: expect.any(String) });
  });
});
