import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { awsClients } from "../../../../lambda-src/guard/aws-clients";

describe("awsClients", () => {
  const before = process.env;
  afterEach(() => {
    process.env = before;
  });

  it("gives a call up that isn't answered, after three tries", async () => {
    let tries = 0;
    const silent = createServer(() => {
      tries += 1;
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    process.env = {
      ...before,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    };

    const aws = awsClients("eu-west-1", true, 50);

    await expect(aws("cloudtrail:GetTrailStatus", { Name: "trail" })).rejects.toMatchObject({
      name: "TimeoutError",
    });
    expect(tries).toBe(3);
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});
