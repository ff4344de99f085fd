import { expect, test } from 'vitest';
import {
  noiseOf,
  offsetUncertaintyMs,
  withReading,
  type Readings,
} from '../../src/sync/uncertainty';
import { seeded } from '../sim/world';

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

test('finds the noise of readings, though they drift and one has jumped', () => {
  const random = seeded(1);
  let sum = 0;
  for (let run = 0; run < 400; ++run) {
    let readings: Readings = [];
    for (let index = 0; index < 16; ++index)
      readings = withReading(readings, 3 * normal(random) + 0.1 * index + (index > 9 ? 500 : 0));
    sum += noiseOf(readings);
  }
  expect(sum / 400).toBeGreaterThan(2.5);
  expect(sum / 400).toBeLessThan(4);
});

test('covers what is wrong 19 times out of 20', () => {
  const random = seeded(2);
  let covered = 0;
  const rounds = 2_000;
  for (let round = 0; round < rounds; ++round) {
    const clockError = 2 * normal(random);
    let readings: Readings = [];
    for (let index = 0; index < 16; ++index) readings = withReading(readings, 3 * normal(random));
    const error = clockError + (readings.at(-1) ?? 0);
    if (Math.abs(error) <= offsetUncertaintyMs(2, 0, readings)) covered += 1;
  }
  expect(covered / rounds).toBeGreaterThan(0.9);
});

test('does not claim to see how a round trip divides', () => {
  const still = [1, 1, 1, 1];
  expect(offsetUncertaintyMs(0, 100, still)).toBe(10);
});

test('is careful before it has readings, and keeps few', () => {
  expect(offsetUncertaintyMs(0, 0, [])).toBe(20);
  let readings: Readings = [];
  for (let index = 0; index < 100; ++index) readings = withReading(readings, index);
  expect(readings).toHaveLength(16);
});
