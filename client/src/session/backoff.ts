// When to try to connect again: the first try at once (most losses are blips), then 3 s, growing
// by half each time, never above 30 s. A fifth of chance spreads the clients of a restarted server.

const FIRST_WAIT_MS = 3_000;
const WAIT_MAX_MS = 30_000;
const GROWTH = 1.5;
const SPREAD = 0.2;

/** Wait before try number `attempt` (from 1) since the connection was lost. */
export function reconnectDelayMs(attempt: number, random: number): number {
  if (attempt <= 1) return 0;
  const wait = FIRST_WAIT_MS * GROWTH ** (attempt - 2);
  return Math.min(WAIT_MAX_MS, wait * (1 + SPREAD * random));
}
