/** Flags of Node that decide how modules are found and what is told; their values may stand in the next argument. */
const withValue = [
  "--conditions",
  "-C",
  "--import",
  "--require",
  "-r",
  "--experimental-loader",
  "--loader",
  "--disable-warning",
];
const alone = ["--enable-source-maps", "--no-warnings", "--preserve-symlinks"];

/**
 * Flags a worker takes over from its host: hooks and conditions hold in workers, too. Everything else stays behind:
 * a thread refuses to start with flags of V8 (--expose-gc, --max-old-space-size), and --inspect would take the port.
 */
export function workerFlags(hostFlags: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < hostFlags.length; index++) {
    const flag = hostFlags[index] ?? "";
    const [name = ""] = flag.split("=", 1);
    const value = hostFlags[index + 1];
    if (alone.includes(flag) || (withValue.includes(name) && name !== flag)) kept.push(flag);
    else if (withValue.includes(flag) && value !== undefined) {
      kept.push(flag, value);
      index++;
    }
  }
  return kept;
}
