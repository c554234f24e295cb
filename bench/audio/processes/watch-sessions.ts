/** What runs of ONNX Runtime took, by what they were: the encoder, a first step of the decoder, later steps. */
export interface SessionTimes {
  readonly encoderMs: number;
  readonly firstMs: number;
  readonly stepsMs: number;
  readonly steps: number;
}

/** The class `InferenceSession` of whichever copy of onnxruntime-common is in use. */
export interface SessionClass {
  readonly prototype: {
    run(feeds: Readonly<Record<string, { readonly data: ArrayLike<unknown> }>>, ...rest: unknown[]): Promise<unknown>;
  };
}

/** Times every run of every session from now on; what is given says what has come together since it was last asked. */
export function watchSessions(sessions: SessionClass): () => SessionTimes {
  const { prototype } = sessions;
  // The method of every instance, which is given its own `this` below.
  const run = Reflect.get(prototype, "run") as (this: unknown, ...given: unknown[]) => Promise<unknown>;
  const zero = { encoderMs: 0, firstMs: 0, stepsMs: 0, steps: 0 };
  let times = { ...zero };
  prototype.run = async function (this: unknown, feeds, ...rest): Promise<unknown> {
    const startedMs = performance.now();
    try {
      return await run.call(this, feeds, ...rest);
    } finally {
      const tookMs = performance.now() - startedMs;
      if (feeds["input_features"] !== undefined) times.encoderMs += tookMs;
      else if (Number(feeds["use_cache_branch"]?.data[0]) === 0) times.firstMs += tookMs;
      else {
        times.stepsMs += tookMs;
        times.steps += 1;
      }
    }
  };
  return () => {
    const given = times;
    times = { ...zero };
    return given;
  };
}
