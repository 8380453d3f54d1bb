import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AdoptAccount } from "../existing";
import { ask, type ClientSettings } from "./ask";

/** Who asks. */
export function stsOf(settings: ClientSettings): Pick<AdoptAccount, "callerIdentity"> {
  const sts = new STSClient(settings);
  return {
    async callerIdentity() {
      const { Account = "", Arn = "" } = await ask("sts:GetCallerIdentity", () =>
        sts.send(new GetCallerIdentityCommand({})),
      );
      return { accountId: Account, arn: Arn };
    },
  };
}
