import type { ErrorCatalog } from "./catalog-entry.ts";
import { createErrorFactory } from "./error-factory.ts";

/** Every error the kernel can raise. Codes are never reused. */
export const kernelErrors = {
  // --- input: what a caller gave us
  SG_INPUT_EMPTY: { title: "Empty input", meaning: "The input has zero bytes.", solution: "Send a file or text with content.", status: 400, retryable: false, public: true },
  SG_INPUT_INVALID: { title: "Invalid value", meaning: "A value does not fit its modality's schema.", solution: "Correct the field the message names.", status: 422, retryable: false, public: true },
  SG_INPUT_CORRUPT: { title: "Unreadable input", meaning: "The bytes claim to be a format but cannot be read as it: truncated or damaged.", solution: "Check that the file opens elsewhere and send it whole.", status: 422, retryable: false, public: true },
  SG_INPUT_UNRECOGNISED: { title: "Unrecognised input", meaning: "No installed modality recognises the bytes or accepts the media type.", solution: "Send one of the listed media types, or install the adapter that reads it.", status: 415, retryable: false, public: true },
  SG_INPUT_TOO_LARGE: { title: "Input too large", meaning: "The input exceeds a limit on bytes, pixels, pages or seconds.", solution: "Send a smaller input or raise the limit the message names.", status: 413, retryable: false, public: true },
  SG_INPUT_ENCRYPTED: { title: "Encrypted input", meaning: "The file needs a password to be read.", solution: "Remove the password and send the file again.", status: 422, retryable: false, public: true },
  SG_INPUT_CONTRADICTS: { title: "Declared as something else", meaning: "The input was declared as one media type and its bytes are another; the bytes were believed. Itemised in the receipt, never thrown.", solution: "Declare the media type the message names.", status: 200, retryable: false, public: true },
  SG_OUTPUT_NOT_ACCEPTABLE: { title: "Encoding not available", meaning: "The output modality cannot be written as the media type asked for.", solution: "Ask for one of the listed media types.", status: 406, retryable: false, public: true },
  // --- definitions and adapters
  SG_DEFINE_INVALID: { title: "Invalid definition", meaning: "A modality, transform, backend, connector or adapter is not well formed.", solution: "Correct the field the message names.", status: 500, retryable: false, public: false },
  SG_OPTIONS_INVALID: { title: "Invalid options", meaning: "An option is unknown or has a wrong value.", solution: "Use the option names and values the message lists.", status: 422, retryable: false, public: true },
  SG_ADAPTER_SPEC: { title: "Adapter for another kernel", meaning: "The adapter was written for a contract version this kernel does not load.", solution: "Install a version of the adapter made for this kernel.", status: 500, retryable: false, public: false },
  SG_ADAPTER_CONFLICT: { title: "Two adapters define the same thing", meaning: "Two open adapters define the same id at the same version.", solution: "Remove one of the two adapters.", status: 500, retryable: false, public: false },
  SG_REGISTRY_UNKNOWN: { title: "Unknown name", meaning: "No open adapter defines this modality, transform, model or connector.", solution: "Use one of the names the message suggests, or open the adapter that defines it.", status: 404, retryable: false, public: true },
  // --- graph: composing pipelines
  SG_GRAPH_INVALID: { title: "Invalid pipeline", meaning: "The pipeline is not well formed.", solution: "Correct the place the message names.", status: 422, retryable: false, public: true },
  SG_GRAPH_MISMATCH: { title: "Steps do not fit together", meaning: "A step is fed another modality than it takes.", solution: "Insert the conversion the message names.", status: 422, retryable: false, public: true },
  // --- plan
  SG_PLAN_NO_PATH: { title: "No way from here to there", meaning: "No chain of open transforms leads from the input to the goal under the policy.", solution: "Open an adapter that provides the missing hop, or relax the policy the message names.", status: 422, retryable: false, public: true },
  // --- run
  SG_RUN_CANCELLED: { title: "Cancelled", meaning: "The caller gave up.", solution: "Send the request again.", status: 499, retryable: true, public: true },
  SG_RUN_DEADLINE: { title: "Deadline exceeded", meaning: "The run did not finish within its deadline.", solution: "Raise the deadline or send a smaller input.", status: 504, retryable: true, public: true },
  SG_RUN_RESTRICTED: { title: "Input refused by a restriction", meaning: "A transform declares that it cannot handle this input.", solution: "Follow the restriction's note.", status: 422, retryable: false, public: true },
  SG_RUN_FAILED: { title: "Step failed", meaning: "A step failed with an error that is not in a catalogue.", solution: "Look up the request id in the server's log.", status: 500, retryable: false, public: false },
  SG_RUN_OUTPUT_INVALID: { title: "Step gave an invalid value", meaning: "A transform returned a value that does not fit the schema of its output modality.", solution: "Correct the transform at the field the message names.", status: 500, retryable: false, public: false },
  SG_RUN_STALLED: { title: "Run stalled", meaning: "Every process of the run waits for another one. This is a defect of the kernel.", solution: "Report the pipeline and the message; run with a deadline meanwhile.", status: 500, retryable: false, public: false },
  SG_RUN_LOOP_LIMIT: { title: "Loop bound reached", meaning: "A loop reached its largest number of iterations before its condition held; its last value was taken.", solution: "Raise maxIterations, or correct the condition.", status: 422, retryable: false, public: true },
  SG_RUN_ISSUES_LEFT_OUT: { title: "Issues left out", meaning: "The run had more issues than a receipt itemises.", solution: "Listen to the run's events to see all of them.", status: 200, retryable: false, public: true },
  SG_RUN_CHECKPOINT_UNSUPPORTED: { title: "Pipeline cannot be resumed", meaning: "A checkpoint cannot hold what a step of the pipeline remembers.", solution: "Change the step the message names, or run without checkpoints.", status: 422, retryable: false, public: true },
  SG_COVERAGE_INVALID: { title: "Impossible coverage", meaning: "A transform reported a coverage that cannot be true.", solution: "Correct the numbers the transform passes to ctx.coverage.", status: 500, retryable: false, public: true },
  SG_COVERAGE_MISSING: { title: "No coverage reported", meaning: "A transform read measurable input and did not say how much of it.", solution: "Call ctx.coverage in the transform, or declare coverage: \"whole\".", status: 500, retryable: false, public: true },
  SG_COVERAGE_TOO_LOW: { title: "Answer not complete enough", meaning: "Less of the input was read than the policy's completeness asks for.", solution: "Look at the issues, or lower the policy's completeness.", status: 422, retryable: false, public: true },
  SG_DEGRADE_REFUSED: { title: "Degradation refused", meaning: "The answer could only be made with less than the best, and the policy says degrade: \"never\".", solution: "Allow degradation, or make the better engine or model available.", status: 503, retryable: true, public: true },
  SG_RUNG_UNAVAILABLE: { title: "Rung not available", meaning: "This rung of a transform's ladder cannot run here (engine or model not installed); the runner takes the next.", solution: "Install what the message names.", status: 503, retryable: true, public: true },
  // --- state, services
  SG_STATE_INVALID: { title: "State does not fit", meaning: "A stored state cannot be read by this version of the transform.", solution: "Migrate or delete the state the message names.", status: 500, retryable: false, public: false },
  SG_CLOSE_FAILED: { title: "Not everything could be closed", meaning: "An engine or connection failed while it was being closed.", solution: "Look at the cause; restart the process when resources stay in use.", status: 500, retryable: false, public: false },
  SG_SERVICE_MISMATCH: { title: "Service does not fit together", meaning: "The pipeline of a service does not take what its source gives.", solution: "Use a pipeline with one input of the source's modality.", status: 500, retryable: false, public: false },
  // --- host
  SG_FETCH_DENIED: { title: "Network access refused", meaning: "The operator has not allowed this address.", solution: "Add the host to the allow-list, or send the content itself.", status: 403, retryable: false, public: true },
  SG_FETCH_FAILED: { title: "Address not reached", meaning: "An allowed address did not answer: no such name, connection refused, broken connection.", solution: "Check the address and the network, then try again.", status: 502, retryable: true, public: true },
  SG_OFFLOAD_FAILED: { title: "Worker failed", meaning: "A worker ended before its task was done.", solution: "Send the request again; look at the server's log when it repeats.", status: 503, retryable: true, public: false },
  SG_OFFLOAD_BUSY: { title: "Too many tasks waiting", meaning: "The queue in front of the workers is full.", solution: "Try again later, or give the gateway more workers.", status: 503, retryable: true, public: true },
  SG_SCRATCH_FULL: { title: "Temporary space exhausted", meaning: "The run used more temporary space than its quota.", solution: "Raise the scratch quota or send a smaller input.", status: 507, retryable: false, public: true },
  SG_COMPUTE_UNAVAILABLE: { title: "No compute for this model", meaning: "No backend can run the model.", solution: "Open a backend adapter that loads the model's format.", status: 503, retryable: true, public: true },
  SG_COMPUTE_MODEL: { title: "Model cannot be loaded", meaning: "The model's bytes are damaged, or in a format the backend does not load.", solution: "Pull the model again, or use a backend that loads its format.", status: 503, retryable: false, public: true },
  SG_COMPUTE_DEVICE: { title: "Device not available", meaning: "The device a model was pinned to is not there or cannot be used; nothing else was used in its place.", solution: "Choose a device that the backend's probe lists as available.", status: 503, retryable: false, public: true },
  SG_COMPUTE_CLOSED: { title: "Model already unloaded", meaning: "A run was asked of a model that has been unloaded.", solution: "Load the model again before running it.", status: 503, retryable: true, public: false },
  SG_COMPUTE_INPUT: { title: "Tensors do not fit the model", meaning: "An input's name, shape or dtype differs from the model's signature.", solution: "Correct the input the message names.", status: 422, retryable: false, public: true },
} as const satisfies ErrorCatalog;

export type KernelErrorCode = keyof typeof kernelErrors;

/** Makes a kernel error. */
export const fail = createErrorFactory(kernelErrors);
