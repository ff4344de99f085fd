// The timelines that matter at a time: the one in force and those that lie ahead.
//
// A command arrives ahead of its instant, so a client holds a track of vectors. Which one holds at
// a time t:
//
//     the newest (by seq) of those with at <= t; none: the oldest
//
// A newer vector that starts no later than an older one makes that one void: the server changed
// its mind (play scheduled, then paused at once).
//
// Whoever comes into a room whose play lies ahead and knows nothing older rests at its first frame.
import { positionAt, type Timeline } from '../protocol/timeline';
import { DIAL_MAX_MS } from './dial';

export type { Timeline };

/** Timelines with both `seq` and `atMs` growing; the first is the one that held before the rest. */
export type Track = readonly Timeline[];

/** Takes in a timeline; one whose seq is not above the newest changes nothing (P-V2-6). */
export function adopt(track: Track, timeline: Timeline, nowServerMs: number): Track {
  const newest = track.at(-1);
  if (newest && timeline.seq <= newest.seq) return track;
  const before = track.filter((held) => held.atMs < timeline.atMs);
  if (before.length === 0 && timeline.playing && timeline.atMs > nowServerMs)
    before.push({ ...timeline, playing: false, atMs: nowServerMs, seq: timeline.seq - 1 });
  return forget([...before, timeline], nowServerMs);
}

/** Drops what can never hold again, not even for a player whose dial (dial.ts) says later. */
export function forget(track: Track, nowServerMs: number): Track {
  const inForce = track.findLastIndex((held) => held.atMs <= nowServerMs - DIAL_MAX_MS);
  return inForce > 0 ? track.slice(inForce) : track;
}

/** The timeline in force at `serverMs`. */
export function timelineAt(track: Track, serverMs: number): Timeline | undefined {
  return track.findLast((held) => held.atMs <= serverMs) ?? track[0];
}

/** The first one that takes over after `serverMs`. */
export function timelineAfter(track: Track, serverMs: number): Timeline | undefined {
  return track.find((held, index) => index > 0 && held.atMs > serverMs);
}

/** Where the picture is, seconds, never outside the medium (`durationSeconds` may be unknown). */
export function pictureAt(timeline: Timeline, serverMs: number, durationSeconds: number): number {
  const position = Math.max(0, positionAt(timeline, serverMs));
  return durationSeconds > 0 ? Math.min(position, durationSeconds) : position;
}
