/** Tells an iterator that nobody wants more. What it throws while it cleans up has no one left to tell. */
export async function returnQuietly(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The consumer has what it wanted, or failed with an error of its own that counts more.
  }
}
