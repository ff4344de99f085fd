// The timeline against protocol/vectors/math/timeline.json.
import { expect, it } from 'vitest';
import { positionAt } from '../../src/protocol/timeline';
import { loadJson } from './vectors';

interface TimelineVectors {
  readonly tolerance_seconds: number;
  readonly vectors: readonly {
    readonly name: string;
    readonly timeline: {
      readonly position: number;
      readonly rate: number;
      readonly playing: boolean;
      readonly at: number;
      readonly seq: number;
    };
    readonly at_time: readonly { readonly time: number; readonly position: number }[];
  }[];
}

const file = loadJson('vectors/math/timeline.json') as TimelineVectors;

it.each(file.vectors)('$name', ({ timeline, at_time }) => {
  const { position, at, rate, playing, seq } = timeline;
  const line = { mediaId: null, positionSeconds: position, atMs: at, rate, playing, seq };
  for (const { time, position: expected } of at_time) {
    const difference = Math.abs(positionAt(line, time) - expected);
    expect(difference).toBeLessThanOrEqual(file.tolerance_seconds);
  }
});
