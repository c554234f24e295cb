import { openAsBlob } from "node:fs";
import { loadConfig, openGateway, startServer } from "@stargate/server";

const [recording] = process.argv.slice(2);
if (recording === undefined) throw new TypeError("Say which recording: main.ts meeting.mp3");

const loaded = await loadConfig({ directory: import.meta.dirname, overrides: { port: 0 } });
await using gateway = await openGateway(loaded);
const server = await startServer(gateway);

/** The answer of a pipeline, or the reason why there is none. */
async function ask(pipeline: string, body: Blob, accept: string): Promise<string> {
  const response = await fetch(`${server.url}/v1/pipelines/${pipeline}`, { method: "POST", headers: { accept }, body });
  console.log(`${pipeline}: ${response.status}, ${response.headers.get("stargate-coverage")}`);
  return response.text();
}

const transcript = await ask("transcript", await openAsBlob(recording), "application/json");
console.log(transcript);
console.log(await ask("notes", new Blob([transcript], { type: "application/json" }), "text/markdown"));

await server.stop({ announceMs: 0 });
