/**
 * Whether `text` fits a glob: `*` is any run of characters, `?` exactly one; everything else stands for itself.
 * Greedy with one backtrack point (the last `*`): at worst pattern times text steps, never exponential.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let textIndex = 0;
  let patternIndex = 0;
  let starIndex = -1;
  let resumeIndex = 0;
  while (textIndex < text.length) {
    const symbol = pattern[patternIndex];
    if (symbol === "*") {
      starIndex = patternIndex++;
      resumeIndex = textIndex;
    } else if (symbol === "?" || symbol === text[textIndex]) {
      patternIndex++;
      textIndex++;
    } else if (starIndex >= 0) {
      patternIndex = starIndex + 1;
      textIndex = ++resumeIndex;
    } else {
      return false;
    }
  }
  while (pattern[patternIndex] === "*") patternIndex++;
  return patternIndex === pattern.length;
}
