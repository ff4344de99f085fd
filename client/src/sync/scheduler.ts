// What the player should be about, given that it takes its time to obey.
//
// A timeline holds from `at` on. A player whose picture moves 77 ms after play() must be told 77 ms
// earlier; one that has to be elsewhere must be sent there before, as long as it takes to be ready and
// start. So the goal changes before the timeline does, by a lead that depends on what the change
// asks of the player:
//
//     rest -> play    start latency; until then it is prepared: brought to the first picture
//     play -> play    a rendezvous if it is a jump, nothing if rates can do it
//     play -> rest    nothing: a player stops at once
//     rest -> rest    nothing
import { pictureAt, timelineAfter, timelineAt, type Timeline, type Track } from './timeline';

export interface Latencies {
  /** From play() to the picture moving. */
  readonly startMs: number;
  /** From sending a player elsewhere to its picture moving there (follower.ts). */
  readonly rendezvousMs: number;
}

export interface Goal {
  readonly timeline: Timeline;
  /** `timeline` lies ahead by the lead: the order is due now, so that it acts on time. */
  readonly early: boolean;
  /** Where a resting player should be, seconds. */
  readonly restSeconds: number;
  /** Server time at which the goal changes next; null: not by what is known now. */
  readonly changesAtMs: number | null;
}

/** Less than this is no jump: the drift controller walks it. */
const JUMP_SECONDS = 0.5;

export function goalAt(track: Track, serverMs: number, latencies: Latencies): Goal | null {
  const current = timelineAt(track, serverMs);
  if (!current) return null;
  const next = timelineAfter(track, serverMs);
  if (!next)
    return {
      timeline: current,
      early: false,
      restSeconds: current.positionSeconds,
      changesAtMs: null,
    };
  const dueMs = next.atMs - leadMs(current, next, latencies);
  const early = serverMs >= dueMs;
  return {
    timeline: early ? next : current,
    early,
    restSeconds: early || next.playing ? next.positionSeconds : current.positionSeconds,
    changesAtMs: early ? next.atMs : dueMs,
  };
}

function leadMs(current: Timeline, next: Timeline, latencies: Latencies): number {
  if (!next.playing) return 0;
  if (!current.playing) return latencies.startMs;
  return isJump(current, next) ? latencies.rendezvousMs : 0;
}

/** Does `next` begin elsewhere than `current` has got by then? */
export function isJump(current: Timeline, next: Timeline): boolean {
  const there = pictureAt(current, next.atMs, 0);
  return Math.abs(next.positionSeconds - there) > JUMP_SECONDS;
}
