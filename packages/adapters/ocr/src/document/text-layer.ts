import type { Box } from "@stargate/kernel";
import type { QuarterTurn } from "../image/text-direction.ts";
import type { PdfTextPage, PdfTextRun } from "../native/pdfjs.ts";
import type { TextRun } from "../layout/text-runs.ts";

/** Runs whose base line leans more than this against the page's main direction stand aside: stamps, margin notes. */
const MAX_LEAN_DEGREES = 10;

export interface UprightRuns {
  /** Clockwise turn of the page's text, already undone here. */
  readonly turnDegrees: QuarterTurn;
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Runs along the main direction. */
  readonly runs: readonly TextRun[];
  /** Runs in other directions, with the box each takes. */
  readonly aside: readonly { readonly text: string; readonly box: Box; readonly fontSizePixels: number }[];
}

/** Turns the text of a page upright by the direction most of it has, and scales it to pixels. Text outside the page is left out. */
export function uprightRuns(page: PdfTextPage, dpi: number): UprightRuns {
  const scale = dpi / 72;
  const turnDegrees = mainTurn(page.runs);
  const [width, height] = [page.widthPoints * scale, page.heightPoints * scale];
  const isSideways = turnDegrees % 180 !== 0;
  const place = (x: number, y: number): readonly [number, number] => {
    if (turnDegrees === 0) return [x, y];
    if (turnDegrees === 90) return [y, width - x];
    return turnDegrees === 180 ? [width - x, height - y] : [height - y, x];
  };
  const [widthPixels, heightPixels] = isSideways ? [height, width] : [width, height];
  const runs: TextRun[] = [];
  const aside: UprightRuns["aside"][number][] = [];
  for (const run of page.runs) {
    const [x, y] = place(run.x * scale, run.y * scale);
    const lean = normalise(run.angleDegrees - turnDegrees);
    const fontSizePixels = run.fontSizePoints * scale;
    const lengthPixels = run.widthPoints * scale;
    const [dx, dy] = [lengthPixels * Math.cos((lean * Math.PI) / 180), lengthPixels * Math.sin((lean * Math.PI) / 180)];
    if (
      run.text.trim() !== "" &&
      !touches(
        [Math.min(x, x + dx), Math.min(y, y + dy) - fontSizePixels, Math.max(x, x + dx), Math.max(y, y + dy)],
        widthPixels,
        heightPixels,
      )
    )
      continue;
    if (Math.abs(lean) <= MAX_LEAN_DEGREES && !run.isVertical) {
      runs.push({
        text: run.text,
        x,
        y: y + dy / 2,
        widthPixels: dx,
        fontSizePixels,
        ascent: run.ascent,
        descent: run.descent,
        endsLine: run.endsLine,
      });
    } else if (run.text.trim() !== "") {
      aside.push({ text: run.text.trim(), box: leaningBox([x, y], [dx, dy], lean, fontSizePixels), fontSizePixels });
    }
  }
  return { turnDegrees, widthPixels, heightPixels, runs, aside };
}

function mainTurn(runs: readonly PdfTextRun[]): QuarterTurn {
  const counts = new Map<QuarterTurn, number>([
    [0, 0.5], // an empty page stands upright
  ]);
  for (const run of runs) {
    const quarter = ((Math.round(run.angleDegrees / 90) * 90 + 720) % 360) as QuarterTurn; // a multiple of 90 within 0-270
    counts.set(quarter, (counts.get(quarter) ?? 0) + run.text.trim().length);
  }
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** The box a leaning run takes: from its base line up by the font size, across its direction. */
function leaningBox(
  [x, y]: readonly [number, number],
  [dx, dy]: readonly [number, number],
  lean: number,
  fontSizePixels: number,
): Box {
  const radians = ((lean - 90) * Math.PI) / 180;
  const [ux, uy] = [fontSizePixels * 0.8 * Math.cos(radians), fontSizePixels * 0.8 * Math.sin(radians)];
  const xs = [x, x + dx, x + ux, x + dx + ux];
  const ys = [y, y + dy, y + uy, y + dy + uy];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function touches(box: Box, width: number, height: number): boolean {
  return box[2] >= 0 && box[0] <= width && box[3] >= 0 && box[1] <= height;
}

function normalise(degrees: number): number {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}
