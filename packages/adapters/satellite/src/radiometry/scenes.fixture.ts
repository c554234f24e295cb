import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Reflectance of the bands of a scene, on a common lattice. */
export type ReflectanceScene = Readonly<Record<string, Float64Array>>;

const bands = { blue: 1, green: 2, red: 3, nir: 7, swir16: 11, swir22: 12 } as const;

/** Five real scenes of 101 x 100 pixels: haze and clouds in the first two, vegetation in the others. */
export async function readReferenceScenes(folder: string): Promise<readonly ReflectanceScene[]> {
  const file = await readFile(join(folder, "REFERENCE_SCENES.npy"));
  const start = file.byteOffset + 10 + file.readUInt16LE(8); // .npy 1.0
  const numbers = new Float32Array(file.buffer.slice(start, file.byteOffset + file.length));
  const pixels = 101 * 100;
  return Array.from({ length: 5 }, (_, scene) =>
    Object.fromEntries(
      Object.entries(bands).map(([name, band]) => [
        name,
        Float64Array.from({ length: pixels }, (__, index) => numbers[(scene * pixels + index) * 13 + band] ?? 0),
      ]),
    ),
  );
}
