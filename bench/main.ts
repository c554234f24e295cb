// npm run bench -- <suite> [--json]
import { formatJson, formatTable } from "./support/report.ts";
import type { Suite } from "./support/result.ts";

const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  audio: async () => (await import("./audio/audio.ts")).audioSuite,
  kernel: async () => (await import("./kernel.ts")).kernelSuite,
  gateway: async () => (await import("./gateway/gateway.ts")).gatewaySuite,
  hosts: async () => (await import("./hosts/hosts.ts")).hostsSuite,
  ocr: async () => (await import("./ocr/ocr.ts")).ocrSuite,
  embeddings: async () => (await import("./embeddings/embeddings.ts")).embeddingsSuite,
  satellite: async () => (await import("./satellite/satellite.ts")).satelliteSuite,
  orchestrate: async () => (await import("./orchestrate/orchestrate.ts")).orchestrateSuite,
  batching: async () => (await import("./batching/batching.ts")).batchingSuite,
  faults: async () => (await import("./faults/faults.ts")).faultsSuite,
};

const [name = "", ...flags] = process.argv.slice(2);
const load = suites[name];
if (load === undefined) {
  process.stderr.write(`Usage: npm run bench -- <${Object.keys(suites).join("|")}> [--json]\n`);
  process.exitCode = 2;
} else {
  const suite = await load();
  const results = await suite.run((message) => process.stderr.write(`${message}\n`));
  process.stdout.write(
    `${flags.includes("--json") ? formatJson(suite.name, results) : formatTable(suite.name, results)}\n`,
  );
}
