import { expect, test } from "vitest";
import { analysePage } from "./page-analysis.ts";

test("letters are stated in pixels of the page, however large it is", () => {
  const [width, height] = [4000, 3300];
  const data = new Uint8Array(width * height).fill(255);
  // Three lines of blocks of 20 x 30 pixels.
  for (let y = 1000; y < 1300; y += 100) {
    for (let x = 500; x < 3500; x += 40) {
      for (let row = y; row < y + 30; row++) data.fill(0, row * width + x, row * width + x + 20);
    }
  }
  const { letters, sizePixels, isBlank } = analysePage({ data, widthPixels: width, heightPixels: height });
  expect(isBlank).toBe(false);
  expect(letters).toHaveLength(225);
  expect(letters[0]).toMatchObject({ left: 500, top: 1000, right: 520, bottom: 1030 });
  expect(sizePixels).toBe(30);
});

test("white paper is blank", () => {
  expect(analysePage({ data: new Uint8Array(300 * 200).fill(250), widthPixels: 300, heightPixels: 200 }).isBlank).toBe(
    true,
  );
});
