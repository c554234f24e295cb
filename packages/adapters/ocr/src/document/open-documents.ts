import { keepIdle } from "../native/idle-keeper.ts";
import { openPdfRaster, type PdfRaster } from "../native/pdfium.ts";
import { openPdfText, type PdfText } from "../native/pdfjs.ts";

/** A document opened in this thread. Each way of opening it happens on first use and is kept. */
export interface OpenDocument {
  /** All bytes. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** A PDF for its text layer. */
  text(): Promise<PdfText>;
  /** A PDF for its rasters. */
  raster(): Promise<PdfRaster>;
}

interface Entry {
  readonly document: OpenDocument;
  users: number;
  close(): Promise<void>;
  /** Set while nobody uses it: takes it back into use. */
  wake?: (() => void) | undefined;
}

const entries = new Map<string, Entry>();

/** pdfjs keeps what it has parsed of every page until the document is closed: a long one is opened anew now and then. */
const pagesPerOpening = 48;

/**
 * Lends a document that pages of the same run share, so that a worker parses it once and not once per page.
 * `key` is the run's own; a document that nobody uses is closed after a moment.
 */
export async function withDocument<Result>(
  key: string,
  blob: Blob,
  use: (document: OpenDocument) => Promise<Result>,
): Promise<Result> {
  const entry = entries.get(key) ?? openEntry(blob);
  entries.set(key, entry);
  entry.wake?.();
  entry.wake = undefined;
  entry.users += 1;
  try {
    return await use(entry.document);
  } finally {
    entry.users -= 1;
    if (entry.users === 0) entry.wake = keepIdle(() => void closeEntry(key, entry));
  }
}

async function closeEntry(key: string, entry: Entry): Promise<void> {
  entries.delete(key);
  await entry.close();
}

function openEntry(blob: Blob): Entry {
  let bytes: Promise<Uint8Array<ArrayBuffer>> | undefined;
  let text: Promise<PdfText> | undefined;
  let raster: Promise<PdfRaster> | undefined;
  // Both PDF engines take their bytes over, so each reads its own.
  const read = async (): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await blob.arrayBuffer());
  let pagesRead = 0;
  const closeText = (): Promise<void> | undefined =>
    // What failed to open has nothing to close, and its error has been reported where it was asked for.
    text?.then(
      (open) => open.close(),
      () => undefined,
    );
  const entry: Entry = {
    users: 0,
    document: {
      bytes: () => (bytes ??= read()),
      async text() {
        pagesRead += 1;
        if (pagesRead > pagesPerOpening && entry.users === 1) {
          await closeText();
          text = undefined;
          pagesRead = 1;
        }
        return (text ??= read().then(openPdfText));
      },
      raster: () => (raster ??= read().then(openPdfRaster)),
    },
    async close() {
      await closeText();
      await raster?.then(
        (open) => open.close(),
        () => undefined,
      );
    },
  };
  return entry;
}
