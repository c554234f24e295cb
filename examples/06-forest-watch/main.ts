import { openAsBlob } from "node:fs";
import { loadConfig, openGateway, startServer } from "@stargate/server";

const [area, from, to] = process.argv.slice(2);
if (area === undefined) throw new TypeError("Say which area: main.ts area.geojson 2021-01-01 2023-12-31");

const loaded = await loadConfig({ directory: import.meta.dirname, overrides: { port: 0 } });
await using gateway = await openGateway(loaded);
const server = await startServer(gateway);

const body = new FormData();
body.append("area", await openAsBlob(area, { type: "application/geo+json" }));
body.append("period", new Blob([JSON.stringify({ from, to })], { type: "application/json" }));
const response = await fetch(`${server.url}/v1/pipelines/deforestation`, { method: "POST", body });
console.log(`${response.status}, seen: ${response.headers.get("stargate-coverage")}`);
console.log(await response.text());

await server.stop({ announceMs: 0 });
