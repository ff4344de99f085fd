// The viewer's dial: how much earlier than the party this player plays, for sound that comes late on
// its way to the ear (Bluetooth, a soundbar). Negative: later.
//
//     picture(t) = timeline(t + dial)
//
// A player that is given a server clock ahead by the dial does everything earlier by it: it starts,
// stops and jumps earlier and shows what the party shows later. Where it rests is not touched. All
// that the server is told goes by the unshifted clock.

export const DIAL_MAX_MS = 1_000;
export const DIAL_STEP_MS = 5;

/** The nearest value that the dial has; what is no number is 0. */
export function onDial(earlierMs: number): number {
  if (Number.isNaN(earlierMs)) return 0;
  const within = Math.max(-DIAL_MAX_MS, Math.min(earlierMs, DIAL_MAX_MS));
  return Math.round(within / DIAL_STEP_MS) * DIAL_STEP_MS || 0;
}

/** What a browser has kept, which anybody may have edited. */
export function parseDial(kept: string | null): number {
  return kept !== null && /^-?\d{1,4}$/.test(kept) ? onDial(Number(kept)) : 0;
}

interface ServerClock {
  toServerMs(localMs: number): number;
  toLocalMs(serverMs: number): number;
}

/** The clock by which a player plays earlier. */
export function clockAhead(clock: ServerClock, earlierMs: number): ServerClock {
  return {
    toServerMs: (localMs) => clock.toServerMs(localMs) + earlierMs,
    toLocalMs: (serverMs) => clock.toLocalMs(serverMs - earlierMs),
  };
}
