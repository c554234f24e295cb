// tsyringe refuses to load without Reflect.getMetadata, which only its decorators use, and there are none here. A stand-in
// while it loads does as well as the polyfill, is a tenth of this package smaller, and leaves nothing behind on a global.
// Modules of their own, listed under "sideEffects" in package.json, because only whole modules are run in order.

const reflect = Reflect as { getMetadata?: unknown }; // the polyfill may be there, or not

/** No polyfill was there: what stands in for it has to go again. */
const isStandIn = reflect.getMetadata === undefined;

if (isStandIn) reflect.getMetadata = () => undefined;

/** Takes the stand-in away. */
export function forgetStandIn(): void {
  if (isStandIn) delete reflect.getMetadata;
}
