import type { World, WorldPool, WorkKind, WorldVariant } from "./world.ts";

export const kinds: readonly WorkKind[] = [
  { name: "embed", deadlineMs: 200, share: 0.6, sizeDeviation: 0.2, bytes: 20_000 },
  { name: "ocr", deadlineMs: 500, share: 0.3, sizeDeviation: 0.4, bytes: 120_000 },
  { name: "video", deadlineMs: 1000, share: 0.1, sizeDeviation: 0.4, bytes: 400_000 },
];

const variants: readonly WorldVariant[] = [
  { name: "small", accuracy: 0.7, serviceMs: { embed: 8, ocr: 25, video: 60 } },
  { name: "medium", accuracy: 0.78, serviceMs: { embed: 16, ocr: 50, video: 120 } },
  { name: "large", accuracy: 0.84, serviceMs: { embed: 30, ocr: 100, video: 240 } },
];

const steady = (grams: number) => () => grams;

export const edge: WorldPool = {
  id: "edge",
  slots: 2,
  slowness: 3,
  networkMs: 0,
  remote: false,
  deviceKind: "cpu",
  region: "edge",
  tags: ["eu", "edge"],
  price: { usdPerHour: 0.1 },
  watts: 15,
  gramsPerKwh: steady(300),
  joinsAtMs: 0,
  coldMs: 0,
};

export const euGpu: WorldPool = {
  id: "eu-gpu",
  slots: 4,
  slowness: 1,
  networkMs: 5,
  remote: true,
  deviceKind: "cuda",
  region: "eu",
  tags: ["eu"],
  price: { usdPerHour: 0.5 },
  watts: 75,
  gramsPerKwh: steady(250),
  joinsAtMs: 0,
  coldMs: 0,
};

export const usGpu: WorldPool = {
  ...euGpu,
  id: "us-gpu",
  networkMs: 90,
  region: "us",
  tags: ["us"],
  price: { usdPerHour: 0.35 },
  gramsPerKwh: steady(390),
};

export const api: WorldPool = {
  ...euGpu,
  id: "api",
  slots: Number.POSITIVE_INFINITY,
  slowness: 0.7,
  networkMs: 40,
  region: "us",
  tags: ["us"],
  price: { usdPerCall: 0.0005 },
  watts: 300,
  gramsPerKwh: steady(390),
};

/** Edge box, two GPU pools and a dear service without limits; three variants of the model: twelve arms. */
export const standardWorld: World = {
  kinds,
  variants,
  rungs: [{ name: "full", quality: 1, work: 1, bytes: 1 }],
  pools: [edge, euGpu, usGpu, api],
  noise: 0.15,
  scales: { usd: 0.0005, joules: 20 },
};
