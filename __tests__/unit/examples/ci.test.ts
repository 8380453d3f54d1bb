import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { scripts } from "../../../package.json";

const ROOT = path.join(__dirname, "../../..");
const EXAMPLES = "examples/ci";

const files = readdirSync(path.join(ROOT, EXAMPLES), { recursive: true, encoding: "utf8" }).map((file) =>
  path.posix.join(EXAMPLES, file.split(path.sep).join("/")),
);
const pipelines = files.filter((file) => file.endsWith(".yml") || file.endsWith(".yaml"));
const workflows = pipelines.filter((file) => file.startsWith(`${EXAMPLES}/github/`));
const policies = files.filter((file) => file.endsWith(".json"));

describe("pipelines", () => {
  it.each(pipelines)("%s names npm scripts that exist", (file) => {
    const named = [...textOf(file).matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name);

    expect(named.length > 0).toBe(!file.endsWith("atlantis.yaml"));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it.each(pipelines.filter((file) => textOf(file).includes("npm run --silent review")))(
    "%s applies a plan that was reviewed, and plans nothing then",
    (file) => {
      const review = withoutComments(file).lastIndexOf("npm run --silent review");
      const apply = withoutComments(file).search(
        /terraform -chdir="\$STACK" apply .*(?:tfplan|"\$PLANFILE")$/m,
      );

      expect(apply === -1).toBe(file.endsWith("plan-review.yml"));
      expect(withoutComments(file).slice(review)).not.toMatch(/terraform .*\bplan\b/);
      expect(apply === -1 || apply > review).toBe(true);
    },
  );

  it("print nothing but the report where it is read", () => {
    for (const file of pipelines) {
      expect(textOf(file)).not.toMatch(/npm run review/);
    }
  });
});

describe("GitHub workflows", () => {
  it("are found", () => {
    expect(workflows.map((file) => path.basename(file)).sort()).toEqual([
      "apply.yml",
      "plan-review.yml",
      "weekly-drill.yml",
    ]);
  });

  it.each(workflows)("%s pins every action to a commit, with its version", (file) => {
    const uses = textOf(file)
      .split("\n")
      .filter((line) => /\buses:/.test(line));

    expect(uses).not.toEqual([]);
    for (const line of uses) {
      expect(line).toMatch(/uses: [\w-]+(?:\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it("pin an action to one commit, the project's own", () => {
    const pins = [...workflows, ".github/workflows/ci.yml"].flatMap((file) =>
      [...textOf(file).matchAll(/uses: (\S+)@(.+)$/gm)].map(([, action = "", pin = ""]) => ({ action, pin })),
    );

    for (const { action, pin } of pins) {
      expect([action, pin]).toEqual([action, pins.find((other) => other.action === action)?.pin]);
    }
  });

  it.each(workflows)("%s grants by name, and gives no fork this repository's rights", (file) => {
    expect(textOf(file)).toMatch(/^permissions:/m);
    expect(withoutComments(file)).not.toMatch(/write-all|pull_request_target|workflow_run/);
  });

  it.each(workflows)("%s leaves no token in the work tree", (file) => {
    const checkouts = textOf(file).split("actions/checkout@").slice(1);

    for (const checkout of checkouts) {
      expect(checkout).toMatch(/^\S+ # \S+\n +with:\n +persist-credentials: false\n/);
    }
  });

  it.each(workflows)("%s puts no expression into a shell's text", (file) => {
    const scripts = runBlocks(textOf(file));

    expect(scripts).not.toEqual([]);
    for (const script of scripts) {
      expect(script).not.toContain("${{");
    }
  });

  it.each(workflows)("%s has scripts that Bash can parse", (file) => {
    for (const input of runBlocks(textOf(file))) {
      expect({ input, stderr: spawnSync("bash", ["-n"], { input, encoding: "utf8" }).stderr }).toEqual({
        input,
        stderr: "",
      });
    }
  });

  it("lets no plan leave a runner in plain text", () => {
    const uploaded = workflows.flatMap((file) =>
      textOf(file)
        .split("actions/upload-artifact@")
        .slice(1)
        .map((step) => /^ +path: (.+)$/m.exec(step)?.[1]),
    );

    expect(uploaded).toEqual(["plan.cms", "review"]);
  });

  it("runs no package where the role that may write is", () => {
    const apply = textOf(`${EXAMPLES}/github/apply.yml`);
    const job = apply.slice(apply.indexOf("\n  apply:\n"));

    expect(job).toContain("APPLY_ROLE_ARN");
    expect(job).toMatch(/^ {4}environment: audit-trail$/m);
    expect(job).not.toMatch(/npm|checkout/);
    expect(apply.slice(0, apply.indexOf("\n  apply:\n"))).not.toContain("APPLY_ROLE_ARN");
    expect(textOf(`${EXAMPLES}/github/plan-review.yml`)).not.toContain("APPLY_ROLE_ARN");
  });
});

describe("policies", () => {
  it.each(policies)("%s is a policy", (file) => {
    expect(statementsOf(file)).not.toEqual([]);
  });

  it("let the planning role read, and of contents only the state and the guard's parameters", () => {
    const statements = statementsOf(`${EXAMPLES}/iam/plan-role.json`);
    const contents = /^(?:s3:GetObject|ssm:GetParameters?)$/;

    for (const { Action, Resource } of statements) {
      for (const action of [Action].flat()) {
        expect(action).toMatch(/^[a-z0-9]+:(?:Describe|Get|List)(?:\w+\*?|\*)$/);
        expect(action).not.toMatch(
          /^(?:s3|logs|dynamodb|kms|ssm|lambda):Get\*$|:GetSecretValue$|:GetLogEvents$/,
        );
        expect(contents.test(action) && Resource === "*").toBe(false);
      }
    }
  });

  it.each(policies.filter((file) => file.includes("-trust-")))("%s trusts one project", (file) => {
    for (const { Condition } of statementsOf(file)) {
      const tests = Object.values(Condition ?? {}).flatMap((test) => Object.entries(test));
      const subjects = tests.filter(([key]) => key.endsWith(":sub")).flatMap(([, value]) => value);

      expect(tests.map(([key]) => key.slice(key.lastIndexOf(":"))).sort()).toEqual([":aud", ":sub"]);
      for (const subject of subjects) {
        expect(subject).toMatch(/^repo:OWNER\/REPOSITORY:|^project_path:GROUP\/PROJECT:/);
        expect(file.includes("apply") && subject.includes("*")).toBe(false);
      }
    }
  });
});

describe("README", () => {
  it("names every file, and none that isn't there", () => {
    const readme = textOf(`${EXAMPLES}/README.md`);
    const linked = [...readme.matchAll(/\]\((?!https:)([^)]+)\)/g)].map(([, target = ""]) =>
      path.posix.join(EXAMPLES, target),
    );

    expect(linked.filter((target) => !existsSync(path.join(ROOT, target)))).toEqual([]);
    expect([...pipelines, ...policies].filter((file) => !linked.includes(file))).toEqual([]);
  });
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

function statementsOf(file: string): readonly Statement[] {
  return JSON.parse(textOf(file)).Statement;
}

function textOf(file: string): string {
  return readFileSync(path.join(ROOT, file), "utf8");
}

function withoutComments(file: string): string {
  return textOf(file).replace(/^\s*#.*$/gm, "");
}

/** Shell texts of a workflow: what stands after `run:`, or indented below it. */
function runBlocks(yaml: string): string[] {
  const lines = yaml.split("\n");
  return lines.flatMap((line, index) => {
    const [, indent = "", inline] = /^( *(?:- )?)run: (.+)$/.exec(line) ?? [];
    if (inline === undefined) {
      return [];
    }
    if (inline !== "|") {
      return [inline];
    }
    const rest = lines.slice(index + 1);
    const end = rest.findIndex((other) => other.trim() !== "" && indentOf(other) <= indent.length);
    return [
      (end === -1 ? rest : rest.slice(0, end)).map((other) => other.slice(indent.length + 2)).join("\n"),
    ];
  });
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
