/** What delays on a pool cost those who use it. */
export interface Crowding {
  /** Mean service time of the calls there, ms. */
  readonly serviceMs: number;
  /** Mean of one over the time that calls have left, per ms. */
  readonly urgency: number;
}

export const noCrowding: Crowding = { serviceMs: 0, urgency: 0 };

const GAIN = 0.02;

export function learnCrowding(
  known: Crowding,
  call: { readonly serviceMs: number; readonly remainingMs: number },
): Crowding {
  const urgency = call.remainingMs > 0 ? 1 / call.remainingMs : 0;
  if (known.serviceMs === 0) return { serviceMs: call.serviceMs, urgency };
  return {
    serviceMs: known.serviceMs + GAIN * (call.serviceMs - known.serviceMs),
    urgency: known.urgency + GAIN * (urgency - known.urgency),
  };
}

/** Utility that a millisecond of service takes from those who come after, per millisecond of queue. */
const PRICE = 1;

/**
 * Shadow price of a pool's slots. A call of twice the mean service time delays everybody behind it twice as long, so that
 * in a queue the small variant is worth more than it looks to the one who asks (drift plus penalty; Neely 2010).
 */
export function slotPrice({ serviceMs, urgency }: Crowding, waitMs: number): number {
  return serviceMs > 0 ? (PRICE * waitMs * urgency) / serviceMs : 0;
}
