import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  adopt,
  forget,
  pictureAt,
  timelineAfter,
  timelineAt,
  type Timeline,
  type Track,
} from '../../src/sync/timeline';

const timeline = (seq: number, atMs: number, playing = false): Timeline => ({
  mediaId: null,
  positionSeconds: 10,
  rate: 1,
  playing,
  atMs,
  seq,
});

describe('the track of timelines', () => {
  test('keeps the one in force until the next one starts', () => {
    const track = adopt(adopt([], timeline(1, 0), 100), timeline(2, 500, true), 100);
    expect(timelineAt(track, 499)?.seq).toBe(1);
    expect(timelineAt(track, 500)?.seq).toBe(2);
    expect(timelineAfter(track, 100)?.seq).toBe(2);
    expect(timelineAfter(track, 500)).toBeUndefined();
  });

  test('ignores what is not newer', () => {
    const track = adopt([], timeline(5, 0), 100);
    expect(adopt(track, timeline(5, 50), 100)).toBe(track);
    expect(adopt(track, timeline(4, 50), 100)).toBe(track);
  });

  test('voids a start that a newer pause overtakes', () => {
    let track = adopt([], timeline(1, 0), 100);
    track = adopt(track, timeline(2, 1_500, true), 100);
    track = adopt(track, timeline(3, 400), 200);
    expect(timelineAt(track, 2_000)?.seq).toBe(3);
    expect(timelineAt(track, 300)?.seq).toBe(1);
  });

  test('lets a newcomer rest before a start that lies ahead', () => {
    const track = adopt([], timeline(7, 1_000, true), 200);
    expect(timelineAt(track, 999)).toMatchObject({ playing: false, positionSeconds: 10 });
    expect(timelineAt(track, 1_000)?.playing).toBe(true);
  });

  test('says the same as a dumb twin that forgets nothing', () => {
    const arrival = fc.record({
      seq: fc.integer({ min: 1, max: 12 }),
      atMs: fc.integer({ min: 0, max: 3_000 }),
      nowMs: fc.integer({ min: 0, max: 3_000 }),
    });
    fc.assert(
      fc.property(fc.array(arrival, { minLength: 1, maxLength: 12 }), (arrivals) => {
        const times = arrivals.map((it) => it.nowMs).sort((a, b) => a - b);
        let track: Track = [timeline(0, -1)];
        const all: Timeline[] = [timeline(0, -1)];
        arrivals.forEach((it, index) => {
          const nowMs = times[index]!;
          if (it.seq > all.at(-1)!.seq) all.push(timeline(it.seq, it.atMs));
          track = adopt(track, timeline(it.seq, it.atMs), nowMs);
          for (const atMs of [nowMs, nowMs + 250, 5_000]) {
            const newest = all.findLast((held) => held.atMs <= atMs);
            expect(timelineAt(track, atMs)?.seq).toBe(newest?.seq);
          }
        });
      }),
    );
  });

  test('forgets only what can never hold again', () => {
    const track = [timeline(1, 0), timeline(2, 100), timeline(3, 900)];
    expect(forget(track, 1_500).map((held) => held.seq)).toEqual([2, 3]);
    expect(forget(track, 1_050)).toBe(track);
  });
});

test('the picture stays within the medium', () => {
  const playing = { ...timeline(1, 1_000, true), positionSeconds: 1 };
  expect(pictureAt(playing, -5_000, 60)).toBe(0);
  expect(pictureAt(playing, 3_000, 60)).toBe(3);
  expect(pictureAt(playing, 1e6, 60)).toBe(60);
  expect(pictureAt(playing, 1e6, 0)).toBe(1_000);
});
