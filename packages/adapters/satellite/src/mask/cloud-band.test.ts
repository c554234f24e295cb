import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import { cloudMask } from "./cloud-band.ts";

const plain = { threshold: 0.4, fullScale: 1, averageOver: 0, dilation: 0, nodata: undefined };

describe("a mask of cloud probabilities", () => {
  it("is the threshold alone without average and growth", () => {
    const size = { widthPixels: 3, heightPixels: 1 };
    expect([...cloudMask([0.4, 0.41, Number.NaN], size, plain)]).toEqual([0, 1, 255]);
    expect([...cloudMask([100, 103, 0], size, { ...plain, fullScale: 255, nodata: 0 })]).toEqual([0, 1, 255]);
  });

  it("grows clouds by a disk", () => {
    const numbers = new Float32Array(49);
    numbers[24] = 1;
    const mask = cloudMask(numbers, { widthPixels: 7, heightPixels: 7 }, { ...plain, dilation: 2 });
    const rows = Array.from({ length: 7 }, (_, row) => mask.subarray(row * 7, row * 7 + 7).join(""));
    expect(rows).toEqual(["0000000", "0001000", "0011100", "0111110", "0011100", "0001000", "0000000"]);
  });

  it("averages over a disk, leaving out what is not known", () => {
    const numbers = [1, 0, 0, Number.NaN, 1];
    const mask = cloudMask(numbers, { widthPixels: 5, heightPixels: 1 }, { ...plain, averageOver: 1 });
    expect([...mask]).toEqual([1, 0, 0, 255, 1]);
  });

  it("agrees with s2cloudless's own mask on 97 % of the pixels of 68 real dates", async (test) => {
    const read = async (name: string): Promise<ArrayBuffer> => {
      const file = await readFile(sharedFile(test, `testdata/satellite/eo-learn/${name}`));
      return file.buffer.slice(file.byteOffset + 10 + file.readUInt16LE(8), file.byteOffset + file.length);
    };
    const probabilities = new Float32Array(await read("CLP.npy"));
    const masks = new Uint8Array(await read("CLM.npy"));
    const pixels = 101 * 100;
    const agreement = (averageOver: number, dilation: number): number => {
      let same = 0;
      for (let date = 0; date < 68; date++) {
        const numbers = probabilities.subarray(date * pixels, (date + 1) * pixels);
        const size = { widthPixels: 100, heightPixels: 101 };
        const mask = cloudMask(numbers, size, { ...plain, averageOver, dilation });
        for (let index = 0; index < pixels; index++) if (mask[index] === masks[date * pixels + index]) same++;
      }
      return same / masks.length;
    };
    // Measured: 96.64 % by the threshold alone, 97.73 % with the defaults of s2cloudless's request helper.
    expect(agreement(0, 0)).toBeCloseTo(0.9664, 3);
    expect(agreement(4, 2)).toBeGreaterThan(0.977);
  });
});
