import type { AnyTransform } from "../../contract/transform.ts";
import type { RunContext } from "../../contract/run-context.ts";
import { fail } from "../../errors/catalog.ts";
import type { Defect } from "./defect.ts";
import { count, shout, soundSubject } from "./sound-subject.ts";

type Run = (input: string, context: RunContext) => string | Promise<string>;

const withShout = (run: Run) =>
  soundSubject({
    transforms: [
      Object.freeze({
        ...(shout as AnyTransform),
        run: (async (input: string, context: RunContext) => {
          if (input === "") throw fail("SG_INPUT_EMPTY", "The text has no characters");
          context.coverage({ done: input.length, of: input.length });
          return run(input, context);
        }) as AnyTransform["run"],
      }),
      count,
    ],
  });

/** Never settles once it was cancelled: waits for something that does not come. */
const forEver = () => new Promise<never>(() => undefined);

export const hostDefects: readonly Defect[] = [
  {
    name: "waits for ever when it is already cancelled",
    caughtBy: "cancelled-before",
    subject: withShout((input, context) => (wasAbortedBefore(context) ? forEver() : input)),
  },
  {
    name: "does not notice that it is cancelled while it works",
    caughtBy: "cancelled-during",
    subject: withShout(async (input, context) => {
      if (wasAbortedBefore(context)) return input;
      await new Promise((resolve) => setTimeout(resolve, 0));
      return wasAbortedBefore(context) ? forEver() : input;
    }),
  },
  {
    name: "asks a server behind the gate's back",
    caughtBy: "air-gapped",
    subject: withShout(async (input) => {
      await fetch("http://127.0.0.1:9/").catch(() => undefined);
      return input;
    }),
  },
  {
    name: "uses the network without saying so",
    caughtBy: "air-gapped",
    subject: withShout(async (input, context) => {
      await context.fetch("http://127.0.0.1:9/").catch(() => undefined);
      return input;
    }),
  },
  {
    name: "leaves a listener on the signal in every run",
    caughtBy: "no-leak",
    subject: withShout((input, context) => {
      context.signal.addEventListener("abort", () => undefined);
      return input;
    }),
  },
  {
    name: "leaves a timer running after every run",
    caughtBy: "no-leak",
    subject: withShout((input) => {
      const timer = setTimeout(() => undefined, 3_600_000) as unknown as { unref?(): void };
      timer.unref?.();
      return input;
    }),
  },
  {
    name: "falls over when it is closed again",
    caughtBy: "closes-twice",
    subject: (() => {
      const sound = soundSubject();
      return {
        ...sound,
        create: () => {
          let open = true;
          return Object.freeze({
            ...sound.create(),
            close: async () => {
              if (!open) throw fail("SG_RUN_FAILED", "already closed");
              open = false;
            },
          });
        },
      };
    })(),
  },
];

function wasAbortedBefore(context: RunContext): boolean {
  return context.signal.aborted;
}
