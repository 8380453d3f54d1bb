import { jsonCall, jsonInputOf, type Mend } from "./call";

/** Gives the emulator the trail's name where the call has its ARN. */
export const nameTrail: Mend = (call, send) => {
  const input = jsonInputOf(call);
  return typeof input.Name === "string" && input.Name.startsWith("arn:")
    ? send(jsonCall(call, { ...input, Name: input.Name.slice(input.Name.lastIndexOf("/") + 1) }))
    : send(call);
};
