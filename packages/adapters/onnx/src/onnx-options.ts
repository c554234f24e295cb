import { z } from "zod";

const sessionShape = {
  /** Threads one node may use. One thread and several workers beat several threads: see the README. */
  intraOpNumThreads: z.int().min(1).max(256),
  /** Threads that run nodes of one model side by side. */
  interOpNumThreads: z.int().min(1).max(256),
  /** How far ONNX Runtime may rewrite the graph. */
  graphOptimization: z.enum(["disabled", "basic", "extended", "all"]),
  /** Whether nodes that an accelerator cannot run may run on the CPU. "refuse": the model is then not loaded. */
  cpuNodes: z.enum(["refuse", "allow"]),
};

/** Options of the adapter: what the operator decides. */
export const onnxOptionsSchema = z.strictObject({
  /** Where models run that are pinned to no device: an id that `probe` lists. */
  device: z.string().min(1).default("cpu"),
  intraOpNumThreads: sessionShape.intraOpNumThreads.default(1),
  interOpNumThreads: sessionShape.interOpNumThreads.default(1),
  graphOptimization: sessionShape.graphOptimization.default("all"),
  cpuNodes: sessionShape.cpuNodes.default("refuse"),
});

const modelShape = z.strictObject(sessionShape).partial().shape;

/** `settings` of a model: what its declaration decides, over the options of the adapter. */
export const modelSettingsSchema = z.strictObject({
  /** The file that is the model, when several end in ".onnx"; the others are its external data. */
  file: z.string().min(1).optional(),
  ...modelShape,
});

/** `settings` of a model with a program. Those of sessions hold for each part. */
export const programSettingsSchema = z.strictObject({
  program: z.strictObject({
    module: z.string().refine((url) => url.startsWith("file:"), { error: "expected the file: URL of a module" }),
    export: z.string().min(1),
    options: z.record(z.string(), z.json()).default({}),
  }),
  /** File of each part by the name the program knows it by. */
  parts: z.record(z.string().min(1), z.string().min(1)),
  ...modelShape,
});

export type OnnxOptions = Readonly<z.infer<typeof onnxOptionsSchema>>;
export type OnnxOptionsInput = Readonly<z.input<typeof onnxOptionsSchema>>;
export type OnnxModelSettings = Readonly<z.infer<typeof modelSettingsSchema>>;
export type ProgramSettings = Readonly<z.infer<typeof programSettingsSchema>>;
/** How a session is made. */
export type SessionSettings = Omit<OnnxOptions, "device">;
