import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installed, ROOT } from "../../scripts/setup/paths.mjs";

const TESTS = `
test("passes", () => { expect(1).toBe(1); });
test("fails", () => { expect(1).toBe(2); });
test("skips", (context) => { context.skip("the sample is absent"); });
describe("suite", () => { test("is never reached", () => {}); });
`;

test("the closing line counts failures, broken files and skips with their reasons", () => {
  const folder = mkdtempSync(join(tmpdir(), "stargate-reporter-"));
  try {
    writeFileSync(join(folder, "a.test.ts"), TESTS);
    writeFileSync(join(folder, "broken.test.ts"), 'import "./does-not-exist.ts";\n');
    const reporter = join(ROOT, "test", "support", "summary-reporter.ts");
    const flags = ["run", "--root", folder, "--globals", "--reporter=default", `--reporter=${reporter}`];
    const { stdout, status } = spawnSync(process.execPath, [installed("vitest/vitest.mjs"), ...flags], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, STARGATE_TEST_TOTALS: undefined, VITEST: undefined, NO_COLOR: "1" },
    });
    expect(stdout.trim().split("\n").slice(-2)).toEqual([
      "skipped: a.test.ts > skips (the sample is absent)",
      "2 passed, 2 failed, 1 skipped",
    ]);
    expect(status).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
