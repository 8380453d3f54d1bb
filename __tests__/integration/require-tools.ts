import { findTool, TERRAFORM } from "../../local/tools";

/** These tests run the real Terraform against the emulator; without either they fail, on any machine, and skip nothing. */
export default function requireTools(): void {
  const problems = [TERRAFORM, "moto_server"].flatMap(problemOf);
  if (problems.length > 0) {
    console.error(
      `The integration tests can't run:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
    );
    // Jest would print a thrown error with its stack.
    process.exit(1);
  }
}

function problemOf(tool: string): string[] {
  try {
    findTool(tool);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
