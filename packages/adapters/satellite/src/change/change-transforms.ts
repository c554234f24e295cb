import { defineTransform, many } from "@stargate/kernel";
import { alertsOf } from "../alerts/alert-store.ts";
import { features } from "../modalities/features/features.ts";
import { raster } from "../modalities/raster/raster.ts";
import { changeOptionsSchema } from "./change-options.ts";
import { detectChange } from "./detect-change.ts";

const shared = {
  version: "1.0.0",
  to: features,
  coverage: "reported",
  options: changeOptionsSchema,
  loss: { pixels: 1 },
  network: true,
  // Ten thousand pixels over a hundred dates; a measured cost replaces it.
  cost: () => ({ ms: 1000 }),
} as const;

/** Where an area has changed for good: scenes of one index on the pixels of the area, to dated alerts. */
export const detectChangeTransform = defineTransform({
  ...shared,
  id: "satellite.detect-change",
  summary: "Places of an area that have changed, confirmed by repeated observations, dated and measured",
  from: { scenes: many(raster), area: features },
  run: (input, context) => detectChange({ ...input, known: [] }, context),
});

/** The same for an area that has been looked at before: alerts keep their ids, their dates and what people said of them. */
export const updateAlertsTransform = defineTransform({
  ...shared,
  id: "satellite.update-alerts",
  summary: "As detect-change, brought together with the alerts of earlier runs",
  from: { scenes: many(raster), area: features, known: features },
  run: ({ known, ...input }, context) => detectChange({ ...input, known: alertsOf(known) }, context),
});
