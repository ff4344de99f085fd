// The controller and a player that is nothing but its delay, over thousands of draws. With players that
// also start, seek and stall: tests/session/follower.test.ts, tests/sim.
import { describe, expect, test } from 'vitest';
import { initialDrift, steer } from '../../src/sync/drift-controller';
import { seeded } from '../sim/world';

interface Plant {
  readonly errorSeconds: number;
  readonly ppm: number;
  /** Beside what the controller is told, ms. */
  readonly delayErrorMs: number;
  readonly noiseSeconds: number;
  readonly preservesPitch: boolean;
}
interface Trace {
  readonly errors: { readonly atMs: number; readonly seconds: number }[];
  readonly rates: number[];
  readonly seeks: number;
}

const STEP_MS = 4;
const delayMs = (rate: number): number => (Math.abs(rate - 1) > 0.0201 ? 468 : 77);

function run(plant: Plant, forMs: number, random: () => number): Trace {
  const config = {
    rateDelayMs: plant.preservesPitch ? () => 468 : delayMs,
    seekLatencyMs: 87,
  };
  let state = initialDrift(1, 0);
  let [error, rate, nextLookMs, seeks] = [plant.errorSeconds, 1, 0, 0];
  let due: { readonly atMs: number; readonly rate: number }[] = [];
  const errors: { atMs: number; seconds: number }[] = [];
  const rates: number[] = [];
  for (let nowMs = 0; nowMs < forMs; nowMs += STEP_MS) {
    for (const order of due.filter((held) => held.atMs <= nowMs)) ({ rate } = order);
    due = due.filter((held) => held.atMs > nowMs);
    error += ((rate * (1 + plant.ppm * 1e-6) - 1) * STEP_MS) / 1000;
    if (nowMs < nextLookMs) continue;
    nextLookMs = nowMs + 200 + 8 * random();
    errors.push({ atMs: nowMs, seconds: error });
    const seen = error + plant.noiseSeconds * (2 * random() - 1);
    const input = { errorSeconds: seen, atMs: nowMs, timelineRate: 1 };
    const { action, state: next } = steer(state, input, nowMs, config);
    state = next;
    if (action.kind === 'seek') seeks += 1;
    if (action.kind !== 'rate') continue;
    rates.push(action.rate);
    const actsMs = nowMs + Math.max(0, config.rateDelayMs(action.rate) + plant.delayErrorMs);
    due = [...due.filter((held) => held.atMs < actsMs), { atMs: actsMs, rate: action.rate }];
  }
  return { errors, rates, seeks };
}

const draw = (random: () => number): Plant => ({
  errorSeconds: 0.45 * (2 * random() - 1),
  ppm: 200 * (random() - 0.5),
  delayErrorMs: 150 * (2 * random() - 1),
  noiseSeconds: 0.0002 + 0.0008 * random(),
  preservesPitch: random() < 0.3,
});

describe('the drift controller', () => {
  test('brings any error within reach to nothing, past zero by less than a frame, and rests', () => {
    for (let seed = 1; seed <= 3_000; ++seed) {
      const random = seeded(seed);
      const plant = draw(random);
      const { errors, rates, seeks } = run(plant, 30_000, random);
      const beyond = errors.map(({ seconds }) => -Math.sign(plant.errorSeconds) * seconds);
      expect([seed, Math.max(...beyond) < 0.04]).toEqual([seed, true]);
      const settled = errors.filter(({ atMs }) => atMs > 15_000);
      const worst = Math.max(...settled.map(({ seconds }) => Math.abs(seconds)));
      expect([seed, worst < 0.005]).toEqual([seed, true]);
      expect([seed, seeks]).toEqual([seed, 0]);
      expect([seed, rates.length < 30]).toEqual([seed, true]);
      for (const rate of rates) expect(rate >= 0.85 && rate <= 2).toBe(true);
    }
  });

  test('does not swing: it turns round at most twice', () => {
    for (let seed = 1; seed <= 1_000; ++seed) {
      const random = seeded(seed);
      const plant = { ...draw(random), ppm: 0, noiseSeconds: 0.0002 };
      const { rates } = run(plant, 20_000, random);
      const sides = rates.map((rate) => Math.sign(rate - 1)).filter((side) => side !== 0);
      const turns = sides.filter((side, index) => index > 0 && side !== sides[index - 1]);
      expect([seed, turns.length <= 2]).toEqual([seed, true]);
    }
  });

  test('needs no more than one per cent for what steady play brings', () => {
    for (let seed = 1; seed <= 1_000; ++seed) {
      const random = seeded(seed);
      const plant = { ...draw(random), errorSeconds: 0.011 * (2 * random() - 1) };
      const { rates } = run(plant, 20_000, random);
      for (const rate of rates) expect(Math.abs(rate - 1)).toBeLessThanOrEqual(0.01 + 1e-9);
    }
  });
});
