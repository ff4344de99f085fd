import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latencySince, learnLatency, priorLatency } from '../../src/sync/latency';

test('one stall does not spoil what was learnt', () => {
  let latency = priorLatency(77);
  for (const observed of [80, 79, 81, 900, 80]) latency = learnLatency(latency, observed);
  expect(latency.valueMs).toBeCloseTo(80, 0);
});

test('another player is learnt within a few orders', () => {
  let latency = priorLatency(77);
  for (let round = 0; round < 5; ++round) latency = learnLatency(latency, 300);
  expect(latency.valueMs).toBe(300);
});

test('it never leaves what was observed, and nonsense is ignored', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (observed) => {
      const latency = observed.reduce(learnLatency, priorLatency(77));
      expect(latency.valueMs).toBeGreaterThanOrEqual(0);
      expect(latency.valueMs).toBeLessThanOrEqual(3_000);
      expect(latency.lastMs.length).toBeLessThanOrEqual(5);
    }),
  );
});

test('the line of a later reading tells when the player began to move', () => {
  expect(latencySince(1_000, 60, { positionSeconds: 61, atMs: 2_077 }, 1)).toBeCloseTo(77);
  expect(latencySince(1_000, 60, { positionSeconds: 62, atMs: 2_087 }, 2)).toBeCloseTo(87);
});
