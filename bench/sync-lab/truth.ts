// Where a window's picture was at any instant, from the frames it showed.
//
// Chromium tells of each frame its media time and when it is on the display (machine time), snapped
// to the display's refresh: up to half of 16.7 ms beside the line that playback runs along. The lab's
// film meets the refresh at evenly spread phases (clip.ts), so a straight line through the frames
// within 800 ms on either side averages them out: 40 frames leave 0.2 ms (root mean square), 0.6 ms at
// worst (truth.test.ts). `residual` says how well the line fits; uniform snapping at 60 Hz makes 4.8 ms.
import type { Frame } from './member.ts';

/** Frames of one uninterrupted playback. */
export interface Run {
  readonly frames: readonly Frame[];
  readonly fromMs: number;
  readonly toMs: number;
}

const reachMs = 800;
const framesMin = 6;
/** A longer pause between two frames is an interruption: the player stood or hid. A shorter one whose
 * frames lie on one line is a machine that was busy: playback went on, and longest_gap_ms tells. */
const gapMaxMs = 1_000;
/** A frame further off the line of the one before was sought to. */
const jumpMaxSeconds = 0.06;

export function runsOf(frames: readonly Frame[]): Run[] {
  const runs: Run[] = [];
  let current: Frame[] = [];
  const end = (): void => {
    const [first, last] = [current[0], current.at(-1)];
    if (first && last && current.length >= framesMin)
      runs.push({ frames: current, fromMs: first.atMs, toMs: last.atMs });
    current = [];
  };
  for (const frame of frames) {
    const before = current.at(-1);
    if (before) {
      const passedMs = frame.atMs - before.atMs;
      const moved = frame.mediaSeconds - before.mediaSeconds;
      if (moved === 0 || passedMs <= 0) continue; // the same frame once more
      const jumped = Math.abs(moved - passedMs / 1000) > jumpMaxSeconds;
      if (passedMs > gapMaxMs || moved < 0 || jumped) end();
    }
    current.push(frame);
  }
  end();
  return runs;
}

export interface Place {
  readonly seconds: number;
  /** Root mean square distance of the frames from the line, milliseconds. */
  readonly residualMs: number;
}

/** Where the picture was at `atMs`; undefined while it did not run. */
export function placeAt(runs: readonly Run[], atMs: number): Place | undefined {
  const run = runs.find((r) => r.fromMs <= atMs && atMs <= r.toMs);
  if (!run) return undefined;
  const near = around(run.frames, atMs);
  if (near.length < framesMin) return undefined;
  let [t, m] = [0, 0];
  for (const frame of near) {
    t += frame.atMs - atMs;
    m += frame.mediaSeconds;
  }
  t /= near.length;
  m /= near.length;
  let [tt, tm] = [0, 0];
  for (const frame of near) {
    const dt = frame.atMs - atMs - t;
    tt += dt * dt;
    tm += dt * (frame.mediaSeconds - m);
  }
  const slope = tm / tt;
  let squares = 0;
  for (const frame of near)
    squares += (frame.mediaSeconds - m - slope * (frame.atMs - atMs - t)) ** 2;
  return {
    seconds: m - slope * t,
    residualMs: 1000 * Math.sqrt(squares / near.length),
  };
}

/** The frames within reach of `atMs` (frames are in order of time). */
function around(frames: readonly Frame[], atMs: number): readonly Frame[] {
  const from = firstFrom(frames, atMs - reachMs);
  const to = firstFrom(frames, atMs + reachMs);
  return frames.slice(from, to);
}

function firstFrom(frames: readonly Frame[], atMs: number): number {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frames[middle]?.atMs ?? Infinity) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Offsets in milliseconds at one instant: of each window from the mean of all that ran then. */
export interface Offsets {
  readonly atMs: number;
  /** Largest minus smallest; undefined unless all ran. */
  readonly spreadMs: number | undefined;
  readonly each: readonly (number | undefined)[];
}

export function offsetsOver(
  windows: readonly (readonly Run[])[],
  fromMs: number,
  toMs: number,
  stepMs = 50,
): Offsets[] {
  const offsets: Offsets[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) {
    const places = windows.map((runs) => placeAt(runs, atMs)?.seconds);
    const known = places.filter((place) => place !== undefined);
    const mean = known.reduce((sum, place) => sum + place, 0) / known.length;
    const all = known.length === windows.length;
    offsets.push({
      atMs,
      spreadMs: all ? 1000 * (Math.max(...known) - Math.min(...known)) : undefined,
      each: places.map((place) => (place === undefined ? undefined : 1000 * (place - mean))),
    });
  }
  return offsets;
}
