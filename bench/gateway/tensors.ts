import { decodeMessage, encodeMessage, headerLengthHeader } from "@stargate/kernel/open-inference";
import { interleave } from "../support/interleave.ts";
import { result, type BenchResult } from "../support/result.ts";
import { startGateway, type GatewayProcess } from "./gateway-process.ts";

const values = 2 ** 18;

/**
 * A tensor of 1 MiB (float32) to a model that gives it back, by the Open Inference Protocol: as binary data both ways,
 * and as JSON both ways. The client sends bytes made once and reads the answer whole, but does not parse it.
 */
export async function measureTensors(note: (message: string) => void): Promise<readonly BenchResult[]> {
  await using gateway = await startGateway({});
  const data = Float32Array.from({ length: values }, (_, index) => Math.fround(Math.sin(index)));
  const binary = await client(gateway, data, true);
  const json = await client(gateway, data, false);
  note("tensors: 1 MiB as binary data and as JSON in turn");
  const p50s = await interleave(
    [
      { name: "binary", call: binary },
      { name: "json", call: json },
    ],
    { rounds: 9, callsPerRound: 12 },
  );
  const binaryMs = (p50s.get("binary") ?? Number.NaN) / 1000;
  const jsonMs = (p50s.get("json") ?? Number.NaN) / 1000;
  return [
    result("tensor of 1 MiB there and back: binary data over JSON", jsonMs / binaryMs, "x", { goal: ">= 3" }),
    result("tensor of 1 MiB there and back, binary data", binaryMs, "ms", { baseline: jsonMs }),
  ];
}

/** One call; the first is looked at. */
async function client(
  { port, authorization }: GatewayProcess,
  data: Float32Array,
  binary: boolean,
): Promise<() => Promise<void>> {
  const tensor = { dtype: "float32", shape: [data.length], data } as const;
  const head = { parameters: { binary_data_output: binary } };
  const { body, headerBytes } = encodeMessage(head, "inputs", [{ name: "x", tensor, binary }]);
  const headers: Record<string, string> = { authorization };
  if (headerBytes !== undefined) headers[headerLengthHeader] = String(headerBytes);
  const call = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/v2/models/bench-identity/infer`, {
      method: "POST",
      headers,
      body,
    });
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  };
  const { response, bytes } = await call();
  if (!response.ok) throw new RangeError(`The gateway answered ${response.status}: ${Buffer.from(bytes).toString()}`);
  const length = response.headers.get(headerLengthHeader);
  const { tensors } = decodeMessage(bytes, length === null ? undefined : Number(length), "outputs");
  const [got] = tensors.values();
  if ((length !== null) !== binary || got?.data.length !== data.length || got.data[1] !== data[1])
    throw new RangeError("The gateway answered with another tensor than it was sent");
  return async () => void (await call());
}
