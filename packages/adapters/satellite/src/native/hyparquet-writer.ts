/** One column; null where a row has no value. */
interface ParquetColumn {
  readonly name: string;
  readonly type: "BOOLEAN" | "DOUBLE" | "STRING" | "BYTE_ARRAY";
  readonly values: readonly (boolean | number | string | Uint8Array | null)[];
}

/** Writes a Parquet file with Snappy compression. Every column may have nulls; `metadata` are pairs of the whole file. */
export async function writeParquet(
  columns: readonly ParquetColumn[],
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name, type, values }) => ({ name, type, data: [...values], nullable: true })),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: "stargate",
  });
  return new Uint8Array(buffer);
}
