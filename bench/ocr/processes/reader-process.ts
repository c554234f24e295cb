// A process that embeds the OCR adapter and reads the documents it is told to.
import { openAsBlob } from "node:fs";
import ocr from "@stargate/adapter-ocr";
import { openGate } from "@stargate/kernel";
import { createNodeHost } from "@stargate/server";
import type { ReadOrder, ReadReport } from "../reader.ts";

const host = await createNodeHost();
const gate = await openGate({ adapters: [ocr()], host });

async function read({ file, options }: ReadOrder): Promise<ReadReport> {
  const residentMib: [number, number][] = [];
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const { value, receipt } = await gate.run(
    await openAsBlob(file),
    {
      pipeline: {
        stargate: 1,
        name: "read",
        inputs: { input: "document" },
        steps: [
          { kind: "transform", id: "read", use: "ocr.read", from: "input", with: { ...options } },
          { kind: "transform", id: "text", use: "ocr.text", from: "read" },
        ],
        output: "text",
      },
    },
    {
      onEvent: (event) => {
        if (event.type === "progress" && event.step === "read")
          residentMib.push([event.done, process.memoryUsage.rss() / 2 ** 20]);
      },
    },
  );
  const used = process.cpuUsage(before);
  return {
    text: String(value),
    seconds: (performance.now() - startedMs) / 1000,
    processorSeconds: (used.user + used.system) / 1e6,
    coverage: receipt.coverage.map(({ done, of, measure }) => `${done}/${of ?? "?"} ${measure}`).join(", "),
    residentMib,
  };
}

process.on("message", (order: ReadOrder) => {
  read(order).then(
    (report) => process.send?.(report),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) }),
  );
});
async function leave(): Promise<void> {
  await gate.close();
  await host.close();
  if (process.connected) process.disconnect();
}
process.once("SIGTERM", () => void leave());
// The bench is gone: nobody will ask for another page.
process.once("disconnect", () => void leave().then(() => process.exit()));
process.stdout.write("{}\n");
