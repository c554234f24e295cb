// The entry @stargate/kernel/open-inference: what the adapter that asks servers and the gateway that is one share of the
// Open Inference Protocol (KServe v2, Triton).

export { datatypeOf, dtypeOf } from "./open-inference/datatypes.ts";
export { tensorFromJson } from "./open-inference/json-data.ts";
export { decodeMessage, encodeMessage, headerLengthHeader, type OutgoingTensor } from "./open-inference/message.ts";
