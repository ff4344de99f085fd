// Simulated time: a queue of things to do, each at its time, and a seeded source of chance.
import type { Clock, Timers } from '../../src/session/deps';

export class World {
  nowMs = 0;
  private tasks: { atMs: number; order: number; run: () => void }[] = [];
  private count = 0;

  at(atMs: number, run: () => void): () => void {
    const task = { atMs: Math.max(atMs, this.nowMs), order: this.count++, run };
    this.tasks.push(task);
    return () => {
      this.tasks = this.tasks.filter((held) => held !== task);
    };
  }

  after(delayMs: number, run: () => void): () => void {
    return this.at(this.nowMs + delayMs, run);
  }

  /** Does all that is due until then, in its order; promises settle in between. */
  async runUntil(endMs: number): Promise<void> {
    for (;;) {
      await settle();
      let next: (typeof this.tasks)[number] | undefined;
      for (const task of this.tasks) {
        const sooner =
          !next || task.atMs < next.atMs || (task.atMs === next.atMs && task.order < next.order);
        if (task.atMs <= endMs && sooner) next = task;
      }
      if (!next) break;
      this.tasks = this.tasks.filter((task) => task !== next);
      this.nowMs = next.atMs;
      next.run();
    }
    this.nowMs = endMs;
  }

  run(durationMs: number): Promise<void> {
    return this.runUntil(this.nowMs + durationMs);
  }
}

/** Lets promises that are ready run, without time passing. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; ++turn) await Promise.resolve();
}

/** A client's own clock: starts anywhere, runs a little fast or slow. Timers are late by up to 4 ms,
 * as in browsers. */
export function drifting(
  world: World,
  options: { readonly startMs: number; readonly ppm: number; readonly random: () => number },
): Clock & Timers {
  const speed = 1 + options.ppm * 1e-6;
  return {
    nowMs: () => options.startMs + world.nowMs * speed,
    after: (delayMs, run) => world.after(delayMs / speed + 4 * options.random(), run),
  };
}

/** mulberry32: small, seeded, good enough for simulation. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
