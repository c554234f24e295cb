/**
 * Lets several readers read one source, in step: the next one comes when all have taken the one before, so that nothing is
 * kept. Every reader must read to the end.
 */
export function shareOut<Item>(source: AsyncIterator<Item>, readers: number): () => AsyncGenerator<Item> {
  let coming: Promise<IteratorResult<Item>> | undefined;
  let waiting: (() => void)[] = [];

  /** Waits until all readers are here. */
  function meet(): Promise<void> {
    return new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length < readers) return;
      coming = undefined;
      const all = waiting;
      waiting = [];
      for (const wake of all) wake();
    });
  }

  return async function* read() {
    for (;;) {
      coming ??= source.next();
      const next = await coming;
      await meet();
      if (next.done === true) return;
      yield next.value;
    }
  };
}
