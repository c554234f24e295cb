const MAX_NAME_BYTES = 180; // of 255: what we append must fit, too

// oxlint-disable-next-line eslint/no-control-regex -- control characters are what is taken out
const forbidden = /[\u0000-\u001f\u007f<>:"|?*]/g;

/**
 * A file name made of a name that came from outside: no folders, no control characters, never hidden, and short
 * enough to have something appended. Empty names become `fallback`.
 */
export function safeFileName(name: string, fallback = "item"): string {
  const last = name.replaceAll("\\", "/").split("/").at(-1) ?? "";
  const clean = last.replaceAll(forbidden, "_").replace(/^\.+/, "").trim();
  return shorten(clean === "" ? fallback : clean);
}

/** Another extension for a name: "scan.jpg", ".pdf" -> "scan.pdf". */
export function withExtension(name: string, extension: string): string {
  const dot = name.lastIndexOf(".");
  return shorten(`${dot > 0 ? name.slice(0, dot) : name}${extension}`);
}

// Cuts in the middle of the stem, so that the extension stays; never inside a character.
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : "";
  const characters = Array.from(name.slice(0, name.length - extension.length));
  while (Buffer.byteLength(characters.join("") + extension) > MAX_NAME_BYTES) characters.pop();
  return characters.join("") + extension;
}
