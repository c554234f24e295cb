import { openAsBlob } from "node:fs";
import { loadConfig, openGateway, startServer } from "@stargate/server";

const loaded = await loadConfig({ directory: import.meta.dirname, overrides: { port: 0 } });
await using gateway = await openGateway(loaded);
const server = await startServer(gateway);

const response = await fetch(`${server.url}/v1/pipelines/letters`, {
  method: "POST",
  headers: { "content-type": "image/png" },
  body: await openAsBlob(new URL("../assets/scan.png", import.meta.url)),
});
console.log(await response.text());
for (const name of ["stargate-coverage", "server-timing"]) console.log(`${name}: ${response.headers.get(name)}`);

await server.stop({ announceMs: 0 });
