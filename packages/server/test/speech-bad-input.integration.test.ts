import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import audio from "@stargate/adapter-audio";
import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

// What people send, by mistake or on purpose, to the real recogniser behind both endpoints.

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
let gateway: TestGateway;
let folder: string;
beforeAll(async () => {
  gateway = await startTestGateway({ pipelines: [] }, [audio()]);
  folder = await mkdtemp(join(tmpdir(), "stargate-test-"));
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

interface Told {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
}

async function convert(blob: Blob): Promise<Response> {
  return gateway.fetch("/v1/convert?to=transcript", { method: "POST", body: blob });
}

function transcribe(blob: Blob, fields: Readonly<Record<string, string>> = {}): Promise<Response> {
  const form = new FormData();
  form.set("file", blob, "recording.mp3");
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return gateway.fetch("/v1/audio/transcriptions", { method: "POST", body: form });
}

/** What both endpoints say of a recording, each in its own shape. */
async function refusals(blob: Blob): Promise<readonly Told[]> {
  const problem = (await (await convert(blob)).json()) as Told;
  const response = await transcribe(blob);
  const { error } = (await response.json()) as { error: { code: string; hint: string } };
  return [problem, { ...error, status: response.status }];
}

/** A tone of two seconds, as ffmpeg writes it. */
async function encoded(
  context: TestContext,
  name: string,
  ...parameters: readonly string[]
): Promise<Uint8Array<ArrayBuffer>> {
  context.skip(!hasFfmpeg, "ffmpeg is not on the PATH: apt-get install ffmpeg");
  const path = join(folder, `${crypto.randomUUID()}-${name}`);
  const tone = ["-f", "lavfi", "-i", "sine=f=300:d=2:r=16000"];
  await promisify(execFile)("ffmpeg", ["-v", "error", ...tone, ...parameters, path]);
  return new Uint8Array(await readFile(path));
}

describe("is refused by both endpoints, with a hint:", () => {
  test.for([
    ["nothing at all", "", 400, "SG_INPUT_EMPTY"],
    ["a letter", "Dear doctor,\nthe patient has had fever since Monday.\n", 422, "SG_INPUT_CORRUPT"],
    ["a list for ffmpeg", "ffconcat version 1.0\nfile /etc/passwd\n", 422, "SG_INPUT_INVALID"],
    ["an Audible book", "\0\0\0\u0018ftypaax \0\0\0\u0001aax M4B ", 422, "SG_INPUT_ENCRYPTED"],
  ] as const)("%s", async ([, content, status, code]) => {
    const told = await refusals(new Blob([content], { type: "audio/mpeg" }));
    expect(told.map((one) => [one.status, one.code])).toEqual([
      [status, code],
      [status, code],
    ]);
    for (const { hint } of told) expect(hint).toMatch(/^[A-Z].*\.$/);
  });

  test("a picture, whatever it is declared as", async () => {
    const picture = Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex");
    for (const type of ["audio/mpeg", "image/jpeg", ""]) {
      const told = await refusals(new Blob([picture], { type }));
      for (const { status, hint } of told) {
        expect([415, 422]).toContain(status);
        expect(hint).toMatch(/^[A-Z].*\.$/);
      }
    }
  });

  test("an HLS playlist, of which nothing is fetched", async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const playlist = `#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:9,\nhttp://127.0.0.1:${port}/a.ts\n#EXT-X-ENDLIST\n`;
    const told = [
      ...(await refusals(new Blob([playlist], { type: "audio/mpeg" }))),
      // Behind a tag it passes for an MP3 until the adapter looks closer.
      ...(await refusals(new Blob(["ID3\u0003\0\0\0\0\0\u0001\0", playlist], { type: "audio/mpeg" }))),
    ];
    expect(told.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => "SG_INPUT_INVALID"));
    expect(asked).toBe(0);
    server.close();
  });

  test("a film without sound, and an MP4 that was cut before its index", async (context) => {
    const film = await encoded(context, "a.mp4", "-f", "lavfi", "-i", "testsrc=d=0.2:s=32x32", "-map", "1:v");
    const cut = (await encoded(context, "a.m4a", "-c:a", "aac")).subarray(0, 3000);
    const told = [...(await refusals(new Blob([film]))), ...(await refusals(new Blob([cut])))];
    expect(told.map(({ code }) => code)).toEqual([
      "SG_AUDIO_NO_SOUND",
      "SG_AUDIO_NO_SOUND",
      "SG_INPUT_CORRUPT",
      "SG_INPUT_CORRUPT",
    ]);
  });

  test("10 GB, before any of it is read", async () => {
    const sending = request(`${gateway.url}/v1/convert?to=transcript`, {
      method: "POST",
      headers: { "content-length": 10 * 2 ** 30, "content-type": "audio/mpeg" },
    });
    sending.on("error", () => undefined); // closed under it, after the answer
    sending.flushHeaders();
    const [response] = (await once(sending, "response")) as [{ readonly statusCode?: number; resume(): void }];
    expect(response.statusCode).toBe(413);
    response.resume();
    sending.destroy();
  });
});

describe("options that cannot be honoured are refused", () => {
  const tone = async (context: TestContext): Promise<Blob> => new Blob([await encoded(context, "a.wav")]);

  test.for([
    ["a language that is none", { language: "klingon" }, 400],
    ["a language that the recogniser does not know", { language: "sw" }, 422],
    ["words in plain json", { "timestamp_granularities[]": "word" }, 400],
    ["a temperature of ice", { temperature: "-4" }, 400],
  ] as const)("%s", async ([, fields, status], context) => {
    const response = await transcribe(await tone(context), fields);
    const { error } = (await response.json()) as { error: { message: string; hint: string } };
    context.skip(response.status === 503, "pocketsphinx is not here: apt-get install pocketsphinx pocketsphinx-en-us");
    expect([response.status, error.hint]).toEqual([status, expect.stringMatching(/^[A-Z]/)]);
  });
});

describe("is answered, and the answer says how much was heard:", () => {
  test.for([
    ["a cut MP3", "a.mp3", ["-b:a", "64k"], 0.6],
    ["a cut Ogg", "a.ogg", ["-c:a", "libopus", "-page_duration", "200000"], 0.6],
    ["six channels of 24 bits at 192 kHz", "a.wav", ["-ac", "6", "-ar", "192000", "-c:a", "pcm_s24le"], 1],
    ["A-law of 8 kHz", "a.wav", ["-ar", "8000", "-c:a", "pcm_alaw"], 1],
  ] as const)("%s", async ([, name, parameters, share], context) => {
    const bytes = await encoded(context, name, ...parameters);
    const response = await convert(new Blob([bytes.subarray(0, Math.floor(bytes.length * share))]));
    context.skip(response.status === 503, "pocketsphinx is not here: apt-get install pocketsphinx pocketsphinx-en-us");
    expect(response.status).toBe(200);
    const receipt = await gateway.fetch(`/v1/receipts/${response.headers.get("stargate-receipt") ?? ""}`);
    const { coverage, issues } = (await receipt.json()) as {
      readonly coverage: readonly { done: number; missing?: readonly unknown[] }[];
      readonly issues: readonly { code: string }[];
    };
    expect(coverage.map((one) => [one.done > 1.9, one.missing !== undefined])).toEqual([[share === 1, share !== 1]]);
    expect(issues.map(({ code }) => code)).toEqual(share === 1 ? [] : ["SG_AUDIO_INCOMPLETE"]);
  });
});
