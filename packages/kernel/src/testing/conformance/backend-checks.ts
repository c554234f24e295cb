import type {
  BackendProbe,
  ComputeBackend,
  LoadedModel,
  ModelSource,
  Tensor,
  TensorMap,
} from "../../contract/compute-backend.ts";
import { isStargateError } from "../../errors/stargate-error.ts";
import { digestValue } from "../../util/digest.ts";
import { describeError, must, type Check } from "./check.ts";

/** What `describeBackend` looks at. */
export interface BackendSubject {
  create(): ComputeBackend | Promise<ComputeBackend>;
  /** A small model with known inputs and outputs. */
  readonly source: ModelSource;
  inputs(): TensorMap;
  readonly outputs: TensorMap;
  /** Other inputs of the same shapes that give other outputs. */
  otherInputs(): TensorMap;
  /** A model that cannot be loaded. */
  readonly damaged: ModelSource;
  /** Largest accepted difference of float outputs. Default 1e-6. */
  readonly tolerance?: number | undefined;
}

const live = new AbortController().signal;

/** Everything `describeBackend` checks, in order. */
export const backendChecks: readonly Check<BackendSubject>[] = [
  check("probe-names-devices", "says what it is and which devices there are", async ({ backend }) => {
    const probe = await backend.probe({ signal: live });
    must(
      probe.backend === backend.id && probe.version !== "" && probe.devices.length > 0,
      "probe() names no backend, version or device",
    );
  }),
  check("probe-explains-refusals", "says why a device cannot be used", async ({ backend }) => {
    for (const device of (await backend.probe({ signal: live })).devices)
      must(device.available || (device.reason ?? "") !== "", `Device "${device.id}" is refused without a reason`);
  }),
  check("probe-repeats", "probes the same devices each time, each once", async ({ backend }) => {
    const ids = (probe: BackendProbe) => probe.devices.map(({ id }) => id).join();
    const first = await backend.probe({ signal: live });
    must(ids(first) === ids(await backend.probe({ signal: live })), "two probes list different devices");
    must(new Set(first.devices.map(({ id }) => id)).size === first.devices.length, "a device is listed twice");
  }),
  check("signature", "knows inputs and outputs of a loaded model", async ({ model, subject }) => {
    const names = (specs: readonly { readonly name: string }[]) =>
      specs
        .map(({ name }) => name)
        .sort()
        .join();
    must(
      names(model.signature.inputs) === Object.keys(subject.inputs()).sort().join(),
      `signature lists inputs ${names(model.signature.inputs)}`,
    );
    must(
      names(model.signature.outputs) === Object.keys(subject.outputs).sort().join(),
      `signature lists outputs ${names(model.signature.outputs)}`,
    );
  }),
  check("device-is-probed", "runs on a device that its probe lists as available", async ({ backend, model }) => {
    const device = (await backend.probe({ signal: live })).devices.find(({ id }) => id === model.device);
    must(device?.available === true, `the model says it runs on "${model.device}"`);
  }),
  check("computes", "computes what is expected", async ({ model, subject }) =>
    equal(await model.run(subject.inputs(), { signal: live }), subject),
  ),
  check(
    "outputs-fit-signature",
    "gives outputs of the dtype, rank and length its signature says",
    async ({ model, subject }) => {
      const outputs = await model.run(subject.inputs(), { signal: live });
      for (const spec of model.signature.outputs) {
        const tensor = outputs[spec.name];
        must(
          tensor !== undefined && tensor.dtype === spec.dtype && tensor.shape.length === spec.shape.length,
          `output "${spec.name}" does not fit the signature`,
        );
        must(
          tensor.data.length === tensor.shape.reduce((product, size) => product * size, 1),
          `output "${spec.name}" has ${tensor.data.length} values for shape [${tensor.shape.join()}]`,
        );
      }
    },
  ),
  check("repeats", "gives the same outputs for the same inputs", async ({ model, subject }) => {
    const digests = [
      await digestValue(await model.run(subject.inputs(), { signal: live })),
      await digestValue(await model.run(subject.inputs(), { signal: live })),
    ];
    must(digests[0] === digests[1], "two runs on equal inputs differ");
  }),
  check("depends-on-input", "gives other outputs for other inputs", async ({ model, subject }) => {
    const digests = [
      await digestValue(await model.run(subject.inputs(), { signal: live })),
      await digestValue(await model.run(subject.otherInputs(), { signal: live })),
    ];
    must(digests[0] !== digests[1], "other inputs give the same outputs: hard-coded?");
  }),
  check("parallel-runs", "keeps parallel runs apart", async ({ model, subject }) => {
    const alone = [
      await digestValue(await model.run(subject.inputs(), { signal: live })),
      await digestValue(await model.run(subject.otherInputs(), { signal: live })),
    ];
    const together = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        model.run(index % 2 === 0 ? subject.inputs() : subject.otherInputs(), { signal: live }),
      ),
    );
    for (const [index, outputs] of together.entries())
      must(
        (await digestValue(outputs)) === alone[index % 2],
        `run ${index} of 8 in parallel got another run's outputs`,
      );
  }),
  check("outputs-own-memory", "does not overwrite outputs it has handed out", async ({ model, subject }) => {
    const first = await model.run(subject.inputs(), { signal: live });
    const before = await digestValue(first);
    await model.run(subject.otherInputs(), { signal: live });
    must((await digestValue(first)) === before, "a later run changed the outputs of an earlier one");
  }),
  check("inputs-untouched", "leaves its inputs as they were", async ({ model, subject }) => {
    const inputs = subject.inputs();
    const before = await digestValue(inputs);
    await model.run(inputs, { signal: live });
    must((await digestValue(inputs)) === before, "run() changed its inputs");
  }),
  refusal("missing-input", "names a missing input", "SG_COMPUTE_INPUT", (inputs) => omitFirst(inputs)),
  refusal("unknown-input", "names an input the model does not have", "SG_COMPUTE_INPUT", (inputs) => ({
    ...inputs,
    "surely-no-input": first(inputs),
  })),
  refusal("wrong-dtype", "refuses a wrong dtype", "SG_COMPUTE_INPUT", (inputs) =>
    change(inputs, (tensor) => ({
      ...tensor,
      dtype: tensor.dtype === "float64" ? "float32" : "float64",
      data: tensor.dtype === "float64" ? new Float32Array(tensor.data.length) : new Float64Array(tensor.data.length),
    })),
  ),
  refusal("wrong-rank", "refuses a wrong number of dimensions", "SG_COMPUTE_INPUT", (inputs) =>
    change(inputs, (tensor) => ({ ...tensor, shape: [...tensor.shape, 1] })),
  ),
  refusal("wrong-length", "refuses data that does not fill its shape", "SG_COMPUTE_INPUT", (inputs) =>
    change(inputs, (tensor) => ({ ...tensor, data: tensor.data.slice(1) as typeof tensor.data })),
  ),
  check(
    "unknown-device",
    "refuses a device that is not there instead of using another",
    async ({ backend, subject }) => {
      await refused("SG_COMPUTE_DEVICE", backend.load(subject.source, { device: "surely-no-device:7", signal: live }));
    },
  ),
  check("refused-device", "refuses every device its probe refuses", async ({ backend, subject }) => {
    for (const { id, kind, available } of (await backend.probe({ signal: live })).devices) {
      // A server that does not answer now may do so later: that is worth trying again, a missing card is not.
      const codes = kind === "remote" ? ["SG_COMPUTE_DEVICE", "SG_COMPUTE_HOST_LOST"] : ["SG_COMPUTE_DEVICE"];
      if (!available) await refused(codes, backend.load(subject.source, { device: id, signal: live }));
    }
  }),
  check("damaged-model", "refuses a damaged model", async ({ backend, subject }) =>
    refused("SG_COMPUTE_MODEL", backend.load(subject.damaged, { signal: live })),
  ),
  check("foreign-format", "refuses a format it does not load", async ({ backend, subject }) =>
    refused("SG_COMPUTE_MODEL", backend.load({ ...subject.source, format: "surely-no-format" }, { signal: live })),
  ),
  check("load-aborted", "does not load when it is already cancelled", async ({ backend, subject }) =>
    fails(
      backend.load(subject.source, { signal: AbortSignal.abort() }),
      "load() went on although its signal was aborted",
    ),
  ),
  check("run-aborted", "does not run when it is already cancelled", async ({ model, subject }) =>
    fails(
      model.run(subject.inputs(), { signal: AbortSignal.abort() }),
      "run() went on although its signal was aborted",
    ),
  ),
  check(
    "abort-in-flight",
    "settles a run that is cancelled in flight, and runs again afterwards",
    async ({ model, subject }) => {
      const abort = new AbortController();
      const running = model.run(subject.inputs(), { signal: abort.signal });
      abort.abort();
      await running.catch(() => undefined);
      equal(await model.run(subject.inputs(), { signal: live }), subject);
    },
  ),
  check("loads-twice", "keeps two loads of a model apart", async ({ backend, model, subject }) => {
    const second = await backend.load(subject.source, { signal: live });
    await second.unload();
    equal(await model.run(subject.inputs(), { signal: live }), subject);
  }),
  check("unload-drains", "lets runs in flight end before it unloads", async ({ model, subject }) => {
    const running = model.run(subject.inputs(), { signal: live });
    await model.unload();
    equal(await running, subject);
  }),
  check("unload-twice", "can be unloaded twice", async ({ model }) => {
    await model.unload();
    await model.unload();
  }),
  check("run-after-unload", "refuses to run after it was unloaded", async ({ model, subject }) => {
    await model.unload();
    await refused("SG_COMPUTE_CLOSED", model.run(subject.inputs(), { signal: live }));
  }),
  check("close-twice", "can be closed twice", async ({ backend }) => {
    await backend.close?.();
    await backend.close?.();
  }),
];

interface Loaded {
  readonly subject: BackendSubject;
  readonly backend: ComputeBackend;
  readonly model: LoadedModel;
}

/** A check on a fresh backend with the sample model loaded; both are closed afterwards. */
function check(id: string, title: string, run: (loaded: Loaded) => Promise<void> | void): Check<BackendSubject> {
  return {
    id,
    title,
    run: async (subject) => {
      const backend = await subject.create();
      const model = await backend.load(subject.source, { signal: live });
      try {
        await run({ subject, backend, model });
      } finally {
        await model.unload();
        await backend.close?.();
      }
    },
  };
}

/** A check that altered inputs are refused with a code. */
function refusal(
  id: string,
  title: string,
  code: string,
  alter: (inputs: TensorMap) => TensorMap,
): Check<BackendSubject> {
  return check(id, title, ({ model, subject }) => refused(code, model.run(alter(subject.inputs()), { signal: live })));
}

async function refused(code: string | readonly string[], attempt: Promise<unknown>): Promise<void> {
  const expected = typeof code === "string" ? code : code.join(" or ");
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  must(error !== undefined, `accepted; expected ${expected}`);
  must(
    isStargateError(error) && (typeof code === "string" ? error.code === code : code.includes(error.code)),
    `answered ${isStargateError(error) ? error.code : describeError(error)}; expected ${expected}`,
  );
}

async function fails(attempt: Promise<unknown>, explanation: string): Promise<void> {
  must(
    await attempt.then(
      () => false,
      () => true,
    ),
    explanation,
  );
}

function equal(outputs: TensorMap, { outputs: expected, tolerance = 1e-6 }: BackendSubject): void {
  for (const [name, tensor] of Object.entries(expected)) {
    const got = outputs[name];
    must(
      got !== undefined && got.shape.join() === tensor.shape.join(),
      `output "${name}" has shape [${got?.shape.join() ?? "none"}], expected [${tensor.shape.join()}]`,
    );
    for (let index = 0; index < tensor.data.length; index++) {
      const [a, b] = [got.data[index], tensor.data[index]];
      must(
        a === b || Math.abs(Number(a) - Number(b)) <= tolerance,
        `output "${name}"[${index}] is ${String(a)}, expected ${String(b)}`,
      );
    }
  }
}

function first(inputs: TensorMap): Tensor {
  const [tensor] = Object.values(inputs);
  must(tensor !== undefined, "the sample model has no input");
  return tensor;
}

function omitFirst(inputs: TensorMap): TensorMap {
  return Object.fromEntries(Object.entries(inputs).slice(1));
}

function change(inputs: TensorMap, alter: (tensor: Tensor) => Tensor): TensorMap {
  const [name = ""] = Object.keys(inputs);
  return { ...inputs, [name]: alter(first(inputs)) };
}
