// A room's playback as a motion vector (P-V2-6): true from server time `atMs` on. Late joiners,
// reconnecting clients and restarted servers need nothing but this and the clock.

export interface Timeline {
  readonly mediaId: string | null;
  /** At `atMs`, in seconds. */
  readonly positionSeconds: number;
  readonly rate: number;
  readonly playing: boolean;
  /** Server time, milliseconds since the epoch with a fraction. May lie ahead. */
  readonly atMs: number;
  /** Grows with every change within one room. */
  readonly seq: number;
}

/**
 * Where the picture is at a server time, in seconds; not clamped. Before `atMs` a playing vector
 * extrapolates backwards: who must not see that passes `Math.max(timeMs, timeline.atMs)`.
 */
export function positionAt(timeline: Timeline, timeMs: number): number {
  if (!timeline.playing) return timeline.positionSeconds;
  return timeline.positionSeconds + (timeline.rate * (timeMs - timeline.atMs)) / 1000;
}
