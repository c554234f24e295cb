import { availableParallelism } from "node:os";
import type { Worker as ThreadWorker } from "node:worker_threads";
import type { Block, RecognizeOptions, Worker as TesseractWorker } from "tesseract.js";
import { toPgm } from "../image/gray-image.ts";
import { fail } from "../ocr-errors.ts";
import { keepIdle } from "./idle-keeper.ts";
import { withLanguageFolder } from "./language-data.ts";
import { lazyPackage } from "./load-package.ts";
import { type EngineSettings, type OcrEngine, type RecognisedLine, segmentationModes } from "./ocr-engine.ts";
import { createSlots, raceAbort } from "./slots.ts";

const load = lazyPackage("tesseract.js", async () => {
  const module = await import("tesseract.js");
  return module.default;
});

interface Engine {
  readonly worker: TesseractWorker;
  readonly languages: string;
  /** Set when the worker has failed in a way it cannot recover from. */
  broken: boolean;
  /** Set while it is idle: takes it back into use. */
  wake?: (() => void) | undefined;
}

const idle = new Set<Engine>();
const slots = createSlots(Math.max(1, availableParallelism()));

/** tesseract.js as an engine: a pool of its worker threads, one per core at most, made on demand and let go when idle. */
export function tesseractJsEngine(settings: EngineSettings): OcrEngine {
  return {
    name: "tesseract.js",
    recognise: ({ image, languages, dpi, layout, signal }) =>
      slots.run(signal, async () => {
        const engine = await takeEngine(languages, settings.languageFolders);
        const thread = threadOf(engine.worker);
        thread?.ref();
        try {
          const parameters = {
            user_defined_dpi: String(Math.round(dpi)),
            tessedit_pageseg_mode: segmentationModes[layout],
            debug_file: "/dev/null", // or it prints "Detected 20 diacritics" and the like to stderr
          };
          // Tesseract's own parameters are taken among the options, though the types do not say so.
          const options = parameters as Partial<RecognizeOptions>;
          const page = engine.worker.recognize(Buffer.from(toPgm(image).buffer), options, {
            text: false,
            blocks: true,
          });
          // A terminated worker never answers, so the wait ends by the signal.
          const { data } = await raceAbort(page, signal, () => drop(engine));
          return toLines(data.blocks ?? []);
        } catch (error) {
          if (signal.aborted) throw error;
          drop(engine);
          throw fail("SG_OCR_ENGINE_FAILED", `tesseract.js failed: ${messageOf(error)}`, { cause: error });
        } finally {
          thread?.unref();
          keep(engine);
        }
      }),
  };
}

/** Version of the package. */
export async function tesseractJsVersion(): Promise<string> {
  await load();
  const { default: manifest } = await import("tesseract.js/package.json", { with: { type: "json" } });
  return manifest.version;
}

async function takeEngine(languages: readonly string[], folders: readonly string[]): Promise<Engine> {
  const key = languages.join("+");
  for (const engine of idle) {
    if (engine.languages !== key) continue;
    idle.delete(engine);
    engine.wake?.();
    return engine;
  }
  // A worker for other languages makes room: both would be more than there are cores.
  const [other] = idle;
  if (other !== undefined && idle.size >= availableParallelism()) drop(other);
  return startEngine(key, languages, folders);
}

async function startEngine(key: string, languages: readonly string[], folders: readonly string[]): Promise<Engine> {
  const { createWorker, OEM } = await load();
  return withLanguageFolder(languages, folders, async (langPath) => {
    // createWorker never settles when the data cannot be loaded; only its error handler hears of it.
    const worker = await new Promise<TesseractWorker>((resolve, reject) => {
      const errorHandler = (error: unknown): void =>
        reject(
          fail("SG_OCR_ENGINE_FAILED", `tesseract.js cannot be started for ${key}: ${messageOf(error)}`, {
            cause: error,
          }),
        );
      createWorker([...languages], OEM.LSTM_ONLY, { langPath, gzip: true, cacheMethod: "none", errorHandler }).then(
        resolve,
        errorHandler,
      );
    });
    return { worker, languages: key, broken: false };
  });
}

function keep(engine: Engine): void {
  if (engine.broken) return;
  idle.add(engine);
  // An idle worker holds 100 MB and more.
  engine.wake = keepIdle(() => drop(engine));
}

function drop(engine: Engine): void {
  idle.delete(engine);
  engine.wake?.();
  if (!engine.broken) void engine.worker.terminate();
  engine.broken = true;
}

/** The thread under a worker, which the types of the package leave out: an idle one must not keep the process alive. */
function threadOf(worker: TesseractWorker): ThreadWorker | undefined {
  return (worker as TesseractWorker & { readonly worker?: ThreadWorker }).worker;
}

function toLines(blocks: readonly Block[]): readonly RecognisedLine[] {
  return blocks
    .flatMap((block) => block.paragraphs)
    .flatMap((paragraph) => paragraph.lines)
    .map(({ bbox, baseline, words }) => ({
      box: [bbox.x0, bbox.y0, bbox.x1, bbox.y1] as const,
      baseline: [baseline.x0, baseline.y0, baseline.x1, baseline.y1] as const,
      words: words
        .filter((word) => word.text.trim() !== "")
        .map((word) => ({
          text: word.text.trim(),
          box: [word.bbox.x0, word.bbox.y0, word.bbox.x1, word.bbox.y1] as const,
          confidence: Math.min(1, Math.max(0, word.confidence / 100)),
        })),
    }))
    .filter((line) => line.words.length > 0);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
