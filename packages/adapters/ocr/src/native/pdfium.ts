import type { PDFiumModule as LoadPdfium } from "@hyzyla/pdfium";
import type { GrayImage } from "../image/gray-image.ts";
import { fail } from "../ocr-errors.ts";
import { lazyPackage } from "./load-package.ts";

type Module = Awaited<ReturnType<typeof LoadPdfium>> & PageGeometry;

/** Functions of the WebAssembly module that the package leaves out of its types. */
interface PageGeometry {
  _FPDF_PageToDevice(
    page: number,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    pageX: number,
    pageY: number,
    deviceX: number,
    deviceY: number,
  ): number;
  _FPDFPageObj_GetBounds(object: number, left: number, bottom: number, right: number, top: number): number;
  _FPDFFormObj_CountObjects(form: number): number;
  _FPDFFormObj_GetObject(form: number, index: number): number;
}

const GRAY_BITMAP = 1;
const IMAGE_OBJECT = 3;
const FORM_OBJECT = 5;
const ANNOTATIONS = 0x01;
const GRAYSCALE = 0x08;
const PASSWORD_ERRORS = [4, 5];

/** Forms nested deeper than this are taken for pictures. */
const MAX_FORM_DEPTH = 4;

const load = lazyPackage("@hyzyla/pdfium", async () => (await import("@hyzyla/pdfium")).PDFiumModule);

/** Left, top, right, bottom as shares of the page as it is displayed, 0-1, origin top-left. */
export type RelativeBox = readonly [number, number, number, number];

/** A PDF opened for rasterising. Pages are 0-based. */
export interface PdfRaster {
  readonly pageCount: number;
  /** Page in grey at exactly this size, its own /Rotate applied. Throws SG_INPUT_CORRUPT for a page that cannot be opened. */
  renderGray(page: number, widthPixels: number, heightPixels: number): GrayImage;
  /** Where pictures lie on a page. */
  imageBoxes(page: number): readonly RelativeBox[];
  close(): void;
}

/**
 * Opens a PDF in a module instance of its own: closing it gives all its memory back, which a shared instance never does.
 * Throws SG_INPUT_ENCRYPTED and SG_INPUT_CORRUPT.
 */
export async function openPdfRaster(bytes: Uint8Array): Promise<PdfRaster> {
  const createModule = await load();
  const module = (await createModule({})) as Module; // the package's types are a subset of its exports
  module._FPDF_InitLibraryWithConfig({});
  const pointer = module.wasmExports.malloc(bytes.length);
  if (pointer === 0) throw fail("SG_INPUT_TOO_LARGE", `The PDF of ${bytes.length} bytes does not fit into memory`);
  module.HEAPU8.set(bytes, pointer);
  const document = module._FPDF_LoadMemDocument(pointer, bytes.length, 0);
  if (document === 0) throw openError(module._FPDF_GetLastError());
  const withPage = <Result>(index: number, use: (page: number) => Result): Result => {
    const page = module._FPDF_LoadPage(document, index);
    if (page === 0) throw fail("SG_INPUT_CORRUPT", `Page ${index + 1} of the PDF cannot be opened`);
    try {
      return use(page);
    } finally {
      module._FPDF_ClosePage(page);
    }
  };
  return {
    pageCount: module._FPDF_GetPageCount(document),
    renderGray: (index, width, height) => withPage(index, (page) => render(module, page, width, height)),
    imageBoxes: (index) => withPage(index, (page) => imageBoxes(module, page)),
    close() {
      module._FPDF_CloseDocument(document);
      module.wasmExports.free(pointer);
    },
  };
}

function render(module: Module, page: number, widthPixels: number, heightPixels: number): GrayImage {
  const size = widthPixels * heightPixels;
  const pixels = module.wasmExports.malloc(size);
  if (pixels === 0)
    throw fail("SG_INPUT_TOO_LARGE", `A page of ${widthPixels} x ${heightPixels} pixels does not fit into memory`);
  const bitmap = module._FPDFBitmap_CreateEx(widthPixels, heightPixels, GRAY_BITMAP, pixels, widthPixels);
  try {
    module._FPDFBitmap_FillRect(bitmap, 0, 0, widthPixels, heightPixels, 0xffffffff);
    module._FPDF_RenderPageBitmap(bitmap, page, 0, 0, widthPixels, heightPixels, 0, ANNOTATIONS | GRAYSCALE);
    return { data: module.HEAPU8.slice(pixels, pixels + size), widthPixels, heightPixels };
  } finally {
    module._FPDFBitmap_Destroy(bitmap);
    module.wasmExports.free(pixels);
  }
}

function imageBoxes(module: Module, page: number): readonly RelativeBox[] {
  const scratch = module.wasmExports.malloc(16);
  const boxes: RelativeBox[] = [];
  try {
    const count = module._FPDFPage_CountObjects(page);
    for (let index = 0; index < count; index++) {
      const object = module._FPDFPage_GetObject(page, index);
      if (!showsImage(module, object, 0)) continue;
      const box = displayedBox(module, page, object, scratch);
      if (box !== undefined) boxes.push(box);
    }
  } finally {
    module.wasmExports.free(scratch);
  }
  return boxes;
}

function showsImage(module: Module, object: number, depth: number): boolean {
  const type = module._FPDFPageObj_GetType(object);
  if (type === IMAGE_OBJECT) return true;
  if (type !== FORM_OBJECT) return false;
  if (depth >= MAX_FORM_DEPTH) return true;
  const count = module._FPDFFormObj_CountObjects(object);
  for (let index = 0; index < count; index++) {
    if (showsImage(module, module._FPDFFormObj_GetObject(object, index), depth + 1)) return true;
  }
  return false;
}

/** Size of the imaginary display that PageToDevice maps to; only its ratios are used. */
const DISPLAY = 100_000;

function displayedBox(module: Module, page: number, object: number, scratch: number): RelativeBox | undefined {
  if (module._FPDFPageObj_GetBounds(object, scratch, scratch + 4, scratch + 8, scratch + 12) === 0) return undefined;
  const [left = 0, bottom = 0, right = 0, top = 0] = new Float32Array(
    module.HEAPU8.buffer.slice(scratch, scratch + 16),
  );
  const corner = (x: number, y: number): readonly [number, number] => {
    module._FPDF_PageToDevice(page, 0, 0, DISPLAY, DISPLAY, 0, x, y, scratch, scratch + 4);
    const [deviceX = 0, deviceY = 0] = new Int32Array(module.HEAPU8.buffer.slice(scratch, scratch + 8));
    return [clamp(deviceX / DISPLAY), clamp(deviceY / DISPLAY)];
  };
  const [x0, y0] = corner(left, top);
  const [x1, y1] = corner(right, bottom);
  return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function openError(code: number): Error {
  if (PASSWORD_ERRORS.includes(code)) return fail("SG_INPUT_ENCRYPTED", "The PDF is encrypted and needs a password");
  return fail("SG_INPUT_CORRUPT", "The PDF cannot be opened: it is damaged or cut off");
}
