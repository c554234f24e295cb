import { createHash, type Hash } from "node:crypto";
import type { Exchange } from "../exchange.ts";
import { parameter } from "../body/media-type.ts";

/**
 * What tells whether two requests with one key ask for the same thing: method, target, the media types sent and wanted,
 * and the body. Clients that send a form again make a new boundary for it, so the boundary does not count.
 */
export class RequestFingerprint {
  readonly #hash: Hash = createHash("sha256");
  readonly #boundary: Buffer | undefined;
  #held: Buffer = Buffer.alloc(0);
  #digest: string | undefined;

  constructor({ incoming }: Pick<Exchange, "incoming">) {
    const { accept = "", "content-type": contentType = "" } = incoming.headers;
    const boundary = parameter(contentType, "boundary");
    if (boundary !== undefined && boundary !== "") this.#boundary = Buffer.from(boundary);
    const type = boundary === undefined ? contentType : contentType.replace(boundary, "");
    this.#hash.update(JSON.stringify([incoming.method, incoming.url, accept, type]));
  }

  /** The next bytes of the body. */
  update(chunk: Uint8Array): void {
    if (this.#boundary === undefined) this.#hash.update(chunk);
    else this.#skipBoundaries(this.#boundary, Buffer.concat([this.#held, chunk]));
  }

  /** Of all that has been read; nothing may be read after that. */
  digest(): string {
    return (this.#digest ??= this.#hash.update(this.#held).digest("hex"));
  }

  /** Hashes all but boundaries, and holds back what may be the beginning of one. */
  #skipBoundaries(boundary: Buffer, bytes: Buffer): void {
    let from = 0;
    for (let at = bytes.indexOf(boundary); at >= 0; at = bytes.indexOf(boundary, from)) {
      this.#hash.update(bytes.subarray(from, at));
      from = at + boundary.length;
    }
    const holdFrom = Math.max(from, bytes.length - boundary.length + 1);
    this.#hash.update(bytes.subarray(from, holdFrom));
    this.#held = bytes.subarray(holdFrom);
  }
}
