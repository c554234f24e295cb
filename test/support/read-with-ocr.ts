import ocr, { type OcrOptionsInput } from "@stargate/adapter-ocr";
import type { PageText, RunContext, Transform } from "@stargate/kernel";
import { createTestContext, type Recorded, type TestContextOptions } from "@stargate/kernel/testing";

export interface OcrReading {
  readonly value: PageText;
  readonly recorded: Recorded;
  /** Plain text of all pages in reading order. */
  readonly text: string;
}

/** Calls `ocr.read` alone, with a recording context and tasks inline, and `ocr.text` on what it gives. */
export async function readWithOcr(
  source: Blob | Uint8Array<ArrayBuffer>,
  options: Record<string, unknown> = {},
  setup: Omit<TestContextOptions, "options"> & { readonly adapter?: OcrOptionsInput; readonly name?: string } = {},
): Promise<OcrReading> {
  const { adapter, name, ...rest } = setup;
  const { transforms } = ocr(adapter);
  const find = (id: string): Transform => transforms.find((transform) => transform.id === id) as unknown as Transform; // both are there
  const { context, recorded } = createTestContext(find("ocr.read"), { ...rest, options });
  const blob = source instanceof Blob ? source : new Blob([source]);
  const input = { blob, mediaType: "application/octet-stream", ...(name === undefined ? {} : { name }) };
  const run = (id: string, value: unknown, to: RunContext): Promise<unknown> =>
    Promise.resolve(find(id).run(value as never, to as never));
  const value = (await run("ocr.read", input, context)) as PageText;
  return { value, recorded, text: (await run("ocr.text", value, context)) as string };
}

/** Words of a reading, in order. */
export function wordsOf(
  value: PageText,
): readonly PageText["pages"][number]["blocks"][number]["lines"][number]["words"][number][] {
  return value.pages.flatMap((page) => page.blocks.flatMap((block) => block.lines.flatMap((line) => line.words)));
}
