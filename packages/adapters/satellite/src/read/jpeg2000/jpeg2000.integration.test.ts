import { createPortableHost } from "@stargate/kernel";
import { describe, expect, it } from "vitest";
import { openBand, type OpenBand } from "../open-band.ts";
import { smallJpeg2000 } from "./small-jpeg2000.fixture.ts";

const { fetch, offload } = createPortableHost();
const context = { fetch, offload, signal: new AbortController().signal };
const open = (blob: Blob): Promise<OpenBand> =>
  openBand({ name: "red", holds: "reflectance", sample: 0, source: { kind: "file", blob } }, context);
const bytes = Uint8Array.from(atob(smallJpeg2000), (character) => character.charCodeAt(0));

describe("a JPEG 2000 file", () => {
  it("is read to the very numbers, at the place its boxes say", async () => {
    const band = await open(new Blob([bytes]));
    expect(band.grid).toEqual({
      crs: "EPSG:32633",
      affine: [10, 0, 500_000, 0, -10, 5_000_000],
      widthPixels: 32,
      heightPixels: 24,
    });
    const numbers = await band.readWindow({ column: 0, row: 0, widthPixels: 32, heightPixels: 24 });
    expect([...numbers]).toEqual(Array.from({ length: 768 }, (_, index) => (index * 7) % 4000));
    expect([...(await band.readWindow({ column: 3, row: 2, widthPixels: 2, heightPixels: 1 }))]).toEqual([469, 476]);
  });

  it("that is cut off is a typed error", async () => {
    for (const length of [16, 60, 90, 1500, bytes.length - 200])
      await expect(
        open(new Blob([bytes.slice(0, length)])).then((band) =>
          band.readWindow({ column: 0, row: 0, widthPixels: 32, heightPixels: 24 }),
        ),
        `cut at ${length}`,
      ).rejects.toMatchObject({ code: expect.stringMatching(/^SG_(?:INPUT_CORRUPT|SATELLITE_GRID)$/) as string });
  });
});
