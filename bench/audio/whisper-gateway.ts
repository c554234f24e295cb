import { dirname, join } from "node:path";
import { type GatewayProcess, startGateway } from "../gateway/gateway-process.ts";
import type { AudioData } from "./measures/measure.ts";
import { whisperFiles } from "./model/whisper-files.ts";

const MODEL = "bench-whisper";

/** Random weights repeat themselves and are never sure, and must not be asked again for it. */
const options = {
  language: "en",
  temperature: 0,
  compressionRatioThreshold: null,
  logprobThreshold: null,
  noSpeechThreshold: null,
} as const;

/** A gateway with one Whisper, and one slot to run it in; nothing is remembered from one request to the next. */
export async function startWhisperGateway(
  { shared }: AudioData,
  note: (message: string) => void,
): Promise<GatewayProcess> {
  const { encoder, decoder } = await whisperFiles(join(shared, "parity/whisper-tiny-random"), note);
  const vocabulary = join(dirname(dirname(encoder)), "tokenizer.json");
  const model = { encoder: { from: encoder }, decoder: { from: decoder }, vocabulary: { from: vocabulary } };
  return startGateway(
    {},
    {
      adapters: ["onnx", { use: "audio", with: { whisper: { ladder: [MODEL], models: { [MODEL]: model } } } }],
      models: { accept: [MODEL], folders: [join(shared, "models")] },
      compute: { pools: { cpu: { backend: "onnx", device: "cpu", slots: 1 } }, preload: [MODEL] },
      results: { enabled: false },
    },
  );
}

/** What a gateway tells of a run, and when. */
export interface TimedEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

/** Sends a recording to be transcribed and gives the events of the run as they come. */
export async function* transcribe(
  { port, authorization }: GatewayProcess,
  recording: Blob,
  given: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): AsyncGenerator<TimedEvent, void, void> {
  const query = encodeURIComponent(JSON.stringify({ "audio.transcribe": { ...options, ...given } }));
  const response = await fetch(`http://127.0.0.1:${port}/v1/convert?to=transcript&with=${query}`, {
    method: "POST",
    body: recording,
    headers: { authorization, "content-type": "audio/wav", accept: "text/event-stream" },
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok || response.body === null) throw new RangeError(`${response.status}: ${await response.text()}`);
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = `${rest}${chunk}`.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const event of blocks.flatMap(readEvent)) yield { ...event, atMs: performance.now() };
  }
}

/** One server-sent event; comments are none. */
export function readEvent(block: string): readonly Omit<TimedEvent, "atMs">[] {
  const lines = block.split("\n");
  const field = (name: string): string =>
    lines.flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : [])).join("\n");
  const [name, data] = [field("event"), field("data")];
  return name === "" ? [] : [{ name, data: JSON.parse(data) as Record<string, unknown> }];
}
