// What a program needs to read a configuration, without what it configures: the main entry is two hundred files.

export { computeConfigSchema, type ComputeConfig, type ComputeConfigInput } from "./plane/compute-config.ts";
export { computeSnapshotSchema, type ComputeSnapshot } from "./monitor/compute-snapshot.ts";
export { modelConfigSchema } from "./store/spec/model-config.ts";
export { modelSpecsOf } from "./store/spec/model-specs-of.ts";
