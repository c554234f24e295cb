/** A priority queue: `pop` gives the smallest element by `compare`. */
export interface BinaryHeap<T> {
  readonly size: number;
  push(item: T): void;
  pop(): T | undefined;
}

export function createBinaryHeap<T>(compare: (a: T, b: T) => number): BinaryHeap<T> {
  const items: T[] = [];
  const before = (a: number, b: number): boolean => compare(items[a] as T, items[b] as T) < 0; // both are inside
  const swap = (a: number, b: number): void => {
    [items[a], items[b]] = [items[b] as T, items[a] as T]; // both are inside
  };
  return {
    get size() {
      return items.length;
    },
    push(item) {
      let child = items.push(item) - 1;
      for (let parent = (child - 1) >> 1; child > 0 && before(child, parent); parent = (child - 1) >> 1) {
        swap(child, parent);
        child = parent;
      }
    },
    pop() {
      const top = items[0];
      const last = items.pop();
      if (items.length === 0 || last === undefined) return top;
      items[0] = last;
      for (let parent = 0; ;) {
        let smallest = parent;
        for (const child of [2 * parent + 1, 2 * parent + 2]) {
          if (child < items.length && before(child, smallest)) smallest = child;
        }
        if (smallest === parent) return top;
        swap(parent, smallest);
        parent = smallest;
      }
    },
  };
}
