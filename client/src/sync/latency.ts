// What a player takes to do as it is told, learnt from what it did.
//
// One stall must not spoil the aim of all later starts, so the estimate is the median of the last
// few; what was measured in the lab counts as the first.

export interface Latency {
  readonly valueMs: number;
  readonly lastMs: readonly number[];
}

const MEMORY = 5;
/** A player that took longer was stalled: that tells about the network, not about the player. */
const SANE_MS = 3_000;

export function priorLatency(valueMs: number): Latency {
  return { valueMs, lastMs: [valueMs] };
}

export function learnLatency(latency: Latency, observedMs: number): Latency {
  if (!(observedMs >= 0 && observedMs <= SANE_MS)) return latency;
  const lastMs = [...latency.lastMs, observedMs].slice(-MEMORY);
  const ascending = [...lastMs].sort((a, b) => a - b);
  const middle = Math.floor(ascending.length / 2);
  const high = ascending[middle] ?? observedMs;
  const low = ascending.length % 2 === 0 ? (ascending[middle - 1] ?? high) : high;
  return { valueMs: (low + high) / 2, lastMs };
}

/**
 * How long after an order at `orderedMs` the player began to move, seen from a later reading: its
 * line runs back to where it stood when it was told to.
 */
export function latencySince(
  orderedMs: number,
  fromSeconds: number,
  reading: { readonly positionSeconds: number; readonly atMs: number },
  rate: number,
): number {
  return reading.atMs - ((reading.positionSeconds - fromSeconds) / rate) * 1000 - orderedMs;
}
