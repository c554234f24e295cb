import { expect, test } from "vitest";
import { parseHocrLines } from "./hocr-lines.ts";

const hocr = `
 <div class='ocr_carea' id='block_1_1' title="bbox 10 20 300 90"><p class='ocr_par' title="bbox 10 20 300 90">
  <span class='ocr_line' id='line_1_1' title="bbox 10 20 300 50; baseline 0.01 -8; x_size 30; x_descenders 6; x_ascenders 7">
   <span class='ocrx_word' id='word_1_1' title='bbox 10 20 100 50; x_wconf 93'>Fish</span>
   <span class='ocrx_word' id='word_1_2' title='bbox 110 20 200 50; x_wconf 88'><strong>&amp;</strong></span>
   <span class='ocrx_word' id='word_1_3' title='bbox 210 20 300 50; x_wconf 61'>Ch&#39;ps &lt;3</span>
  </span>
  <span class='ocr_header' id='line_1_2' title="bbox 10 60 300 90; textangle 180"><span class='ocrx_word' title='bbox 10 60 50 90; x_wconf 12'>x</span></span>
  <span class='ocr_line' title="bbox 0 0 1 1"><span class='ocrx_word' title='bbox 0 0 1 1; x_wconf 95'> </span></span>
 </p></div>`;

test("lines, words, confidences and base lines are read; blank words and lines are left out", () => {
  expect(parseHocrLines(hocr)).toEqual([
    {
      box: [10, 20, 300, 50],
      baseline: [10, 42, 300, 44.9],
      words: [
        { text: "Fish", box: [10, 20, 100, 50], confidence: 0.93 },
        { text: "&", box: [110, 20, 200, 50], confidence: 0.88 },
        { text: "Ch'ps <3", box: [210, 20, 300, 50], confidence: 0.61 },
      ],
    },
    { box: [10, 60, 300, 90], baseline: undefined, words: [{ text: "x", box: [10, 60, 50, 90], confidence: 0.12 }] },
  ]);
});

test("nothing recognised is no line", () => {
  expect(parseHocrLines("<html><body></body></html>")).toEqual([]);
});
