import type { TensorDtype } from "@stargate/kernel";
import { datatypeOf } from "@stargate/kernel/open-inference";
import { z } from "zod";

/** Address of a server: "http://127.0.0.1:8000", "https://...", "grpc://127.0.0.1:8001" or "grpcs://...". */
const url = z
  .url({
    protocol: /^(https?|grpcs?)$/,
    error: 'expected the address of a server: "http://127.0.0.1:8000" or "grpc://127.0.0.1:8001"',
  })
  .transform((text) => text.replace(/\/+$/, "").replace(/\/v2$/, ""));

const serverFields = z.strictObject({
  url,
  /** Name of the secret that holds the API key, sent as `Authorization: Bearer`. Absent: none is sent. */
  apiKey: z.string().min(1).max(200).optional(),
  /** Further headers of every request (gRPC: metadata), for proxies that route by them. Not for secrets. */
  headers: z.record(z.string().regex(/^[a-z0-9-]+$/i), z.string()).default({}),
  /**
   * Whether inputs are sent as raw bytes. "auto": when the server lists the extension `binary_tensor_data`. gRPC always
   * does.
   */
  binary: z.enum(["auto", "always", "never"]).default("auto"),
  /** Longest time for one request. Over HTTP the host's own limit holds as well. */
  timeoutMs: z.int().positive().max(3_600_000).default(30_000),
});
const serverSchema = z.union([url.transform((address) => serverFields.parse({ url: address })), serverFields]);

const dtype = z.string().refine((text): text is TensorDtype => datatypeOf(text as TensorDtype) !== undefined, {
  error: 'expected an element type: "float32", "int64", "string" ...',
});
const tensorSpecs = z
  .array(z.strictObject({ name: z.string().min(1), dtype, shape: z.array(z.union([z.int().min(-1), z.string()])) }))
  .min(1);

/** `settings` of a model: which model of which server it is. */
export const modelSettingsSchema = z.strictObject({
  /** A server of the adapter's options. Absent: any of them. */
  server: z.string().min(1).optional(),
  /** What the server calls the model. Default: its id here. */
  name: z.string().min(1).optional(),
  /** Version on the server. Absent: the server's choice. */
  version: z.string().min(1).optional(),
  /** Inputs and outputs, for a server that does not tell them; -1 or a name is a dynamic dimension. */
  signature: z.strictObject({ inputs: tensorSpecs, outputs: tensorSpecs }).optional(),
});

const modelSchema = z.strictObject({
  ...modelSettingsSchema.shape,
  /** See `ModelSpec.batching`. Absent: when the server says that it batches. */
  batching: z.enum(["first-axis", "none"]).optional(),
  /** SPDX expression. */
  licence: z.string().min(1).default("NOASSERTION"),
  /** 0-1 against other variants of the same model elsewhere. */
  quality: z.number().min(0).max(1).default(1),
});

/** Options of the adapter: what the operator decides. */
export const openInferenceOptionsSchema = z
  .strictObject({
    /** Servers by name, each an address or `{ url, ... }`; each is a device of the backend. */
    servers: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, "names are kebab-case"), serverSchema).default({}),
    /** Models by id. Those that name no server run on any of them. */
    models: z.record(z.string().min(1), modelSchema).default({}),
    /**
     * "allow": servers may be asked over gRPC, which goes straight to the addresses above, past the gateway's allow-list
     * of hosts and networks.
     */
    grpc: z.enum(["refuse", "allow"]).default("refuse"),
  })
  .superRefine(({ servers, models, grpc }, context) => {
    for (const [name, server] of Object.entries(servers))
      if (grpc === "refuse" && isGrpc(server.url))
        context.addIssue({
          code: "custom",
          path: ["servers", name, "url"],
          message: 'gRPC does not pass the gateway\'s allow-list; set `grpc: "allow"` if that is meant',
        });
    for (const [id, { server }] of Object.entries(models))
      if (server !== undefined && !Object.hasOwn(servers, server))
        context.addIssue({ code: "custom", path: ["models", id, "server"], message: `there is no server "${server}"` });
  });

export type OpenInferenceOptions = Readonly<z.output<typeof openInferenceOptionsSchema>>;
export type OpenInferenceOptionsInput = Readonly<z.input<typeof openInferenceOptionsSchema>>;
export type OpenInferenceModelSettings = Readonly<z.output<typeof modelSettingsSchema>>;
export type ServerOptions = OpenInferenceOptions["servers"][string];
export type ModelOptions = OpenInferenceOptions["models"][string];

/** Whether a server is asked over gRPC. */
export function isGrpc(address: string): boolean {
  return address.startsWith("grpc");
}
