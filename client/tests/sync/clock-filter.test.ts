import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addSample,
  emptyClockFilter,
  exchangeDelayMs,
  localTimeAt,
  serverTimeAt,
  type ClockFilter,
  type ClockSample,
} from '../../src/sync/clock-filter';
import { seeded } from '../sim/world';

const EPOCH_MS = 1_790_000_000_000;

interface Path {
  readonly forward: (random: () => number) => number;
  readonly backward: (random: () => number) => number;
}
interface Run {
  readonly seed: number;
  readonly count: number;
  readonly everyMs: number;
  readonly ppm: number;
  readonly path: (sample: number) => Path;
}

const exponential = (mean: number) => (random: () => number) => -mean * Math.log(1 - random());
const normal = (sd: number) => (random: () => number) =>
  sd * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const plus = (floor: number, more: (random: () => number) => number) => {
  return (random: () => number): number => Math.max(0, floor + more(random));
};
const both = (delay: (random: () => number) => number): Path => ({
  forward: delay,
  backward: delay,
});

/** Feeds a filter; returns it with its true error at the end. */
function follow(run: Run): { filter: ClockFilter; errorMs: number; errors: number[] } {
  const random = seeded(run.seed);
  const serverAt = (localMs: number): number => EPOCH_MS + localMs * (1 + run.ppm * 1e-6);
  let filter = emptyClockFilter;
  const errors: number[] = [];
  for (let index = 0; index < run.count; ++index) {
    const path = run.path(index);
    const clientSendMs = 5_000 + index * run.everyMs;
    const arrives = clientSendMs + path.forward(random);
    const leaves = arrives + 0.05;
    const clientReceiveMs = leaves + path.backward(random);
    filter = addSample(filter, {
      clientSendMs,
      serverReceiveMs: serverAt(arrives),
      serverTransmitMs: serverAt(leaves),
      clientReceiveMs,
    });
    errors.push(serverTimeAt(filter.estimate!, clientReceiveMs) - serverAt(clientReceiveMs));
  }
  return { filter, errorMs: errors.at(-1)!, errors };
}

interface Network {
  readonly roundTripMs: number;
  readonly jitterMs: number;
  readonly loss: number;
  readonly upShare: number;
}

/** The errors each second of a minute that begins 3 s after the first exchange. */
function minuteOf({ roundTripMs, jitterMs, loss, upShare }: Network, seed: number): number[] {
  const random = seeded(7_919 * seed);
  const ppm = 200 * (random() - 0.5);
  const serverAt = (localMs: number): number => EPOCH_MS + localMs * (1 + ppm * 1e-6);
  const resentMs = Math.max(200, 2 * roundTripMs);
  const way = (share: number): number =>
    share * (roundTripMs + jitterMs * (2 * random() - 1)) + (random() < loss ? resentMs : 0);
  const hidden = ((2 * upShare - 1) * roundTripMs) / 2;
  const onTheirWay: ClockSample[] = [];
  const errors: number[] = [];
  let filter = emptyClockFilter;
  let [count, sendMs, upMs, downMs] = [0, 0, 0, 0];
  for (let nowMs = 0; nowMs < 63_000; nowMs += 25) {
    for (; sendMs <= nowMs; sendMs += exchangeDelayMs(++count, filter.estimate, random())) {
      upMs = Math.max(upMs, sendMs + way(upShare));
      downMs = Math.max(downMs, upMs + way(1 - upShare));
      onTheirWay.push({
        clientSendMs: sendMs,
        serverReceiveMs: serverAt(upMs),
        serverTransmitMs: serverAt(upMs),
        clientReceiveMs: downMs,
      });
    }
    while (onTheirWay[0] && onTheirWay[0].clientReceiveMs <= nowMs)
      filter = addSample(filter, onTheirWay.shift()!);
    if (nowMs >= 3_000 && nowMs % 1_000 === 0)
      errors.push(serverTimeAt(filter.estimate!, nowMs) - serverAt(nowMs) - hidden);
  }
  return errors;
}

function p95(values: readonly number[]): number {
  const ascending = values.map(Math.abs).sort((a, b) => a - b);
  return ascending[Math.floor(0.95 * ascending.length)]!;
}

describe('the clock filter', () => {
  // Bounds: a little above the better of envelope, hull and median in the lab's table of filters.
  const cases: [string, Path, { count: number; everyMs: number; boundMs: number }][] = [
    [
      'WAN, uniform jitter of 10 ms, 8 s',
      both((random) => 50 + 20 * (random() - 0.5)),
      { count: 32, everyMs: 250, boundMs: 1.3 },
    ],
    [
      'WAN, normal jitter, 8 s',
      both(plus(60, normal(10))),
      { count: 32, everyMs: 250, boundMs: 5.5 },
    ],
    [
      'WAN, exponential queues, 8 s',
      both(plus(40, exponential(10))),
      { count: 32, everyMs: 250, boundMs: 0.8 },
    ],
    [
      'WAN, exponential queues, 60 s',
      both(plus(40, exponential(10))),
      { count: 120, everyMs: 500, boundMs: 0.7 },
    ],
    [
      'radio, exponential queues, 2 s',
      both(plus(1, exponential(1.5))),
      { count: 8, everyMs: 250, boundMs: 0.7 },
    ],
    ['wired, 30 s', both(plus(0.15, exponential(0.05))), { count: 60, everyMs: 500, boundMs: 0.1 }],
  ];
  test.each(cases)(
    '%s',
    (_, path, { count, everyMs, boundMs }) => {
      const errors: number[] = [];
      const claimed: number[] = [];
      for (let seed = 1; seed <= 400; ++seed) {
        const ppm = 100 * (seeded(seed * 7)() - 0.5);
        const { filter, errorMs } = follow({ seed, count, everyMs, ppm, path: () => path });
        errors.push(errorMs);
        claimed.push(filter.estimate!.uncertaintyMs);
      }
      expect(p95(errors)).toBeLessThan(boundMs);
      // What it claims is of the size of what it does: neither boast nor alarm.
      const meanClaim = claimed.reduce((sum, value) => sum + value, 0) / claimed.length;
      expect(p95(errors) / meanClaim).toBeLessThan(6);
      expect(p95(errors) / meanClaim).toBeGreaterThan(0.3);
    },
    120_000,
  ); // 6 s on a machine of its own

  // As the sync lab emulates them: delays drawn per message, order kept, a lost one sent again after
  // two round trips and all behind it held up. Errors beside what half of the asymmetry hides.
  const networks: [string, Network, number][] = [
    ['lan', { roundTripMs: 1, jitterMs: 0.1, loss: 0, upShare: 0.5 }, 0.5],
    ['home', { roundTripMs: 20, jitterMs: 5, loss: 0, upShare: 0.5 }, 2],
    ['wan', { roundTripMs: 100, jitterMs: 20, loss: 0.01, upShare: 0.5 }, 6],
    ['bad', { roundTripMs: 300, jitterMs: 100, loss: 0.03, upShare: 0.6 }, 20],
  ];
  test.each(networks)('knows the time to what the %s network allows', (_, network, boundMs) => {
    const errors: number[] = [];
    for (let seed = 1; seed <= 250; ++seed) errors.push(...minuteOf(network, seed));
    expect(p95(errors)).toBeLessThan(boundMs);
  });

  test('never leaves what the exchanges prove', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        (seed, count, ppm, up, down) => {
          const path = { forward: plus(up, exponential(5)), backward: plus(down, exponential(5)) };
          const { filter, errorMs } = follow({
            seed,
            count,
            everyMs: 1_000,
            ppm,
            path: () => path,
          });
          const { boundMs, uncertaintyMs } = filter.estimate!;
          // The proof is about a line; what the skew is off by comes on top.
          expect(Math.abs(errorMs)).toBeLessThanOrEqual(boundMs + 0.1 * count + 0.01);
          expect(uncertaintyMs).toBeLessThanOrEqual(boundMs + 0.02);
        },
      ),
    );
  });

  test('follows a route that became longer, in one direction, within seconds', () => {
    const near = both(plus(20, exponential(2)));
    const far: Path = { forward: plus(80, exponential(2)), backward: plus(20, exponential(2)) };
    const { errors } = follow({
      seed: 3,
      count: 60,
      everyMs: 2_000,
      ppm: 20,
      path: (index) => (index < 40 ? near : far),
    });
    // The asymmetry of 60 ms itself cannot be seen; that the old route is forgotten can.
    expect(Math.abs(errors[39]!)).toBeLessThan(2);
    expect(errors.slice(48).every((error) => Math.abs(error - 30) < 3)).toBe(true);
  });

  test('starts again when the clock has jumped', () => {
    const { filter } = follow({
      seed: 5,
      count: 40,
      everyMs: 2_000,
      ppm: 0,
      path: () => both(plus(20, exponential(2))),
    });
    const slept = 3_600_000;
    const jumped: ClockSample = {
      clientSendMs: 200_000,
      serverReceiveMs: EPOCH_MS + 200_000 + slept + 20,
      serverTransmitMs: EPOCH_MS + 200_000 + slept + 20,
      clientReceiveMs: 200_040,
    };
    const after = addSample(filter, jumped);
    expect(after.samples).toHaveLength(1);
    expect(serverTimeAt(after.estimate!, 200_040)).toBeCloseTo(EPOCH_MS + 200_040 + slept, 0);
  });

  test('ignores what cannot be', () => {
    const impossible = [
      { clientSendMs: 10, serverReceiveMs: 0, serverTransmitMs: 0, clientReceiveMs: 5 },
      { clientSendMs: NaN, serverReceiveMs: 0, serverTransmitMs: 0, clientReceiveMs: 5 },
      { clientSendMs: 0, serverReceiveMs: 0, serverTransmitMs: Infinity, clientReceiveMs: 5 },
    ];
    for (const sample of impossible)
      expect(addSample(emptyClockFilter, sample)).toBe(emptyClockFilter);
  });

  test('keeps a bounded number of samples', () => {
    const { filter } = follow({
      seed: 1,
      count: 1_000,
      everyMs: 50,
      ppm: 0,
      path: () => both(plus(1, exponential(1))),
    });
    expect(filter.samples.length).toBeLessThanOrEqual(128);
  });

  test('turns server time into local time and back', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (localMs) => {
        const estimate = {
          offsetMs: EPOCH_MS,
          atMs: 1_000,
          skew: 7e-5,
          uncertaintyMs: 1,
          boundMs: 1,
          roundTripMs: 1,
          sampleCount: 1,
        };
        expect(localTimeAt(estimate, serverTimeAt(estimate, localMs))).toBeCloseTo(localMs, 2);
      }),
    );
  });

  test('asks often at first, then rarely, never in step', () => {
    const first = Array.from({ length: 16 }, (_, index) => exchangeDelayMs(index, null, 0.5));
    expect(first.reduce((sum, delay) => sum + delay, 0)).toBeLessThan(2_000);
    expect(exchangeDelayMs(20, null, 0)).toBe(500);
    expect(exchangeDelayMs(40, null, 0)).toBe(1_800);
    const known = {
      ...follow({
        seed: 1,
        count: 40,
        everyMs: 500,
        ppm: 0,
        path: () => both(plus(1, exponential(0.1))),
      }).filter.estimate!,
      uncertaintyMs: 0.2,
    };
    expect(exchangeDelayMs(40, known, 1)).toBeCloseTo(5_500);
  });
});
