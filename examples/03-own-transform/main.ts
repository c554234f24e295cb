import { defineAdapter, defineTransform, openGate, text } from "@stargate/kernel";

const shout = defineTransform({
  id: "voice.shout",
  version: "1.0.0",
  summary: "Says it louder",
  from: text,
  to: text,
  coverage: "whole",
  run: (input) => `${input.toUpperCase()}!`,
});

const voice = defineAdapter({ spec: 1, id: "voice", version: "1.0.0", summary: "Louder", transforms: [shout] });

await using gate = await openGate({ adapters: [voice] });
const { value, receipt } = await gate.run("stargate is open", {
  pipeline: { stargate: 1, name: "loud", inputs: { input: "text" }, steps: [{ kind: "transform", id: "shout", use: "voice.shout", from: "input" }], output: "shout" },
});
console.log(value);
console.log(receipt.steps.map(({ uses }) => uses).join(" -> "), receipt.coverage);
