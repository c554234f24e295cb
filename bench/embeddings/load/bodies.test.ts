import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { z } from "zod";
import { embeddingBodies, numbered } from "./bodies.ts";

const bodySchema = z.object({ input: z.tuple([z.object({ image: z.string() }), z.object({ text: z.string() })]) });

async function opened(body: string) {
  const [{ image }, { text }] = bodySchema.parse(JSON.parse(body)).input;
  const bytes = Buffer.from(image.slice("data:image/jpeg;base64,".length), "base64");
  const pixels = await sharp(bytes, { failOn: "warning" }).raw().toBuffer();
  return { image, text, bytes, pixels };
}

test("no two requests are alike, though they show the same picture", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-"));
  try {
    for (const name of ["dogs.jpg", "crowd.jpg", "multi_line_text.jpg", "wolves.jpg"])
      await sharp({
        create: {
          width: 90,
          height: 70,
          channels: 3,
          background: "#358",
          noise: { type: "gaussian", mean: 99, sigma: 20 },
        },
      })
        .jpeg()
        .toFile(join(folder, name));
    const [body = ""] = await embeddingBodies(folder, "both");
    const [one, other] = [await opened(numbered(body, 7)), await opened(numbered(body, 12_345_678))];
    expect([one.text.slice(-6), other.text.slice(-6)]).toEqual([" 00007", " 45678"]);
    expect(one.bytes.equals(other.bytes)).toBe(false);
    expect(one.pixels.equals(other.pixels)).toBe(true);
    expect(one.pixels.length).toBe(640 * 480 * 3);
    expect(numbered(body, 7).length).toBe(body.length);
  } finally {
    await rm(folder, { recursive: true });
  }
});
