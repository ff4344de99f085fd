import assert from 'node:assert/strict';
import { test } from 'node:test';
import { framesPerSecond } from './clip.ts';
import type { Frame } from './member.ts';
import { medians, parseShown, type Figures } from './metrics.ts';
import { offsetsOver, placeAt, runsOf } from './truth.ts';

const refreshMs = 1000 / 60;

/** Frames of a film that runs at `rate` from `fromSeconds` at `startMs`, snapped as a display does. */
function shown(startMs: number, seconds: number, rate = 1, fromSeconds = 0): Frame[] {
  const frames: Frame[] = [];
  for (let n = Math.ceil(fromSeconds * framesPerSecond); ; n++) {
    const mediaSeconds = n / framesPerSecond;
    const idealMs = startMs + ((mediaSeconds - fromSeconds) * 1000) / rate;
    if (idealMs > startMs + seconds * 1000) return frames;
    frames.push({ atMs: Math.round(idealMs / refreshMs) * refreshMs, mediaSeconds });
  }
}

void test('the line through snapped frames is true to less than a millisecond', () => {
  for (const startMs of [10_000, 10_001.7, 10_004.2, 10_008.3, 10_013.9])
    for (const rate of [0.99, 1, 1.01]) {
      const runs = runsOf(shown(startMs, 20, rate));
      for (let second = 2; second < 18; second += 0.37) {
        const place = placeAt(runs, startMs + second * 1000);
        assert.ok(place);
        const errorMs = 1000 * (place.seconds - rate * second);
        assert.ok(Math.abs(errorMs) < 0.6, `${errorMs} ms at ${second} s, rate ${rate}`);
      }
    }
});

void test('two windows 7 ms apart are found 7 ms apart', () => {
  const windows = [runsOf(shown(10_000, 20)), runsOf(shown(10_007, 20))];
  for (const { spreadMs } of offsetsOver(windows, 12_000, 28_000)) {
    assert.ok(spreadMs !== undefined);
    assert.ok(Math.abs(spreadMs - 7) < 1, `${spreadMs}`);
  }
});

void test('a seek and a stall end a run, and nothing is said of what lies between', () => {
  const frames = [...shown(0, 5), ...shown(6_000, 5, 1, 60), ...shown(11_100, 5, 1, 90)];
  const runs = runsOf(frames);
  assert.equal(runs.length, 3);
  assert.equal(placeAt(runs, 5_500), undefined);
  assert.ok(Math.abs((placeAt(runs, 8_000)?.seconds ?? 0) - 62) < 0.002);
});

void test('frames that a busy machine left out do not interrupt the line', () => {
  const all = shown(0, 10);
  const runs = runsOf(all.filter(({ atMs }) => atMs < 4_000 || atMs > 4_500));
  assert.equal(runs.length, 1);
  assert.ok(Math.abs((placeAt(runs, 4_250)?.seconds ?? 0) - 4.25) < 0.002);
});

void test('a member that does not run leaves the spread unknown', () => {
  const windows = [runsOf(shown(0, 10)), runsOf(shown(5_000, 5))];
  const [early] = offsetsOver(windows, 2_000, 2_000);
  assert.equal(early?.spreadMs, undefined);
});

void test('what the interface shows is read with its sign and its uncertainty', () => {
  assert.deepEqual(parseShown(' In step +12 ms ± 3 ms'), { offsetMs: 12, uncertaintyMs: 3 });
  assert.deepEqual(parseShown('Catching up −250 ms\n ± 1 ms'), {
    offsetMs: -250,
    uncertaintyMs: 1,
  });
  assert.equal(parseShown('Settling'), null);
});

void test('a median leaves out the runs that lack the figure', () => {
  const runs = [1, null, 5, 3].map((steady_p95_ms) => ({ steady_p95_ms }) as Figures);
  assert.equal(medians(runs).steady_p95_ms, 3);
});
