import { expect, test } from 'vitest';
import { goalAt } from '../../src/sync/scheduler';
import type { Timeline } from '../../src/sync/timeline';

const latencies = { startMs: 77, rendezvousMs: 250 };
const rest: Timeline = {
  mediaId: null,
  positionSeconds: 5,
  rate: 1,
  playing: false,
  atMs: 0,
  seq: 1,
};
const play: Timeline = { ...rest, positionSeconds: 60, playing: true, atMs: 1_000, seq: 2 };

test('a start is due earlier by what the player takes, and prepared before', () => {
  expect(goalAt([rest, play], 900, latencies)).toEqual({
    timeline: rest,
    early: false,
    restSeconds: 60,
    changesAtMs: 923,
  });
  expect(goalAt([rest, play], 923, latencies)).toEqual({
    timeline: play,
    early: true,
    restSeconds: 60,
    changesAtMs: 1_000,
  });
  expect(goalAt([rest, play], 1_000, latencies)).toMatchObject({ early: false, changesAtMs: null });
});

test('a jump is due earlier by a rendezvous, a refinement is not', () => {
  const jump = { ...play, positionSeconds: 300, atMs: 9_000, seq: 3 };
  const refined = { ...play, positionSeconds: 68.1, atMs: 9_000, seq: 3 };
  expect(goalAt([play, jump], 5_000, latencies)?.changesAtMs).toBe(8_750);
  expect(goalAt([play, refined], 5_000, latencies)?.changesAtMs).toBe(9_000);
});

test('a stop is due on time, and the player rests where the old timeline says until then', () => {
  const stop = { ...rest, positionSeconds: 68, atMs: 9_000, seq: 3 };
  expect(goalAt([play, stop], 5_000, latencies)).toMatchObject({
    early: false,
    changesAtMs: 9_000,
  });
  const elsewhere = { ...rest, positionSeconds: 20, atMs: 9_000, seq: 3 };
  expect(goalAt([rest, elsewhere], 5_000, latencies)?.restSeconds).toBe(5);
});

test('without a timeline there is no goal', () => {
  expect(goalAt([], 0, latencies)).toBeNull();
});
