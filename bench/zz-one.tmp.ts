import { formatTable } from "./support/report.ts";
const [file,name]=process.argv.slice(2); const m=await import(file!); console.log(formatTable(name!, await m[name!]((x:string)=>console.error(x))));
