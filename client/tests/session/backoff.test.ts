import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reconnectDelayMs } from '../../src/session/backoff';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('the first try is at once: most losses are blips', () => {
  expect(reconnectDelayMs(1, 0.9)).toBe(0);
});

test('then three seconds, growing by half', () => {
  const waits = [2, 3, 4, 5].map((attempt) => reconnectDelayMs(attempt, 0));
  expect(waits).toEqual([3_000, 4_500, 6_750, 10_125]);
});

test('chance adds up to a fifth, so that a restarted server is not met by all at once', () => {
  fc.assert(
    fc.property(random, (chance) => {
      const wait = reconnectDelayMs(2, chance);
      expect(wait).toBeGreaterThanOrEqual(3_000);
      expect(wait).toBeLessThanOrEqual(3_600);
    }),
  );
  expect(reconnectDelayMs(2, 0.1)).not.toBe(reconnectDelayMs(2, 0.9));
});

test('however long it takes, nobody waits more than half a minute, nor ever less than before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), random, (attempt, chance) => {
      const wait = reconnectDelayMs(attempt, chance);
      expect(wait).toBeLessThanOrEqual(30_000);
      expect(reconnectDelayMs(attempt + 1, chance)).toBeGreaterThanOrEqual(wait);
    }),
  );
  expect(reconnectDelayMs(50, 0)).toBe(30_000);
});
