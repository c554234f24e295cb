import { defineAdapter, openGate } from "@stargate/kernel";
import { loud, shout } from "./pipeline.ts";

const voice = defineAdapter({ spec: 1, id: "voice", version: "1.0.0", summary: "Louder", transforms: [shout] });

await using gate = await openGate({ adapters: [voice] });
const { value, receipt } = await gate.run("stargate is open", { pipeline: loud });
console.log(value);
console.log(receipt.steps.map(({ id, uses }) => `${id}: ${uses}`).join(", "));
