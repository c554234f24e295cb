import { describe, test } from "vitest";
import { backendChecks, type BackendSubject } from "./conformance/backend-checks.ts";

/**
 * The conformance suite of compute backends: one test per check.
 * @example
 * describeBackend("onnx on the CPU", { create: () => onnx(), source, inputs, otherInputs, outputs, damaged });
 */
export function describeBackend(name: string, subject: BackendSubject): void {
  describe(`${name} is a conforming backend`, () => {
    for (const check of backendChecks) test(check.title, { timeout: 120_000 }, () => check.run(subject));
  });
}
