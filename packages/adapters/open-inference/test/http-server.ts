import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ServedModel, servedModels, type ServedTensor } from "./served-models.ts";

/** A model that may take its time. */
export type SlowModel = Omit<ServedModel, "compute"> & {
  readonly compute: (inputs: readonly ServedTensor[]) => ReturnType<ServedModel["compute"]> | Promise<ServedTensor[]>;
};

export interface HttpServerOptions {
  /** What it has, by name. Default: `servedModels`. */
  readonly models?: Readonly<Record<string, SlowModel>> | undefined;
  /** Extensions of its metadata. Default: binary data, as Triton has it. */
  readonly extensions?: readonly string[] | undefined;
  /** Answers in place of the server. False: the server answers. */
  readonly intercept?: ((incoming: IncomingMessage, outgoing: ServerResponse) => boolean) | undefined;
}

/** A server of the protocol on a free port of this machine. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** What was asked, in order: "POST /v2/models/double/infer". */
  readonly requests: { readonly line: string; readonly incoming: IncomingMessage }[];
}

/** Starts a server of the protocol over HTTP, written from its specification with nothing of the code under test. */
export async function startHttpServer({
  models = servedModels,
  extensions,
  intercept,
}: HttpServerOptions = {}): Promise<TestServer> {
  const requests: TestServer["requests"] = [];
  const server = createServer((incoming, outgoing) => {
    requests.push({ line: `${incoming.method} ${incoming.url}`, incoming });
    if (intercept?.(incoming, outgoing) === true) return;
    void answer(incoming, outgoing, { models, extensions: extensions ?? ["binary_tensor_data"] });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { models, extensions }: Required<Pick<HttpServerOptions, "models" | "extensions">>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const json = (value: unknown, status = 200) =>
    void outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  const path = incoming.url ?? "";
  if (path === "/v2") return json({ name: "test", version: "1", extensions });
  if (path === "/v2/health/ready") return void outgoing.writeHead(200).end();
  const [, name = "", rest = ""] = /^\/v2\/models\/([^/]+)(?:\/versions\/1)?(.*)$/.exec(path) ?? [];
  const model = models?.[decodeURIComponent(name)];
  if (model === undefined) return json({ error: `Request for unknown model: '${name}' is not found` }, 404);
  if (rest === "")
    return json({ name, versions: ["1"], platform: "test", inputs: model.inputs, outputs: model.outputs });
  if (rest === "/config") return json({ name, max_batch_size: model.maxBatchSize });
  const headerLength = incoming.headers["inference-header-content-length"];
  const inputs = readInputs(body, headerLength === undefined ? body.length : Number(headerLength));
  if (model.maxBatchSize > 0 && inputs.some(({ shape }) => (shape[0] ?? 0) > model.maxBatchSize))
    return json({ error: `inference request batch-size must be <= ${model.maxBatchSize}` }, 400);
  writeOutputs(outgoing, name, await model.compute(inputs));
}

interface JsonTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: readonly unknown[];
  readonly parameters?: { readonly binary_data_size?: number };
}

function readInputs(body: Buffer, headerLength: number): readonly ServedTensor[] {
  const { inputs } = JSON.parse(body.subarray(0, headerLength).toString()) as { inputs: readonly JsonTensor[] };
  let offset = headerLength;
  return inputs.map(({ name, datatype, shape, data, parameters }) => {
    const start = offset;
    offset += parameters?.binary_data_size ?? 0;
    const form = data === undefined ? { raw: body.subarray(start, offset) } : { values: data };
    return { name, datatype, shape, ...form };
  });
}

function writeOutputs(outgoing: ServerResponse, name: string, outputs: readonly ServedTensor[]): void {
  const header = JSON.stringify({
    model_name: name,
    model_version: "1",
    outputs: outputs.map(({ raw, values, ...output }) =>
      raw === undefined ? { ...output, data: values } : { ...output, parameters: { binary_data_size: raw.length } },
    ),
  });
  const raws = outputs.flatMap(({ raw }) => (raw === undefined ? [] : [raw]));
  const length = { "inference-header-content-length": String(Buffer.byteLength(header)) };
  outgoing.writeHead(200, { "content-type": "application/octet-stream", ...(raws.length > 0 && length) });
  outgoing.end(Buffer.concat([Buffer.from(header), ...raws]));
}
