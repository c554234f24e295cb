import type { StargateError } from "@stargate/kernel";
import { fail } from "../open-inference-errors.ts";
import { quoteMessage } from "../server-client.ts";

/** Status codes of gRPC (grpc.io, "Status codes and their use in gRPC") that do not mean a failed or lost server. */
const CANNOT = new Set([
  3, // INVALID_ARGUMENT
  5, // NOT_FOUND
  6, // ALREADY_EXISTS
  9, // FAILED_PRECONDITION
  11, // OUT_OF_RANGE
  12, // UNIMPLEMENTED
]);
const KEY = new Set([
  7, // PERMISSION_DENIED
  16, // UNAUTHENTICATED
]);
const RESOURCE_EXHAUSTED = 8;
const DEADLINE_EXCEEDED = 4;

/** What a gRPC call that failed means. */
export function grpcFailure(
  server: string,
  { code, details }: { readonly code: number; readonly details: string },
  timeoutMs: number,
  cause: unknown,
): StargateError {
  const said = `Server "${server}" answers with gRPC status ${code}: ${quoteMessage(details)}`;
  if (CANNOT.has(code)) return fail("SG_OPEN_INFERENCE_REFUSED", said, { cause });
  if (KEY.has(code)) return fail("SG_OPEN_INFERENCE_KEY", said, { cause });
  // grpc-js itself says so of an answer above the limit of the channel.
  if (code === RESOURCE_EXHAUSTED && /larger than max/.test(details))
    return fail("SG_INPUT_TOO_LARGE", said, { cause });
  if (code === RESOURCE_EXHAUSTED) return fail("SG_COMPUTE_OVERLOADED", said, { cause });
  const late = code === DEADLINE_EXCEEDED ? `Server "${server}" was not done after ${timeoutMs} ms` : said;
  return fail("SG_COMPUTE_HOST_LOST", late, { cause });
}
