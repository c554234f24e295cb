import { behaviourDefects } from "./behaviour-defects.ts";
import type { Defect } from "./defect.ts";
import { definitionDefects } from "./definition-defects.ts";
import { hostDefects } from "./host-defects.ts";
import { modalityDefects } from "./modality-defects.ts";

/** Broken adapters, each caught by one check, for its own reason. */
export const defects: readonly Defect[] = [
  ...definitionDefects,
  ...modalityDefects,
  ...behaviourDefects,
  ...hostDefects,
];
export type { Defect };
