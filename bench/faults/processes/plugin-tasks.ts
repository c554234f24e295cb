// Heavy code of plugins that behave badly. Run by the gateway's workers.

/** Takes memory until somebody ends it. */
export function hoard(): never {
  const held: Uint8Array[] = [];
  for (;;) held.push(new Uint8Array(2 ** 26).fill(1));
}

/** Computes for ever. */
export function spin(): never {
  for (;;) Math.random();
}

/** Prints 20 MB. */
export function flood(): number {
  for (let line = 0; line < 100_000; line++) console.log(`${line} ${"x".repeat(200)}`);
  return 100_000;
}
