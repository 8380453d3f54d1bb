import { execFileSync } from "node:child_process";

export interface Process {
  readonly pid: number;
  readonly commandLine: string;
}

/** Processes that a process started, and those that they started, now. */
export function descendants(pid: number): Process[] {
  const children = processes().filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendants(child.pid)]);
}

/** Those of the processes that still run. */
export function running(chosen: readonly Process[]): Process[] {
  const pids = processes().map(({ pid }) => pid);
  return chosen.filter(({ pid }) => pids.includes(pid));
}

function processes(): (Process & { parent: number })[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, pid, parent, state, commandLine = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // One that has ended stays in the table until its parent asks for its status.
    return state === undefined || state.startsWith("Z")
      ? []
      : [{ pid: Number(pid), parent: Number(parent), commandLine }];
  });
}
