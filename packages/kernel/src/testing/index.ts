export { adapterChecks } from "./conformance/adapter-checks.ts";
export type { AdapterSubject, BadInputCase, ModalitySample, TransformCase } from "./conformance/adapter-subject.ts";
export { backendChecks, type BackendSubject } from "./conformance/backend-checks.ts";
export { ConformanceFailure, runChecks, type Check } from "./conformance/check.ts";
export { defects, type Defect } from "./defects/index.ts";
export { describeAdapter } from "./describe-adapter.ts";
export { describeBackend } from "./describe-backend.ts";
export { createFakeClock, type FakeClock } from "./fake-clock.ts";
export {
  createScriptedBackend,
  type ScriptedBackend,
  type ScriptedBackendOptions,
  type ScriptedModel,
  type ScriptedRun,
} from "./scripted-backend.ts";
export { seededRandom, type SeededRandom } from "./seeded-random.ts";
export { createTestContext, type Recorded, type TestContextOptions } from "./test-context.ts";
