import { expect, test } from 'vitest';
import { calibrate, lagMs } from '../../src/sync/calibration';
import { seeded } from '../sim/world';

const PERIOD_MS = 1_000;

function taps(random: () => number, lag: number, spread: number, count = 12): number[] {
  return Array.from({ length: count }, (_, beat) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return lagMs(500 + beat * PERIOD_MS + lag + spread * normal, 500, PERIOD_MS);
  });
}

test('a lag is that behind the nearest beat', () => {
  expect(lagMs(2_530, 500, PERIOD_MS)).toBeCloseTo(30);
  expect(lagMs(2_470, 500, PERIOD_MS)).toBeCloseTo(-30);
});

test.each([0, 40, 185, 330, 480, 650])(
  'finds a delay of %i ms whatever the person adds, and covers it',
  (delay) => {
    const random = seeded(delay + 1);
    let covered = 0;
    for (let person = 0; person < 200; ++person) {
      const bias = -60 + 80 * random();
      const [heard, seen] = [taps(random, delay + bias, 25), taps(random, bias, 25)];
      const found = calibrate(heard, seen, PERIOD_MS);
      if (found.kind !== 'delay') throw new Error(found.kind);
      expect(Math.abs(found.delayMs - delay)).toBeLessThan(60);
      if (Math.abs(found.delayMs - delay) <= found.uncertaintyMs) covered += 1;
    }
    expect(covered).toBeGreaterThan(160);
  },
);

test('one tap that went astray changes nothing', () => {
  const heard = [200, 201, 199, 200, 202, 198, 200, 200];
  const seen = [0, 1, -1, 0, 2, -2, 0, 0];
  const found = calibrate([...heard, -310], seen, PERIOD_MS);
  expect(found).toMatchObject({ kind: 'delay', delayMs: 200 });
});

test('asks for more taps, and refuses scattered ones', () => {
  const steady = [0, 0, 0, 0, 0, 0, 0, 0];
  expect(calibrate(steady.slice(3), steady, PERIOD_MS)).toEqual({ kind: 'more', missing: 3 });
  const wild = [-400, -250, -100, 0, 120, 260, 390, 480];
  expect(calibrate(wild, steady, PERIOD_MS).kind).toBe('scattered');
});
