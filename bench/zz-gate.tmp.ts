import { loadConfig, openGateway } from "@stargate/server";
import { mkdtempSync, writeFileSync } from "node:fs";
const d=mkdtempSync("/tmp/vv-"); const f=d+"/stargate.yaml";
writeFileSync(f,JSON.stringify({log:{level:"silent"},adapters:["/work/main/bench/gateway/processes/bench-adapter.ts"],pipelines:[{name:"upper",input:"text",steps:[{id:"step",use:"bench.upper"}]}]}));
const gateway=await openGateway(await loadConfig({file:f}));
const p=gateway.pipelines.get("upper")!;
const body="The quick brown fox jumps over the lazy dog. ".repeat(4);
async function t(name:string,fn:()=>Promise<unknown>,n=20000){ for(let i=0;i<n;i++) await fn(); const c0=process.cpuUsage(); const t0=performance.now(); for(let i=0;i<n*2;i++) await fn(); const c=process.cpuUsage(c0); console.log(name,"wall us",((performance.now()-t0)*1000/n/2).toFixed(1),"cpu us",((c.user+c.system)/n/2).toFixed(1)); }
for(let k=0;k<3;k++){
await t("runner", ()=>gateway.gate.run({input:body},{pipeline:p.compiled},{tenant:"x"}));
await t("signal+deadline", ()=>{const a=new AbortController(); return gateway.gate.run({input:body},{pipeline:p.compiled},{tenant:"x",policy:{deadlineMs:600000},signal:a.signal});});
await t("signal+deadline+encode", async()=>{const a=new AbortController(); const r=await gateway.gate.run({input:body},{pipeline:p.compiled},{tenant:"x",policy:{deadlineMs:600000},signal:a.signal}); return gateway.gate.encode(r.payload,undefined,{signal:a.signal});});
}
await gateway[Symbol.asyncDispose]();
