/** Head of an ID3v2 tag (id3.org, ID3v2.4.0, 3.1), and of its footer. */
const TAG_HEAD_BYTES = 10;
const HAS_FOOTER = 0x10;

/** Tags in front of one recording: a tool that did not understand the first wrote a second. */
const MAX_TAGS = 8;

/**
 * A recording without the ID3v2 tags in front of it. They hold pictures of any size, lyrics and names, which nobody here
 * reads, and which decoders complain of when they are damaged. Only the head of each is touched.
 */
export async function withoutTags(blob: Blob): Promise<Blob> {
  let rest = blob;
  for (let count = 0; count < MAX_TAGS; count++) {
    const length = tagLength(new Uint8Array(await rest.slice(0, TAG_HEAD_BYTES).arrayBuffer()));
    if (length === undefined || length >= rest.size) return rest;
    rest = rest.slice(length);
  }
  return rest;
}

function tagLength(head: Uint8Array): number | undefined {
  const [first, second, third, version = 0xff, revision = 0xff, flags = 0, ...size] = head;
  if (head.length < TAG_HEAD_BYTES || first !== 0x49 || second !== 0x44 || third !== 0x33) return undefined;
  if (version === 0xff || revision === 0xff || size.some((byte) => byte > 0x7f)) return undefined;
  const body = size.reduce((sum, byte) => sum * 128 + byte, 0);
  return TAG_HEAD_BYTES + body + ((flags & HAS_FOOTER) === 0 ? 0 : TAG_HEAD_BYTES);
}
