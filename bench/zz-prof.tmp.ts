import { startNode } from "/work/main/bench/support/child-process.ts";
import { startLoadClient } from "/work/main/bench/support/load.ts";
import { startGateway } from "/work/main/bench/gateway/gateway-process.ts";
import { processorSeconds } from "/work/main/bench/support/process-memory.ts";
const gw = await startGateway({ upper: { input: "text", use: "bench.upper" } });
const echo = await startNode("/work/main/bench/gateway/processes/echo-server.ts");
const client = await startLoadClient();
const body = "The quick brown fox jumps over the lazy dog. ".repeat(4);
const t = { name: "gw", port: gw.port, method: "POST", path: "/v1/pipelines/upper", headers: {"content-type":"text/plain", authorization: gw.authorization}, body } as const;
const e = { name: "echo", port: Number(echo.ready["port"]), method: "POST", path: "/echo", headers: {"content-type":"text/plain"}, body } as const;
for (let i=0;i<Number(process.argv[2]??5);i++){ for (const [x,pid] of [[t,gw.child.pid],[e,echo.pid]] as const) { const c0=processorSeconds(pid); const t0=performance.now(); const r=await client.burst(x,{clients:32,seconds:3}); const wall=(performance.now()-t0)/1000; const cpu=processorSeconds(pid)-c0; console.log(x.name, r.requestsPerSecond|0, r.p50Ms.toFixed(2), r.p99Ms.toFixed(2), "cpu", (cpu/wall).toFixed(2), "us/req", (cpu/r.requests*1e6).toFixed(1)); }}
await gw[Symbol.asyncDispose](); await client[Symbol.asyncDispose](); await echo[Symbol.asyncDispose]();
