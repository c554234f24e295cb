/** Orders "major.minor.patch" versions, the newest first. Definitions admit no other form. */
export function newestFirst(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let part = 0; part < 3; part++) {
    const difference = (right[part] ?? 0) - (left[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
