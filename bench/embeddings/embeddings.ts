import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BenchResult, Suite } from "../support/result.ts";
import { runAll } from "../support/run-all.ts";
import { startBareModels } from "./bare-models.ts";
import { startClipGateway } from "./clip-gateway.ts";
import { embeddingBodies } from "./load/bodies.ts";
import { startEmbeddingClient } from "./load/client.ts";
import { trafficTo } from "./load/traffic.ts";
import { measureAlone } from "./measures/alone.ts";
import { measureCrowd } from "./measures/crowd.ts";
import type { Measure } from "./measures/measure.ts";
import { measureShare, measureTrickle } from "./measures/saturation.ts";
import { clipFiles } from "./model/clip-files.ts";
import type { Precision } from "./model/graph-builder.ts";

type Note = (message: string) => void;

const shared = process.env["STARGATE_SHARED"] ?? new URL("../../../shared", import.meta.url).pathname;
/** A real vocabulary, and photographs. */
const folder = join(shared, "parity/clip-tiny-random");

/** Images and texts as vectors, over HTTP, on models with the shape of CLIP ViT-B/32 and random weights. */
export const embeddingsSuite: Suite = {
  name: "embeddings",
  async run(note) {
    if (!existsSync(folder)) {
      note(`skipped: ${folder} (tokenizer.json, images) is absent; STARGATE_SHARED says where it lies`);
      return [];
    }
    return runAll(
      [
        (tell) => measure("int8", [measureAlone, measureCrowd, measureShare], tell),
        (tell) => measure("fp32", [measureAlone, measureCrowd, measureTrickle], tell),
      ],
      note,
    );
  },
};

async function measure(
  precision: Precision,
  measures: readonly Measure[],
  tell: Note,
): Promise<readonly BenchResult[]> {
  const note: Note = (message) => tell(`${precision}: ${message}`);
  const files = await clipFiles(precision, note);
  await using models = await startBareModels(files);
  await using gateway = await startClipGateway(files, join(folder, "tokenizer.json"));
  await using client = await startEmbeddingClient();
  const images = join(folder, "images");
  const traffic = trafficTo(gateway, client, {
    image: await embeddingBodies(images, "image"),
    text: await embeddingBodies(images, "text"),
    both: await embeddingBodies(images, "both"),
  });
  note("warming up");
  await traffic.send("text", { clients: 16 }, 4);
  await traffic.send("both", { clients: 8 }, 6);
  await models.measure(8);
  const results: BenchResult[] = [];
  for (const one of measures) results.push(...(await one({ gateway, traffic, bare: () => models.measure(24), note })));
  return results.map((row) => ({ ...row, name: `${precision}: ${row.name}` }));
}
