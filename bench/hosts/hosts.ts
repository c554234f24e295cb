import type { Suite } from "../support/result.ts";
import { measureLifeCycles } from "./life-cycles.ts";
import { measureRoundTrips } from "./round-trips.ts";

/** What it costs to run models beside the gateway instead of in it. */
export const hostsSuite: Suite = {
  name: "hosts",
  async run(note) {
    note("tensors there and back");
    const roundTrips = await measureRoundTrips();
    note("hosts that start, and a thousand models that come and go");
    return [...roundTrips, ...(await measureLifeCycles())];
  },
};
