import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startBeeps } from '../../src/hosts/beeper';

/** As much of the browser's audio as the beeper touches: it is 2 s old, its sound 300 ms behind. */
class FakeAudioContext {
  readonly sampleRate = 48_000;
  readonly currentTime = 2;
  readonly destination = {};
  readonly startedAt: number[] = [];
  readonly samples = new Float32Array(48_000);
  closed = false;

  resume(): Promise<void> {
    return canPlay ? Promise.resolve() : Promise.reject(new Error('no device'));
  }
  createBuffer(_channels: number, length: number) {
    expect(length).toBe(48_000);
    return { getChannelData: () => this.samples };
  }
  createBufferSource() {
    return {
      connect: () => undefined,
      start: (seconds: number) => this.startedAt.push(seconds),
    };
  }
  getOutputTimestamp() {
    return { contextTime: 1.7, performanceTime: 50_000 };
  }
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

let made: FakeAudioContext;
let canPlay: boolean;

beforeEach(() => {
  canPlay = true;
  made = new FakeAudioContext();
  vi.stubGlobal('AudioContext', function () {
    return made;
  });
});
afterEach(() => vi.unstubAllGlobals());

const film = (muted: boolean): HTMLMediaElement => ({ muted }) as HTMLMediaElement;

test('a beep is timed by when its sound leaves the browser', async () => {
  const beeps = await startBeeps(1_000, null);
  expect(made.startedAt).toEqual([3]);
  expect(beeps.firstBeatMs()).toBeCloseTo(51_300);
});

test('a beep is at the very start of its period, and short', async () => {
  await startBeeps(1_000, null);
  const loud = made.samples.findLastIndex((sample) => Math.abs(sample) > 0.01);
  expect(made.samples.slice(0, 96).some((sample) => Math.abs(sample) > 0.2)).toBe(true);
  expect(loud).toBeLessThan(2_900);
});

test.each([true, false])(
  'the film is silent meanwhile, then as it was (muted: %s)',
  async (was) => {
    const element = film(was);
    const beeps = await startBeeps(1_000, element);
    expect(element.muted).toBe(true);
    beeps.stop();
    expect(element.muted).toBe(was);
    expect(made.closed).toBe(true);
  },
);

test('without sound it rejects, and leaves the film alone', async () => {
  canPlay = false;
  const element = film(false);
  await expect(startBeeps(1_000, element)).rejects.toThrow('no device');
  expect(element.muted).toBe(false);
});
