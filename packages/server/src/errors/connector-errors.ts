import { createErrorFactory, type ErrorCatalog } from "@stargate/kernel";

/** Errors of the server's own sources and sinks, and of the services made of them. */
export const connectorErrors = {
  SG_CONNECTOR_FOLDER: {
    title: "Folder not usable",
    meaning: "A folder of a source or sink does not exist, or may not be read or written.",
    solution: "Create the folder and give the gateway's user access to it.",
    status: 500,
    retryable: true,
    public: false,
  },
  SG_CONNECTOR_LOCKED: {
    title: "Folder in use",
    meaning: "Another running process holds this folder.",
    solution: "Stop the other process, or give each its own folder.",
    status: 409,
    retryable: true,
    public: false,
  },
  SG_CONNECTOR_FULL: {
    title: "Queue full",
    meaning: "The push queue holds as many items or bytes as it may.",
    solution: "Try again later, or raise the queue's limits.",
    status: 503,
    retryable: true,
    public: true,
  },
  SG_CONNECTOR_UNAVAILABLE: {
    title: "Receiver did not take the result",
    meaning: "A webhook's receiver could not be reached, or answered with an error that may pass.",
    solution: "Check the receiver; the delivery is tried again.",
    status: 502,
    retryable: true,
    public: true,
  },
  SG_CONNECTOR_REFUSED: {
    title: "Receiver refused the result",
    meaning: "A webhook's receiver says that this result can never be taken.",
    solution: "Look at what the receiver expects.",
    status: 502,
    retryable: false,
    public: true,
  },
  SG_CONNECTOR_SIGNATURE: {
    title: "Signature not valid",
    meaning: "A webhook's signature is missing, too old, or does not fit the body and the secret.",
    solution: "Use the secret of the sending service, and check the body's bytes before parsing them.",
    status: 401,
    retryable: false,
    public: true,
  },
  SG_SERVICE_CONFIG: {
    title: "Service not usable",
    meaning: "A service of the configuration is not well formed, or names what is not there.",
    solution: "Correct the place the message names.",
    status: 500,
    retryable: false,
    public: false,
  },
  SG_SERVICE_UNKNOWN: {
    title: "No such service",
    meaning: "The gateway runs no service of this name that takes pushed items.",
    solution: 'Use one of the names GET /v1/services lists with "push".',
    status: 404,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

/** Makes an error of a connector or service. */
export const failConnector = createErrorFactory(connectorErrors);
