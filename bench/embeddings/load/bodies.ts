import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

/** Stand for the number of a request, and are as long as it is written. Every digit is a token of a text. */
const imageMark = "#".repeat(8);
const textMark = "@".repeat(5);

/** What the bodies hold. */
export type Content = "text" | "image" | "both";

const captions = [
  "a photo of two dogs on a beach",
  "people cross a street in the rain",
  "a page of printed text, black on white",
  "wolves in the snow at night",
  "a red bicycle leans on a wall",
  "the harbour seen from a hill",
];

const photographs = ["dogs.jpg", "crowd.jpg", "multi_line_text.jpg", "wolves.jpg"];

/**
 * Bodies of POST /v1/embeddings. Photographs have 640 x 480 pixels, captions 16 tokens at most. No request is like
 * another, so that none is answered from kept results: a caption ends with the request's number, a photograph has it
 * in a comment.
 * @param folder of the photographs.
 */
export async function embeddingBodies(folder: string, content: Content): Promise<readonly string[]> {
  const images = await Promise.all(photographs.map((name) => markedPhotograph(join(folder, name))));
  return captions.map((caption, index) => {
    const text = { text: `${caption} ${textMark}` };
    const image = { image: images[index % images.length] ?? "" };
    return JSON.stringify({
      model: "bench-clip",
      input: { text: [text], image: [image], both: [image, text] }[content],
    });
  });
}

/** The body of a request: the end of its number where the marks are. */
export function numbered(body: string, number: number): string {
  const digits = String(number).padStart(imageMark.length, "0");
  return body.replace(imageMark, digits).replace(textMark, digits.slice(-textMark.length));
}

/** A JPEG as a data URL with a mark in a comment behind its first marker, where base64 has it as it is written. */
async function markedPhotograph(path: string): Promise<string> {
  const jpeg = await sharp(await readFile(path))
    .resize(640, 480, { fit: "cover" })
    .jpeg({ quality: 85 })
    .toBuffer();
  // FF D8 begins a JPEG, FF FE a comment of a length that includes its two bytes: six bytes, eight letters of base64.
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 2 + (imageMark.length * 3) / 4]).toString("base64");
  return `data:image/jpeg;base64,${head}${imageMark}${jpeg.subarray(2).toString("base64")}`;
}
