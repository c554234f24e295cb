import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { modelAdapter } from "./support/model-adapter.ts";
import { startTestGateway } from "./support/test-gateway.ts";

const run = promisify(execFile);
const python = process.env["STARGATE_PYTHON"] ?? "python3";
const script = fileURLToPath(new URL("fixtures/open-inference/record-tritonclient.py", import.meta.url));
const record = fileURLToPath(new URL("fixtures/open-inference/tritonclient.json", import.meta.url));

const missing = await run(python, ["-c", "import tritonclient.http, ml_dtypes"], { timeout: 60_000 }).then(
  () => undefined,
  () => `${python} has no tritonclient; STARGATE_PYTHON names a Python that has`,
);

test("the unmodified tritonclient works with the gateway", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await using gateway = await startTestGateway({ pipelines: [] }, [modelAdapter()]);
  const files = process.env["STARGATE_RECORD"] === undefined ? [] : [record];
  const { stdout } = await run(python, [script, new URL(gateway.url).host, ...files], { timeout: 60_000 });
  expect(stdout).toContain("26 exchanges, 0 failures");
});
