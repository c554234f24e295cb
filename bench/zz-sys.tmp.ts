import { startLoadClient } from "/work/main/bench/support/load.ts";
import { startGateway } from "/work/main/bench/gateway/gateway-process.ts";
import { readFileSync } from "node:fs";
import { startNode } from "/work/main/bench/support/child-process.ts";
const us=(pid:number)=>{const s=readFileSync(`/proc/${pid}/stat`,"utf8"); const f=s.slice(s.lastIndexOf(")")+2).split(" "); return [Number(f[11])/100,Number(f[12])/100] as const;};
const gw = await startGateway({ upper: { input: "text", use: "bench.upper" } });
const echo = await startNode("/work/main/bench/gateway/processes/echo-server.ts");
const a = await startLoadClient(); process.env["SPIN"]="1"; const b = await startLoadClient();
const body = "The quick brown fox jumps over the lazy dog. ".repeat(4);
const t = { name: "gw", port: gw.port, method: "POST", path: "/v1/pipelines/upper", headers: {"content-type":"text/plain", authorization: gw.authorization}, body } as const;
const h = { ...t, name:"healthz",method:"GET",path:"/healthz",body:""} as const;
const e = { name: "echo", port: Number(echo.ready["port"]), method: "POST", path: "/echo", headers: {"content-type":"text/plain"}, body } as const;
await a.burst(t,{clients:32,seconds:12}); await a.burst(e,{clients:32,seconds:3});
for (const clients of [1,4,32]) for (const [n,c] of [["sleep",a],["spin",b]] as const) for (const [x,pid] of [[t,gw.child.pid],[h,gw.child.pid],[e,echo.pid]] as const) { const c0=us(pid); const r=await c.burst(x,{clients,seconds:3}); const c1=us(pid); console.log(clients, n, x.name, r.requestsPerSecond|0, r.p50Ms.toFixed(3), "user", ((c1[0]-c0[0])/r.requests*1e6).toFixed(1), "sys",((c1[1]-c0[1])/r.requests*1e6).toFixed(1)); }
await gw[Symbol.asyncDispose](); await a[Symbol.asyncDispose]();await b[Symbol.asyncDispose](); await echo[Symbol.asyncDispose]();
