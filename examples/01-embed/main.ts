import { openAsBlob } from "node:fs";
import ocr from "@stargate/adapter-ocr";
import { openGate } from "@stargate/kernel";

const file = await openAsBlob(process.argv[2] ?? new URL("../assets/scan.png", import.meta.url));
await using gate = await openGate({ adapters: [ocr()] });
const { value, receipt } = await gate.run(file, { to: "text" });
console.log(value);
console.log(
  receipt.coverage,
  receipt.steps.map(({ uses }) => uses),
);
