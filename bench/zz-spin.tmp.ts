import { startLoadClient } from "/work/main/bench/support/load.ts";
import { startGateway } from "/work/main/bench/gateway/gateway-process.ts";
import { processorSeconds } from "/work/main/bench/support/process-memory.ts";
import { startNode } from "/work/main/bench/support/child-process.ts";
const gw = await startGateway({ upper: { input: "text", use: "bench.upper" } });
const echo = await startNode("/work/main/bench/gateway/processes/echo-server.ts");
const a = await startLoadClient(); process.env["SPIN"]="1"; const b = await startLoadClient();
const body = "The quick brown fox jumps over the lazy dog. ".repeat(4);
const t = { name: "gw", port: gw.port, method: "POST", path: "/v1/pipelines/upper", headers: {"content-type":"text/plain", authorization: gw.authorization}, body } as const;
const e = { name: "echo", port: Number(echo.ready["port"]), method: "POST", path: "/echo", headers: {"content-type":"text/plain"}, body } as const;
await a.burst(t,{clients:32,seconds:12}); await a.burst(e,{clients:32,seconds:3});
for (let i=0;i<4;i++) for (const [n,c] of [["sleep",a],["spin",b]] as const) for (const [x,pid] of [[t,gw.child.pid],[e,echo.pid]] as const) { const c0=processorSeconds(pid); const t0=performance.now(); const r=await c.burst(x,{clients:32,seconds:2}); const wall=(performance.now()-t0)/1000; const cpu=processorSeconds(pid)-c0; console.log(n, x.name, r.requestsPerSecond|0, r.p50Ms.toFixed(2), "cpu", (cpu/wall).toFixed(2), "us/req", (cpu/r.requests*1e6).toFixed(1)); }
await gw[Symbol.asyncDispose](); await a[Symbol.asyncDispose]();await b[Symbol.asyncDispose](); await echo[Symbol.asyncDispose]();
