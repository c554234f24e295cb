import { type HealthCheck, isStargateError } from "@stargate/kernel";
import { sharpVersion } from "./native/sharp.ts";

/** Looks at the machine: whether pictures can be decoded. Models are the model store's matter. */
export async function checkVision(): Promise<readonly HealthCheck[]> {
  const name = "sharp";
  try {
    return [{ name, status: "ok", message: `${await sharpVersion()}, for pictures` }];
  } catch (error) {
    const message = isStargateError(error) ? error.message : String(error);
    return [{ name, status: "failed", message, hint: "Run npm install sharp." }];
  }
}
