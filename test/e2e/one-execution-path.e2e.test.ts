import { execFile } from "node:child_process";
import { openAsBlob } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import ocr from "@stargate/adapter-ocr";
import { openGate, receiptSchema, type Receipt } from "@stargate/kernel";
import { loadConfig, openGateway, startServer, type OpenGateway, type RunningServer } from "@stargate/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { writePdf } from "../support/pdf-writer.ts";
import { prosePage } from "../support/printed-pages.ts";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const scan = join(root, "examples/assets/scan.png");

/** What every way of calling must agree on. */
interface Answer {
  readonly output: string;
  readonly receipt: Receipt;
}

const envelopeSchema = z.looseObject({ output: z.unknown(), receipt: receiptSchema });

describe("the same input gives the same answer embedded, on the command line and over HTTP", () => {
  let folder: string;
  let gateway: OpenGateway;
  let server: RunningServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stargate-paths-"));
    // Results are not kept: the same path is to be walked each time, not looked up.
    await writeFile(join(folder, "stargate.yaml"), "log: { level: silent }\nresults: { enabled: false }\n");
    await writeFile(join(folder, "prose.pdf"), writePdf([prosePage().page, prosePage("F1").page]));
    gateway = await openGateway(await loadConfig({ directory: folder, overrides: { port: 0 } }));
    server = await startServer(gateway);
  });

  afterAll(async () => {
    await server.stop({ announceMs: 0 });
    await gateway[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test.for([
    { name: "a scan", file: scan, to: "text", accept: "text/plain" },
    { name: "a scan as hOCR", file: scan, to: "page-text", accept: "text/vnd.hocr+html" },
    { name: "a born-digital document", file: "prose.pdf", to: "text", accept: "text/plain" },
    {
      name: "a born-digital document with its boxes",
      file: "prose.pdf",
      to: "page-text",
      accept: "text/tab-separated-values",
    },
  ])("$name", async ({ file: name, to, accept }) => {
    const file = resolve(folder, name);
    const answers = {
      embedded: await embedded(file, to, accept),
      commandLine: await commandLine(file, to, accept),
      raw: await http(file, to, accept, "raw"),
      multipart: await http(file, to, accept, "multipart"),
    };
    const { embedded: reference, ...others } = answers;
    expect(reference.output.length).toBeGreaterThan(100);
    for (const [way, answer] of Object.entries(others)) {
      expect(answer.output, way).toBe(reference.output);
      expect(stable(answer.receipt), way).toEqual(stable(reference.receipt));
    }
  });

  async function embedded(file: string, to: string, accept: string): Promise<Answer> {
    await using gate = await openGate({ adapters: [ocr()] });
    const { payload, receipt } = await gate.run(await openAsBlob(file), { to });
    const { body } = await gate.encode(payload, accept);
    return { output: await new Response(body).text(), receipt };
  }

  async function commandLine(file: string, to: string, accept: string): Promise<Answer> {
    const main = join(root, "packages/server/src/cli/main.ts");
    const stargate = (...args: string[]) =>
      run(process.execPath, [
        "--conditions=@stargate/source",
        main,
        "run",
        file,
        "--to",
        to,
        "--config",
        join(folder, "stargate.yaml"),
        ...args,
      ]);
    const out = join(folder, "answer");
    const { stdout } = await stargate("--accept", accept, "--out", out, "--json");
    const { receipt } = z.looseObject({ receipt: receiptSchema }).parse(JSON.parse(stdout));
    return { output: await (await openAsBlob(out)).text(), receipt };
  }

  async function http(file: string, to: string, accept: string, body: "raw" | "multipart"): Promise<Answer> {
    const blob = await openAsBlob(file);
    const form = new FormData();
    form.set("file", blob, "upload");
    const post = async (wanted: string) => {
      const response = await fetch(`${server.url}/v1/convert?to=${to}`, {
        method: "POST",
        headers: { accept: wanted },
        body: body === "raw" ? blob : form,
      });
      expect(response.status).toBe(200);
      return response;
    };
    const { receipt } = envelopeSchema.parse(await (await post("application/vnd.stargate+json")).json());
    return { output: await (await post(accept)).text(), receipt };
  }
});

/** What of a receipt does not depend on time, tenant or chance. */
function stable({ planHash, pipeline, coverage, degradations, issues, meter, steps, input, output }: Receipt): object {
  return {
    planHash,
    pipeline,
    coverage,
    degradations,
    issues,
    meter,
    steps: steps.map(({ ms: _ms, ...rest }) => rest),
    modality: input["input"]?.modality,
    output: output.modality,
  };
}
