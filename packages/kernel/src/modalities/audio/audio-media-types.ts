/** Media types recordings travel as. Containers of films are among them: a film is a recording, too. */
export const audioMediaTypes = [
  "audio/wav",
  "audio/mpeg",
  "audio/mp4",
  "audio/ogg",
  "audio/webm",
  "audio/flac",
  "audio/aac",
  "audio/amr",
  "audio/amr-wb",
  "audio/aiff",
  "audio/basic",
  "audio/x-caf",
  "audio/x-matroska",
  "audio/x-ms-wma",
  "video/mp4",
  "video/webm",
  "video/quicktime",
  "video/3gpp",
  "video/ogg",
  "video/x-matroska",
  "video/x-msvideo",
  "video/x-flv",
  "video/mp2t",
  "video/mpeg",
] as const;

export type AudioMediaType = (typeof audioMediaTypes)[number];
