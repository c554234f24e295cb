/** Other spellings of media types that senders use. */
const aliases: Readonly<Record<string, string>> = {
  "application/x-pdf": "application/pdf",
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/x-png": "image/png",
  "image/tif": "image/tiff",
  "image/x-tiff": "image/tiff",
  "image/x-ms-bmp": "image/bmp",
  "image/x-bmp": "image/bmp",
  "text/json": "application/json",
  "text/x-markdown": "text/markdown",
  "application/csv": "text/csv",
  "audio/wave": "audio/wav",
  "audio/x-wav": "audio/wav",
  "audio/vnd.wave": "audio/wav",
  "audio/mp3": "audio/mpeg",
  "audio/x-mp3": "audio/mpeg",
  "audio/m4a": "audio/mp4",
  "audio/x-m4a": "audio/mp4",
  "audio/opus": "audio/ogg",
  "application/ogg": "audio/ogg",
  "audio/x-flac": "audio/flac",
  "audio/x-aac": "audio/aac",
  "audio/x-aiff": "audio/aiff",
  "audio/3gpp": "video/3gpp",
};

/** Types that senders state when they know nothing; curl's default for `--data-binary` is a form. */
const meaningless: ReadonlySet<string> = new Set([
  "",
  "application/octet-stream",
  "binary/octet-stream",
  "application/x-www-form-urlencoded",
]);

/** A declared media type in lower case, without parameters, under its registered name; undefined when it says nothing. */
export function normalMediaType(declared: string | undefined): string | undefined {
  const essence = (declared ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (meaningless.has(essence) || essence.includes("*")) return undefined;
  return aliases[essence] ?? essence;
}
