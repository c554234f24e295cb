import type { ModelSpec } from "@stargate/kernel";
import { ppOcrModels } from "./pp-ocr.ts";
import { sileroVad } from "./silero-vad.ts";

/** Models every store knows. Those that an adapter needs for itself it declares itself. */
export const builtInModels: readonly ModelSpec[] = [...ppOcrModels, sileroVad];
