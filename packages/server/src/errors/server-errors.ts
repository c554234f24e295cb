import { createErrorFactory, type ErrorCatalog } from "@stargate/kernel";

/** Every error the gateway and its command line can raise, beside those of the kernel and the adapters. */
export const serverErrors = {
  // --- configuration
  SG_CONFIG_NOT_FOUND: { title: "Configuration file not found", meaning: "The configuration file named on the command line does not exist.", solution: "Check the path, or leave it out to use the defaults.", status: 500, retryable: false, public: false },
  SG_CONFIG_UNREADABLE: { title: "Configuration file unreadable", meaning: "The configuration file is not valid YAML or TypeScript, or two of them lie side by side.", solution: "Correct the place the message names.", status: 500, retryable: false, public: false },
  SG_CONFIG_INVALID: { title: "Invalid configuration", meaning: "A field of the configuration is unknown or has a wrong value.", solution: "Correct the fields the message names.", status: 500, retryable: false, public: false },
  SG_CONFIG_EXPOSED: { title: "Refusing to listen without keys", meaning: "The gateway was told to listen beyond this machine although no API key exists.", solution: "Run `stargate keys create --tenant <name>`, or bind 127.0.0.1.", status: 500, retryable: false, public: false },
  SG_CONFIG_PIPELINE: { title: "Configured pipeline unusable", meaning: "A pipeline named in the configuration cannot be read, does not compile, or shares its name with another.", solution: "Run `stargate pipelines lint` and correct the pipeline.", status: 500, retryable: false, public: false },
  SG_CONFIG_ADAPTER: { title: "Configured adapter unusable", meaning: "An adapter named in the configuration cannot be loaded.", solution: "Install the package the message names, or correct its name.", status: 500, retryable: false, public: false },
  SG_SERVER_LISTEN: { title: "Cannot listen", meaning: "The address or port cannot be bound.", solution: "Choose another port (PORT or --port), or stop what uses this one.", status: 500, retryable: false, public: false },
  // --- keys
  SG_AUTH_REQUIRED: { title: "API key required", meaning: "The request carries no API key and the gateway asks for one.", solution: "Send `Authorization: Bearer <key>`; the operator makes keys with `stargate keys create`.", status: 401, retryable: false, public: true },
  SG_AUTH_INVALID: { title: "API key not valid", meaning: "The API key is malformed, unknown, revoked or expired.", solution: "Check the key, or ask the operator for a new one.", status: 401, retryable: false, public: true },
  SG_AUTH_ORIGIN: { title: "Cross-site request refused", meaning: "A web page of another site, or a host name that is not this machine's, addressed a gateway that runs without keys.", solution: "Use http://127.0.0.1 or http://localhost, or create an API key and send it.", status: 403, retryable: false, public: true },
  SG_AUTH_KEYS: { title: "Key file unusable", meaning: "The file of API keys or the pepper cannot be read, written or understood.", solution: "Correct the file the message names.", status: 500, retryable: false, public: false },
  // --- requests
  SG_HTTP_NOT_FOUND: { title: "No such path", meaning: "The gateway has nothing at this path.", solution: "Look at /docs or /openapi.json for what there is.", status: 404, retryable: false, public: true },
  SG_HTTP_METHOD: { title: "Method not allowed", meaning: "The path exists but not with this method.", solution: "Use one of the methods in the Allow header.", status: 405, retryable: false, public: true },
  SG_HTTP_MALFORMED: { title: "Malformed request", meaning: "The request is not well-formed HTTP, or a header or query value is wrong.", solution: "Correct the part the message names.", status: 400, retryable: false, public: true },
  SG_HTTP_BODY: { title: "Malformed body", meaning: "The body is not what its content type says, or does not hold the inputs the endpoint takes.", solution: "Correct the place the message names; /docs shows a body for every endpoint.", status: 400, retryable: false, public: true },
  SG_HTTP_BODY_TOO_LARGE: { title: "Body too large", meaning: "The body exceeds the gateway's limit.", solution: "Send less, or ask the operator to raise the limit the message names.", status: 413, retryable: false, public: true },
  SG_HTTP_DISABLED: { title: "Switched off", meaning: "The operator has not allowed this feature.", solution: "Ask the operator to set the field of the configuration the message names.", status: 403, retryable: false, public: true },
  SG_HTTP_BUSY: { title: "Too many requests at once", meaning: "The gateway already works on as many requests as it may.", solution: "Try again after the pause the Retry-After header names.", status: 503, retryable: true, public: true },
  SG_HTTP_DRAINING: { title: "Shutting down", meaning: "The gateway ended before the request was done.", solution: "Send the request again; another instance or the restarted one takes it.", status: 503, retryable: true, public: true },
  SG_OUTPUT_TOO_LARGE: { title: "Output too large for an envelope", meaning: "A binary output was asked for inside JSON and exceeds what fits there.", solution: "Ask for the output's own media type.", status: 406, retryable: false, public: true },
  SG_PIPELINE_UNKNOWN: { title: "Unknown pipeline", meaning: "The configuration has no pipeline of this name.", solution: "Use one of the names GET /v1/pipelines lists.", status: 404, retryable: false, public: true },
  SG_RECEIPT_UNKNOWN: { title: "Unknown receipt", meaning: "There is no receipt with this id for this key, or it is too old to be kept.", solution: "Ask for the receipt soon after the answer, or request `Accept: application/vnd.stargate+json`.", status: 404, retryable: false, public: true },
  SG_SERVER_INTERNAL: { title: "Internal error", meaning: "Something failed that is no fault of the request.", solution: "Send the request again; when it repeats, give the operator the request id.", status: 500, retryable: false, public: true },
  // --- command line
  SG_CLI_USAGE: { title: "Wrong use of the command", meaning: "An argument is missing, unknown or has a wrong value.", solution: "Run the command with --help.", status: 400, retryable: false, public: true },
  SG_CLI_FILE: { title: "File unusable", meaning: "A file named on the command line cannot be read or written.", solution: "Check the path and its permissions.", status: 400, retryable: false, public: true },
  SG_CLI_INTERRUPTED: { title: "Interrupted", meaning: "The user or the system ended the command.", solution: "Start it again.", status: 499, retryable: true, public: true },
  SG_CLI_PROBLEMS: { title: "Problems found", meaning: "A check of the command line (doctor, pipelines lint) found something wrong.", solution: "Follow the hints it printed.", status: 500, retryable: false, public: true },
} as const satisfies ErrorCatalog;

export type ServerErrorCode = keyof typeof serverErrors;

/** Makes an error of the server's catalogue. */
export const fail = createErrorFactory(serverErrors);
