// The drift controller against simulated players, thousands of them: it neither oscillates nor shoots
// over by more than a frame, whatever the player's true delay, noise and sound card are.
import { describe, expect, test } from 'vitest';
import {
  initialDrift,
  RATE_MAX,
  RATE_MIN,
  steer,
  type DriftAction,
} from '../../src/sync/drift-controller';
import { seeded } from '../sim/world';

/** A player's way to obey, and how well it is seen. */
interface Plant {
  /** What the controller is told. */
  readonly claimedDelayMs: (rate: number) => number;
  /** What it takes longer in truth; negative: shorter. */
  readonly lateMs: number;
  /** Rates within this of 1 are ignored. */
  readonly deadBand: number;
  readonly ppm: number;
  /** A reading strays by this, plus or minus, seconds. */
  readonly noiseSeconds: number;
  /** Readings are so old when the controller sees them. */
  readonly readingAgeMs: number;
  readonly startErrorSeconds: number;
}

interface Run {
  /** True error, seconds, every STEP_MS. */
  readonly errors: readonly number[];
  readonly actions: readonly { readonly atMs: number; readonly action: DriftAction }[];
}

const FRAME_SECONDS = 1 / 24;
const STEP_MS = 10;
const chromiumDelayMs = (rate: number): number => (Math.abs(rate - 1) > 0.0201 ? 468 : 77);

function drive(plant: Plant, forMs: number, random: () => number): Run {
  const errors: number[] = [];
  const actions: { atMs: number; action: DriftAction }[] = [];
  let state = initialDrift(1, 0);
  let error = plant.startErrorSeconds;
  let rate = 1;
  let ordered: { actsMs: number; rate: number }[] = [];
  let lookMs = 0;
  for (let nowMs = 0; nowMs < forMs; nowMs += STEP_MS) {
    const acting = ordered.findLast((order) => order.actsMs <= nowMs);
    if (acting) {
      rate = Math.abs(acting.rate - 1) < plant.deadBand ? 1 : acting.rate;
      ordered = ordered.slice(ordered.indexOf(acting) + 1);
    }
    if (nowMs >= lookMs) {
      lookMs = nowMs + 150 + 100 * random();
      const readAtMs = nowMs - plant.readingAgeMs;
      const then = errors[errors.length - Math.round(plant.readingAgeMs / STEP_MS)] ?? error;
      const errorSeconds = then + plant.noiseSeconds * (2 * random() - 1);
      const result = steer(state, { errorSeconds, atMs: readAtMs, timelineRate: 1 }, nowMs, {
        rateDelayMs: plant.claimedDelayMs,
        seekLatencyMs: 87,
      });
      state = result.state;
      const { action } = result;
      if (action.kind !== 'nothing') actions.push({ atMs: nowMs, action });
      if (action.kind === 'rate') {
        const delayMs = Math.max(0, plant.claimedDelayMs(action.rate) + plant.lateMs);
        const actsMs = nowMs + delayMs;
        ordered = [
          ...ordered.filter((order) => order.actsMs < actsMs),
          { actsMs, rate: action.rate },
        ];
      }
      if (action.kind === 'seek') error = 0.03 * (2 * random() - 1);
    }
    error += ((rate * (1 + plant.ppm * 1e-6) - 1) * STEP_MS) / 1000;
    errors.push(error);
  }
  return { errors, actions };
}

/** Within what the lab measured of Chromium and Firefox, and well beyond. */
function anyPlant(random: () => number): Plant {
  const between = (low: number, high: number): number => low + (high - low) * random();
  const oneDelayMs = between(0, 500);
  return {
    claimedDelayMs: random() < 0.5 ? chromiumDelayMs : () => oneDelayMs,
    lateMs: between(-400, 250),
    deadBand: random() < 0.5 ? 1 / 882 : 0,
    ppm: between(-300, 300),
    noiseSeconds: between(0, 0.003),
    readingAgeMs: between(0, 60),
    startErrorSeconds: between(-0.45, 0.45),
  };
}

/** After a run of an error of one side: how far it went to the other. */
function overshootSeconds({ errors }: Run, startErrorSeconds: number): number {
  return Math.max(0, ...errors.map((error) => -error * Math.sign(startErrorSeconds)));
}

describe('a player that is out of step', () => {
  test('comes in without a seek, shoots over by less than a frame, and stays', () => {
    for (let seed = 1; seed <= 3_000; ++seed) {
      const random = seeded(seed);
      const plant = anyPlant(random);
      const run = drive(plant, 40_000, random);
      const about = `seed ${seed}: ${JSON.stringify(plant)}`;
      expect(
        run.actions.filter(({ action }) => action.kind === 'seek'),
        about,
      ).toEqual([]);
      expect(overshootSeconds(run, plant.startErrorSeconds), about).toBeLessThan(FRAME_SECONDS);
      const late = run.errors.slice(20_000 / STEP_MS).map(Math.abs);
      expect(Math.max(...late), about).toBeLessThan(0.004 + 4 * plant.noiseSeconds);
    }
  });

  test('whose delay is known, be it two seconds, does not shoot over at all', () => {
    for (let seed = 1; seed <= 1_000; ++seed) {
      const random = seeded(seed);
      const longMs = 2_000 * random();
      const plant = { ...anyPlant(random), lateMs: 0, claimedDelayMs: () => longMs };
      const over = overshootSeconds(drive(plant, 20_000, random), plant.startErrorSeconds);
      const about = `seed ${seed}: ${JSON.stringify(plant)}`;
      expect(over, about).toBeLessThan(0.003 + 3 * plant.noiseSeconds);
    }
  });

  test('gets few orders once it is in: no flutter', () => {
    for (let seed = 1; seed <= 500; ++seed) {
      const random = seeded(seed);
      const plant = anyPlant(random);
      const run = drive(plant, 140_000, random);
      const orders = run.actions.filter(({ atMs }) => atMs > 20_000);
      // It is looked at 600 times. 300 ppm walk out of a dead zone of 2 ms within 7 s
      expect(orders.length, `seed ${seed}: ${JSON.stringify(plant)}`).toBeLessThan(120);
    }
  });

  test('is never told a rate beyond the limits, whatever is read', () => {
    for (let seed = 1; seed <= 1_000; ++seed) {
      const random = seeded(seed);
      const wild = { ...anyPlant(random), noiseSeconds: 2, startErrorSeconds: 4 * random() - 2 };
      for (const { action } of drive(wild, 20_000, random).actions)
        if (action.kind === 'rate') {
          expect(action.rate).toBeGreaterThanOrEqual(RATE_MIN);
          expect(action.rate).toBeLessThanOrEqual(RATE_MAX);
        }
    }
  });
});

describe('a player that does not obey', () => {
  const deaf: Plant = {
    claimedDelayMs: chromiumDelayMs,
    lateMs: 0,
    deadBand: 10,
    ppm: 0,
    noiseSeconds: 0,
    readingAgeMs: 0,
    startErrorSeconds: 0.3,
  };

  test('gets a seek after rates, fine and coarse, have been tried', () => {
    const { actions } = drive(deaf, 30_000, seeded(1));
    const seek = actions.findIndex(({ action }) => action.kind === 'seek');
    expect(seek).toBeGreaterThan(0);
    expect(actions.slice(0, seek).every(({ action }) => action.kind === 'rate')).toBe(true);
  });

  test('is asked again after a minute', () => {
    const { actions } = drive({ ...deaf, ppm: 5_000 }, 120_000, seeded(1));
    const firstSeekMs = actions.find(({ action }) => action.kind === 'seek')?.atMs ?? Infinity;
    const again = actions.filter(
      ({ atMs, action }) => action.kind === 'rate' && atMs > firstSeekMs + 30_000,
    );
    expect(again.length).toBeGreaterThan(0);
  });
});
