import { deflateSync } from "node:zlib";

/** Text on a page: points from the top left corner to the base line. */
export interface PdfText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size?: number;
  /** "F1" Helvetica, "F2" Helvetica-Bold, "F3" Times, "F4" Courier. */
  readonly font?: "F1" | "F2" | "F3" | "F4";
  /** Clockwise. */
  readonly angleDegrees?: number;
  readonly isInvisible?: boolean;
}

/** A picture on a page: points from the top left corner; grey pixels. */
export interface PdfPicture {
  readonly x: number;
  readonly y: number;
  readonly widthPoints: number;
  readonly heightPoints: number;
  readonly image: { readonly data: Uint8Array; readonly widthPixels: number; readonly heightPixels: number };
}

export interface PdfPage {
  readonly widthPoints?: number;
  readonly heightPoints?: number;
  /** The page's own /Rotate. */
  readonly rotate?: 0 | 90 | 180 | 270;
  readonly texts?: readonly PdfText[];
  readonly pictures?: readonly PdfPicture[];
  /** Annotation dictionaries put in as they are. */
  readonly annotations?: readonly string[];
  /** Operators put in as they are. */
  readonly raw?: string;
}

/** Writes a small PDF with the standard fonts, for tests. Only Latin-1 text. */
export function writePdf(
  pages: readonly PdfPage[],
  options: { readonly encrypted?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const objects: (string | Buffer)[] = ["", ""];
  const add = (body: string | Buffer): number => objects.push(body);
  const names = ["Helvetica", "Helvetica-Bold", "Times-Roman", "Courier"];
  const fonts = names.map((name) =>
    add(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`),
  );
  const fontList = fonts.map((id, index) => `/F${index + 1} ${id} 0 R`).join(" ");
  const kids = pages.map((page) => {
    const { widthPoints: width = 595, heightPoints: height = 842 } = page;
    const pictures = (page.pictures ?? []).map((picture) => ({ picture, id: add(pictureObject(picture)) }));
    const operators = [
      ...pictures.map(
        ({ picture }, index) =>
          `q ${picture.widthPoints} 0 0 ${picture.heightPoints} ${picture.x} ${height - picture.y - picture.heightPoints} cm /P${index} Do Q`,
      ),
      ...(page.texts ?? []).map((text) => textOperators(text, height)),
      page.raw ?? "",
    ];
    const content = add(stream("", Buffer.from(operators.join("\n"), "latin1")));
    const pictureList = pictures.map(({ id }, index) => `/P${index} ${id} 0 R`).join(" ");
    const resources = `<< /Font << ${fontList} >> /XObject << ${pictureList} >> >>`;
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Rotate ${page.rotate ?? 0} /Resources ${resources} /Contents ${content} 0 R /Annots [${(page.annotations ?? []).join(" ")}] >>`,
    );
  });
  objects[0] = "<< /Type /Catalog /Pages 2 0 R >>";
  objects[1] = `<< /Type /Pages /Kids [${kids.map((id) => `${id} 0 R`).join(" ")}] /Count ${kids.length} >>`;
  // Keys nobody knows the password of: readers give up as they do on a really encrypted file.
  const encryption =
    options.encrypted === true
      ? add(`<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <${"5a".repeat(32)}> /U <${"a5".repeat(32)}> >>`)
      : undefined;
  return assemble(
    objects,
    encryption === undefined ? "" : `/Encrypt ${encryption} 0 R /ID [<${"11".repeat(16)}> <${"11".repeat(16)}>]`,
  );
}

function textOperators(
  { text, x, y, size = 10, font = "F1", angleDegrees = 0, isInvisible = false }: PdfText,
  height: number,
): string {
  const radians = (-angleDegrees * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)];
  const escaped = text.replace(/[\\()]/g, "\\$&");
  return `BT ${isInvisible ? 3 : 0} Tr /${font} ${size} Tf ${cosine} ${sine} ${-sine} ${cosine} ${x} ${height - y} Tm (${escaped}) Tj ET`;
}

function pictureObject({ image }: PdfPicture): Buffer {
  return stream(
    `/Type /XObject /Subtype /Image /Width ${image.widthPixels} /Height ${image.heightPixels} /ColorSpace /DeviceGray /BitsPerComponent 8`,
    Buffer.from(image.data),
  );
}

function stream(dictionary: string, data: Buffer): Buffer {
  const packed = deflateSync(data);
  return Buffer.concat([
    Buffer.from(`<< ${dictionary} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`),
    packed,
    Buffer.from("\nendstream"),
  ]);
}

function assemble(objects: readonly (string | Buffer)[], trailer: string): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n", "latin1")];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const push = (part: Buffer): void => {
    parts.push(part);
    length += part.length;
  };
  objects.forEach((object, index) => {
    offsets.push(length);
    push(Buffer.from(`${index + 1} 0 obj\n`));
    push(typeof object === "string" ? Buffer.from(object, "latin1") : object);
    push(Buffer.from("\nendobj\n"));
  });
  const start = length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
  return new Uint8Array(Buffer.concat(parts));
}

/** Lines of running text as texts of a page: as wide as `width` points allows at this font size in Helvetica, roughly. */
export function paragraph(
  text: string,
  at: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly size?: number;
    readonly leading?: number;
    readonly font?: PdfText["font"];
  },
): PdfText[] {
  const size = at.size ?? 10;
  const leading = at.leading ?? size * 1.25;
  const perLine = Math.floor(at.width / (size * 0.5));
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > perLine) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line, index) => ({
    text: line,
    x: at.x,
    y: at.y + index * leading,
    size,
    ...(at.font === undefined ? {} : { font: at.font }),
  }));
}
