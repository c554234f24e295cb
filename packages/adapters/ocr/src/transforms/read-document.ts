import { unpackPage } from "../document/packed-page.ts";
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import {
  defineTask,
  type EncodedMedia,
  type Gap,
  isStargateError,
  type PageText,
  type RunContext,
} from "@stargate/kernel";
import { parsePageRange } from "../document/page-range.ts";
import { cancelled, createSlots } from "../native/slots.ts";
import { fail } from "../ocr-errors.ts";
import type { OcrOptions, ReadOptions } from "../ocr-options.ts";
import type { InspectDocumentInput, InspectedDocument } from "../tasks/inspect-document-task.ts";
import type { ReadPage, ReadPageInput, ReadPageOutput } from "../tasks/read-page-task.ts";

const inspectDocument = defineTask<InspectDocumentInput, InspectedDocument>({
  base: import.meta.url,
  module: "../tasks/inspect-document-task",
  export: "inspectDocument",
});
const readPage = defineTask<ReadPageInput, ReadPageOutput>({
  base: import.meta.url,
  module: "../tasks/read-page-task",
  export: "readPage",
});

/** What is wrong with the request or the machine rather than with a page: no other page would fare better. */
const fatalCodes: ReadonlySet<string> = new Set([
  "SG_OCR_LANGUAGE_MISSING",
  "SG_OCR_ENGINE_MISSING",
  "SG_OCR_PACKAGE_MISSING",
  "SG_INPUT_ENCRYPTED",
  "SG_RUN_CANCELLED",
  "SG_RUN_DEADLINE",
  "SG_DEGRADE_REFUSED",
]);

/**
 * Reads the pages of a document in parallel, each offloaded, and hands them out in order. A page that cannot be read
 * is an issue and a gap in the coverage; the document fails only when no page could be read.
 */
export async function readDocument(
  input: EncodedMedia,
  context: RunContext<ReadOptions>,
  limits: OcrOptions,
): Promise<PageText> {
  const key = randomUUID();
  const { signal, options } = context;
  const inspected = await context.offload(inspectDocument, { source: input.blob, name: input.name, key }, { signal });
  const numbers = parsePageRange(options.pages, inspected.pageCount);
  if (numbers.length > limits.maxPages) {
    throw fail("SG_INPUT_TOO_LARGE", `${numbers.length} pages are to be read, the limit is ${limits.maxPages}`, {
      hint: "Read it in parts with the option pages, or raise the adapter's maxPages.",
    });
  }
  const { engine, languages, dpi, mode } = options;
  const engines = { tesseractPath: limits.tesseractPath, languageFolders: limits.languageFolders };
  const { pages, failures } = await readPages(numbers, context, async (number, pageSignal) => {
    const read = await context.offload(
      readPage,
      {
        source: input.blob,
        key,
        format: inspected.format,
        number,
        options: { engine, languages, dpi, mode },
        maxPixels: limits.maxPixels,
        engines,
      },
      { signal: pageSignal },
    );
    return { ...read, page: unpackPage(read.page) };
  });
  const [firstFailure] = failures;
  if (firstFailure !== undefined && pages.length === 0) throw firstFailure.error;
  report(context, { inspected, asked: numbers, pages, failures });
  return {
    pages: pages.map(({ page }) => page),
    pageCount: inspected.pageCount,
    ...(options.keepSource ? { source: { blob: input.blob, mediaType: inspected.mediaType } } : {}),
  };
}

interface Failure {
  readonly number: number;
  readonly error: Error;
}

async function readPages(
  numbers: readonly number[],
  context: RunContext<ReadOptions>,
  read: (number: number, signal: AbortSignal) => Promise<ReadPage>,
): Promise<{ readonly pages: readonly ReadPage[]; readonly failures: readonly Failure[] }> {
  const slots = createSlots(context.options.concurrency ?? Math.max(1, availableParallelism()));
  // The first fatal error stops the other pages; their rejections are then of no interest.
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const results = new Map<number, ReadPage>();
  const failures: Failure[] = [];
  let fatal: Error | undefined;
  const readOne = async (number: number): Promise<void> => {
    try {
      const result = await slots.run(signal, () => read(number, signal));
      results.set(number, result);
      context.emit("page", result.page);
    } catch (error) {
      if (signal.aborted || !isPageError(error)) {
        fatal ??= error instanceof Error ? error : fail("SG_RUN_FAILED", String(error));
        stop.abort(error);
        return;
      }
      failures.push({ number, error });
    }
    context.progress(results.size + failures.length, numbers.length);
  };
  await Promise.all(numbers.map(readOne));
  if (context.signal.aborted) throw cancelled(context.signal);
  if (fatal !== undefined) throw fatal;
  return {
    pages: numbers.flatMap((number) => results.get(number) ?? []),
    failures: failures.sort((a, b) => a.number - b.number),
  };
}

function isPageError(error: unknown): error is Error {
  return isStargateError(error) && !fatalCodes.has(error.code);
}

interface Outcome {
  readonly inspected: InspectedDocument;
  readonly asked: readonly number[];
  readonly pages: readonly ReadPage[];
  readonly failures: readonly Failure[];
}

/** Coverage, issues, degradations, meter and facts of a finished reading. */
function report(context: RunContext<ReadOptions>, { inspected, asked, pages, failures }: Outcome): void {
  const missing: Gap[] = failures.map(({ number, error }) => ({ what: `page ${number}`, reason: error.message }));
  for (const { number, error } of failures) {
    const known = isStargateError(error)
      ? { code: error.code, hint: error.hint }
      : { code: "SG_RUN_FAILED", hint: undefined };
    context.issue({ ...known, message: error.message, item: `page ${number}` });
  }
  for (const { page, reducedToDpi } of pages) {
    if (reducedToDpi === undefined) continue;
    context.degrade({
      what: `page ${page.number} was read at ${reducedToDpi} instead of ${context.options.dpi} dpi`,
      reason: "the page is too large for the adapter's maxPixels",
    });
  }
  context.coverage({
    done: pages.length,
    of: asked.length,
    measure: "page",
    ...(missing.length === 0 ? {} : { missing }),
  });
  context.meter({ unit: "page", quantity: pages.length });
  const recognised = pages.filter(({ page }) => page.origin === "ocr" || page.origin === "mixed");
  if (recognised.length > 0) context.meter({ unit: "ocr-page", quantity: recognised.length });
  const origins: Record<string, number> = {};
  for (const { page } of pages) origins[page.origin] = (origins[page.origin] ?? 0) + 1;
  context.disclose({
    mediaType: inspected.mediaType,
    pageCount: inspected.pageCount,
    origins,
    engines: [...new Set(recognised.map(({ page }) => page.engine ?? ""))],
    ...(recognised.length === 0
      ? {}
      : { dpi: [...new Set(recognised.map(({ page }) => page.dpi))], languages: context.options.languages }),
  });
}
