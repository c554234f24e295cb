import { startLoadClient } from "/work/main/bench/support/load.ts";
import { startGateway } from "/work/main/bench/gateway/gateway-process.ts";
import { readFileSync, readdirSync } from "node:fs";
const thr=(pid:number)=>new Map(readdirSync(`/proc/${pid}/task`).map(t=>{const s=readFileSync(`/proc/${pid}/task/${t}/stat`,"utf8"); const f=s.slice(s.lastIndexOf(")")+2).split(" "); return [t+" "+s.slice(s.indexOf("("),s.lastIndexOf(")")+1),[Number(f[11])/100,Number(f[12])/100] as const];}));
const gw = await startGateway({ upper: { input: "text", use: "bench.upper" } });
const a = await startLoadClient();
const body = "The quick brown fox jumps over the lazy dog. ".repeat(4);
const t = { name: "gw", port: gw.port, method: "POST", path: "/v1/pipelines/upper", headers: {"content-type":"text/plain", authorization: gw.authorization}, body } as const;
await a.burst(t,{clients:32,seconds:15});
for (const clients of [1,32]) { const c0=thr(gw.child.pid); const r=await a.burst(t,{clients,seconds:5}); const c1=thr(gw.child.pid); console.log(clients, r.requestsPerSecond|0, r.p50Ms.toFixed(3)); for(const [k,v] of c1){const o=c0.get(k)??[0,0]; console.log("   ",k,((v[0]-o[0])/r.requests*1e6).toFixed(1),((v[1]-o[1])/r.requests*1e6).toFixed(1));} }
await gw[Symbol.asyncDispose](); await a[Symbol.asyncDispose]();
