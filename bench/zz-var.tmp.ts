import { startLoadClient } from "/work/main/bench/support/load.ts";
import { processorSeconds } from "/work/main/bench/support/process-memory.ts";
import { startNode } from "/work/main/bench/support/child-process.ts";
import { execFileSync } from "node:child_process";
import { mkdtempSync, openSync, writeFileSync } from "node:fs";
const cli="/work/main/packages/server/src/cli/main.ts";
async function gw(name:string,{auth=true,log="info",trace=true,node=[] as string[]}={}){ const d=mkdtempSync("/tmp/vv-"); const f=d+"/stargate.yaml";
 writeFileSync(f,JSON.stringify({server:{announceMs:0},auth:auth?{required:true}:{required:false},log:{level:log},adapters:["/work/main/bench/gateway/processes/bench-adapter.ts"],pipelines:[{name:"upper",input:"text",steps:[{id:"step",use:"bench.upper"}]}]}));
 const key=JSON.parse(execFileSync(process.execPath,["--conditions=@stargate/source",cli,"keys","create","--tenant","b","--json","--config",f],{encoding:"utf8"})).key;
 const child=await startNode(cli,{arguments:["serve","--json","--port","0","--config",f],nodeArguments:[...node,...(trace?["--import=/work/main/bench/gateway/processes/record-spans.ts"]:[])],errorOutput:openSync(d+"/log","w")});
 return {name,child,target:{name,port:Number(new URL(String(child.ready["url"])).port),method:"POST",path:"/v1/pipelines/upper",headers:{"content-type":"text/plain",authorization:`Bearer ${key}`},body:"The quick brown fox jumps over the lazy dog. ".repeat(4)} as const}; }
const all=[await gw("full"),await gw("no-trace",{trace:false}),await gw("no-trace-no-log",{trace:false,log:"silent"}),await gw("no-trace-no-log-no-auth",{trace:false,log:"silent",auth:false}),await gw("full-semi64",{node:["--max-semi-space-size=64","--min-semi-space-size=32"]})];
const health={...all[2]!,name:"healthz no-log",target:{...all[2]!.target,method:"GET",path:"/healthz",body:""} as const};
const health2={...all[0]!,name:"healthz",target:{...all[0]!.target,method:"GET",path:"/healthz",body:""} as const};
const echo = await startNode("/work/main/bench/gateway/processes/echo-server.ts");
const list=[...all,health,health2,{name:"echo",child:echo,target:{...all[0]!.target,port:Number(echo.ready["port"]),path:"/echo"}}];
const c=await startLoadClient();
for(const x of list) await c.burst(x.target,{clients:32,seconds:8});
const sum=new Map<string,number[]>();
for(let i=0;i<4;i++) for(const x of list){const c0=processorSeconds(x.child.pid);const r=await c.burst(x.target,{clients:32,seconds:1.5});const cpu=(processorSeconds(x.child.pid)-c0)/r.requests*1e6; sum.set(x.name,[...(sum.get(x.name)??[]),cpu]);}
for(const [n,v] of sum) console.log(n.padEnd(28), v.map(y=>y.toFixed(1)).join(" "));
for(const x of all) await x.child[Symbol.asyncDispose](); await echo[Symbol.asyncDispose](); await c[Symbol.asyncDispose]();
