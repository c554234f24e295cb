/** Field of a protobuf message: its number, its type, and whether it repeats. */
const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: "repeated" });
const message = (fields: Readonly<Record<string, object>>, nested: Readonly<Record<string, object>> = {}) => ({
  fields,
  nested,
});
const method = (name: string) => ({ requestType: `${name}Request`, responseType: `${name}Response` });

const modelFields = { name: field(1, "string"), version: field(2, "string") };
const tensorFields = { name: field(1, "string"), datatype: field(2, "string"), shape: list(3, "int64") };
const dataFields = { ...tensorFields, contents: field(5, "InferTensorContents") };

/**
 * The part of the protocol's gRPC service that is used here, as protobuf's JSON descriptor. Names and numbers are those
 * of the Open Inference Protocol (service `inference.GRPCInferenceService`); ModelConfig is an extension of Triton, of
 * whose large message one field is read.
 */
export const openInferenceSchema = {
  nested: {
    inference: {
      nested: {
        GRPCInferenceService: {
          methods: {
            ServerReady: method("ServerReady"),
            ModelMetadata: method("ModelMetadata"),
            ModelConfig: method("ModelConfig"),
            ModelInfer: method("ModelInfer"),
          },
        },
        ServerReadyRequest: message({}),
        ServerReadyResponse: message({ ready: field(1, "bool") }),
        ModelMetadataRequest: message(modelFields),
        ModelMetadataResponse: message(
          { inputs: list(4, "TensorMetadata"), outputs: list(5, "TensorMetadata") },
          { TensorMetadata: message(tensorFields) },
        ),
        ModelConfigRequest: message(modelFields),
        ModelConfigResponse: message({ config: field(1, "ModelConfig") }),
        ModelConfig: message({ maxBatchSize: field(4, "int32") }),
        InferTensorContents: message({
          boolContents: list(1, "bool"),
          intContents: list(2, "int32"),
          int64Contents: list(3, "int64"),
          uintContents: list(4, "uint32"),
          uint64Contents: list(5, "uint64"),
          fp32Contents: list(6, "float"),
          fp64Contents: list(7, "double"),
          bytesContents: list(8, "bytes"),
        }),
        ModelInferRequest: message(
          {
            modelName: field(1, "string"),
            modelVersion: field(2, "string"),
            inputs: list(5, "InferInputTensor"),
            outputs: list(6, "InferRequestedOutputTensor"),
            rawInputContents: list(7, "bytes"),
          },
          {
            InferInputTensor: message(dataFields),
            InferRequestedOutputTensor: message({ name: field(1, "string") }),
          },
        ),
        ModelInferResponse: message(
          { outputs: list(5, "InferOutputTensor"), rawOutputContents: list(6, "bytes") },
          { InferOutputTensor: message(dataFields) },
        ),
      },
    },
  },
} as const;

export type GrpcMethod =
  keyof (typeof openInferenceSchema)["nested"]["inference"]["nested"]["GRPCInferenceService"]["methods"];
