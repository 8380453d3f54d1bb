import { jsonCall, jsonInputOf, type Mend } from "./call";
import { errorAnswer } from "./error-answer";

/** Gives the emulator the trail's name where the call has its ARN, and says so where there is no such trail. */
export const nameTrail: Mend = async (call, send) => {
  const { Name, ...input } = jsonInputOf(call);
  const isArn = typeof Name === "string" && Name.startsWith("arn:");
  const answer = await send(
    isArn ? jsonCall(call, { ...input, Name: Name.slice(Name.lastIndexOf("/") + 1) }) : call,
  );
  // What the emulator answers for a trail that it doesn't know.
  if (answer.status !== 500) {
    return answer;
  }
  answer.body.resume();
  return errorAnswer(call, {
    code: "TrailNotFoundException",
    message: `Unknown trail: ${Name}`,
    status: 400,
  });
};
