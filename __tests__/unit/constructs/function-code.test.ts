import { unzipSync } from "fflate";
import { functionArchive } from "../../../constructs/function-code";

const text = (content: Uint8Array | undefined) => Buffer.from(content ?? []).toString();

describe("a function's archive", () => {
  it.each(["guard", "notifier"] as const)(
    "holds what the %s reads beside its code, and the code as it was",
    (name) => {
      const code = unzipSync(functionArchive(name));
      const {
        "b.json": b,
        "a.json": a,
        ...others
      } = unzipSync(functionArchive(name, { "b.json": '{"text":"é"}', "a.json": "{}" }));

      expect([text(b), text(a)]).toEqual(['{"text":"é"}', "{}"]);
      expect(Object.keys(others)).toEqual(Object.keys(code));
      for (const [file, content] of Object.entries(code)) {
        expect(Buffer.from(others[file] ?? []).equals(content)).toBe(true);
      }
    },
  );

  it("is the same bytes for the same files, in whatever order they are given, and others for others", () => {
    const bytes = (files: Readonly<Record<string, string>>) =>
      Buffer.from(functionArchive("notifier", files));
    const first = bytes({ "a.json": "{}", "b.json": "[]" });

    expect(bytes({ "b.json": "[]", "a.json": "{}" }).equals(first)).toBe(true);
    expect(bytes({ "a.json": "{}", "b.json": "[1]" }).equals(first)).toBe(false);
  });
});
