import { z } from "zod";

const bytesPerUnit: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};

const byteSizePattern = /^(\d+(?:\.\d+)?)\s*([KMG]?i?B)$/i;

/** A number of bytes, written as a number or as text with a unit: 1048576, "512 MiB", "2 GB". */
export const byteSizeSchema = z
  .union(
    [z.int().positive(), z.string().regex(byteSizePattern, 'expected a number of bytes or text such as "512 MiB"')],
    {
      error: 'expected a number of bytes or text such as "512 MiB"',
    },
  )
  .transform((size) => (typeof size === "number" ? size : parseByteSize(size)));

function parseByteSize(text: string): number {
  const [, amount = "0", unit = "B"] = byteSizePattern.exec(text) ?? [];
  return Math.round(Number(amount) * (bytesPerUnit[unit.toUpperCase()] ?? 1));
}

/** "1.5 GiB": bytes for people, at most one decimal. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const amount = bytes / 2 ** (10 * power);
  return `${Number.isInteger(amount) ? amount : amount.toFixed(1)} ${units[power] ?? "B"}`;
}
