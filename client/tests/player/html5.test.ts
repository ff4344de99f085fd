import { describe, expect, test } from 'vitest';
import { Html5Player } from '../../src/player/html5';
import type { UserIntent } from '../../src/player/player';
import { seeded, World } from '../sim/world';
import { PlayerModel } from '../sim/player-model';
import { playerConformance } from './conformance';
import { FrameTellingElement, ScriptedElement } from './scripted-element';

/** How long the scripted element takes to seek: what the sync lab measured in Chromium. */
const SEEK_MS = 87;

function scripted(options: { readonly isHls?: boolean } = {}) {
  const world = new World();
  return bench(new FrameTellingElement(() => world.nowMs), world, options.isHls);
}

function bench<E extends ScriptedElement>(element: E, world: World, isHls = false) {
  const player = new Html5Player(element.asVideo, {
    nowMs: () => world.nowMs,
    isHls: () => isHls,
  });
  const intents: UserIntent[] = [];
  const counts = { changes: 0, refusals: 0 };
  const attach = (): void =>
    player.attach({
      onIntent: (intent) => intents.push(intent),
      onChange: () => counts.changes++,
      onAutoplayRefused: () => counts.refusals++,
    });
  /** Time passes in steps of a display's frame; seeks end after their time. */
  let seekingSinceMs: number | null = null;
  const run = async (durationMs: number): Promise<void> => {
    const endMs = world.nowMs + durationMs;
    do {
      element.flush();
      if (!element.seeking) seekingSinceMs = null;
      else if (seekingSinceMs === null) seekingSinceMs = world.nowMs;
      else if (world.nowMs - seekingSinceMs >= SEEK_MS) {
        seekingSinceMs = null;
        element.land();
        element.flush();
      }
      await world.run(Math.min(16, endMs - world.nowMs));
    } while (world.nowMs < endMs);
    element.flush();
  };
  return { world, element, player, intents, counts, attach, run };
}

playerConformance('an HTMLVideoElement (a scripted element in its place)', () => {
  const { element, player, run } = scripted();
  return {
    player,
    run,
    refuse: () => (element.refuses = true),
    viewer: (kind, positionSeconds = 0) => {
      if (kind === 'play') element.viewerPlays();
      if (kind === 'pause') element.viewerPauses();
      if (kind === 'seek') element.viewerSeeks(positionSeconds);
    },
  };
});

playerConformance('the simulation’s model', () => {
  const world = new World();
  const player = new PlayerModel(world, () => world.nowMs, seeded(1));
  return {
    player,
    run: (durationMs) => world.run(durationMs),
    refuse: () => (player.refuses = true),
    viewer: (kind, positionSeconds) => player.viewer(kind, positionSeconds),
  };
});

describe('reading', () => {
  test('the picture is where the frames are, on the line that currentTime draws', async () => {
    const { element, player, attach, run } = scripted();
    attach();
    void player.play();
    await run(1_000);
    expect(player.read().source).toBe('time');
    // A display shows 24 frames a second by turns 8 ms early and late; the mean is 12 ms behind.
    for (let i = 0; i < 64; i++) {
      element.showFrame(-0.012 + (i % 2 === 0 ? 0.008 : -0.008));
      await run(32);
    }
    const { positionSeconds, source } = player.read();
    expect(source).toBe('frame');
    expect((positionSeconds - element.currentTime) * 1000).toBeCloseTo(-12, 0);
  });

  test('a frame that was held up tells nothing', async () => {
    const { element, player, attach, run } = scripted();
    attach();
    void player.play();
    await run(1_000);
    element.showFrame(-0.2);
    expect(player.read().positionSeconds).toBeCloseTo(element.currentTime, 6);
  });

  test('frames of a picture that rests or seeks tell nothing', async () => {
    const { element, player, attach, run } = scripted();
    attach();
    element.showFrame(-0.02);
    player.seek(50);
    element.showFrame(-0.02);
    await run(500);
    expect(player.read().source).toBe('time');
    expect(player.read().positionSeconds).toBe(50);
  });

  test('at rest it is exact where it has sought to, not where it was stopped', async () => {
    const { player, attach, run } = scripted();
    attach();
    expect(player.read().exact).toBe(true);
    void player.play();
    await run(1_000);
    player.pause();
    await run(100);
    expect(player.read().exact).toBe(false);
    player.seek(7);
    await run(500);
    expect(player.read().exact).toBe(true);
    void player.play();
    await run(16);
    player.pause(); // taken back before anything was heard
    await run(100);
    expect(player.read().exact).toBe(true);
  });

  test('a browser without frame callbacks is read by its time', async () => {
    const world = new World();
    const { player, attach, run } = bench(new ScriptedElement(() => world.nowMs), world);
    attach();
    void player.play();
    await run(1_000);
    expect(player.read()).toMatchObject({ source: 'time', paused: false });
  });

  test('a medium without a length, as a live one, has none', () => {
    const { element, player } = scripted();
    element.duration = Infinity;
    expect(player.read().durationSeconds).toBe(0);
  });
});

describe('rates', () => {
  test('the pitch is kept only where an ear would miss it', () => {
    const { element, player } = scripted();
    for (const [rate, kept] of [
      [1.02, false],
      [0.98, false],
      [1.05, true],
      [0.85, true],
      [1, false],
    ] as const) {
      player.setRate(rate);
      expect([rate, element.preservesPitch]).toEqual([rate, kept]);
    }
  });

  test('small ones act sooner than large ones', () => {
    const { player } = scripted();
    expect(player.rateDelayMs(1.01)).toBeLessThan(player.rateDelayMs(1.2));
  });

  test('nobody changes the rate but the room', async () => {
    const { element, attach, run } = scripted();
    attach();
    element.viewerSetsRate(2);
    await run(16);
    expect(element.playbackRate).toBe(1);
  });

  test('let go, the pitch is kept again', () => {
    const { element, player, attach } = scripted();
    attach();
    player.setRate(1.01);
    player.detach();
    expect(element).toMatchObject({ playbackRate: 1, preservesPitch: true });
  });
});

describe('whose doing it was', () => {
  test('is told by counting, however late the events come', async () => {
    const { element, player, intents, attach, run } = scripted();
    attach();
    void player.play();
    player.pause();
    void player.play();
    await run(60_000);
    element.viewerPauses();
    await run(16);
    expect(intents.map((intent) => intent.kind)).toEqual(['pause']);
  });

  test('an order that changes nothing swallows no wish', async () => {
    const { element, player, intents, attach, run } = scripted();
    attach();
    player.pause(); // rests already: there will be no event
    void player.play();
    await run(100);
    void player.play(); // plays already
    element.viewerPauses();
    await run(100);
    element.viewerPlays();
    await run(100);
    expect(intents.map((intent) => intent.kind)).toEqual(['pause', 'play']);
  });

  test('a refused start swallows no later wish', async () => {
    const { element, player, intents, counts, attach, run } = scripted();
    attach();
    element.refuses = true;
    await expect(player.play()).rejects.toThrow();
    expect(counts.refusals).toBe(1);
    element.viewerPlays();
    await run(16);
    expect(intents.map((intent) => intent.kind)).toEqual(['play']);
  });

  test('a failed start that is no refusal is not called one', async () => {
    const { element, player, counts, attach } = scripted();
    attach();
    element.play = () =>
      Promise.reject(Object.assign(new Error('cut off'), { name: 'AbortError' }));
    await expect(player.play()).rejects.toThrow('cut off');
    expect(counts.refusals).toBe(0);
  });

  test('the end of the medium is nobody’s pause', async () => {
    const { element, player, intents, counts, attach, run } = scripted();
    attach();
    void player.play();
    await run(100);
    const { changes } = counts;
    element.end();
    await run(16);
    expect(intents).toEqual([]);
    expect(counts.changes).toBeGreaterThan(changes);
  });

  test('a drag through many places is one seek, where it ends', async () => {
    const { element, intents, attach, run } = scripted();
    attach();
    for (const seconds of [100, 200, 300]) {
      element.viewerSeeks(seconds);
      await run(16);
    }
    expect(intents).toEqual([]);
    await run(500);
    expect(intents).toEqual([{ kind: 'seek', positionSeconds: 300 }]);
  });

  test('a place that was reached on the way, told late, is not where it ends', async () => {
    const { element, intents, attach, run } = scripted();
    attach();
    element.viewerSeeks(100);
    element.land();
    element.viewerSeeks(200);
    await run(500);
    expect(intents).toEqual([{ kind: 'seek', positionSeconds: 200 }]);
  });

  test('a seek that has ended and is not told yet goes on, so that nobody steers against it', async () => {
    const { element, player, intents, attach, run } = scripted();
    attach();
    element.viewerSeeks(100);
    element.flush();
    element.land();
    expect(player.read().seeking).toBe(true);
    element.flush();
    expect(player.read().seeking).toBe(false);
    await run(16);
    expect(intents).toEqual([{ kind: 'seek', positionSeconds: 100 }]);
  });

  test('another medium knows nothing of a seek in the last one', () => {
    const { element, player, intents, attach } = scripted();
    attach();
    element.viewerSeeks(100);
    element.flush();
    element.seeking = false;
    element.dispatchEvent(new Event('emptied'));
    expect(player.read().seeking).toBe(false);
    element.dispatchEvent(new Event('seeked'));
    expect(intents).toEqual([]);
  });

  test('an order beyond the end is ours, wherever it lands', async () => {
    const { element, player, intents, attach, run } = scripted();
    attach();
    element.range = [0, 60];
    player.seek(100);
    await run(500);
    expect(intents).toEqual([]);
    expect(player.read().positionSeconds).toBe(60);
  });

  test('an order while seeking waits for its end, and only the last counts', async () => {
    const { element, player, attach, run } = scripted();
    attach();
    player.seek(100);
    player.seek(200);
    player.seek(300);
    expect(element.orders).toEqual(['seek 100']);
    await run(500);
    expect(element.orders).toEqual(['seek 100', 'seek 300']);
  });
});

describe('a wish to play', () => {
  const wishes = ({ intents }: { readonly intents: UserIntent[] }): string[] =>
    intents.map((intent) => intent.kind);

  test('is told in a party, and the element waits for everybody', async () => {
    const { element, player, attach, run, ...bench } = scripted();
    attach();
    player.wishToPlay();
    await run(16);
    expect(wishes(bench)).toEqual(['play']);
    expect(element.orders).not.toContain('play');
  });

  test('starts the element outside of one, and a refusal is no error', async () => {
    const { element, player, run, ...bench } = scripted();
    element.refuses = true;
    player.wishToPlay();
    await run(16);
    element.refuses = false;
    player.wishToPlay();
    await run(16);
    expect(element.paused).toBe(false);
    expect(wishes(bench)).toEqual([]);
  });

  test('starts it inside the first click in Safari, which else forbids it later', async () => {
    const { element, player, attach, run, ...bench } = scripted();
    Object.assign(element, { webkitSupportsPresentationMode: () => false });
    attach();
    player.wishToPlay();
    await run(16);
    expect(element.orders).toContain('play');
    player.pause();
    await run(16);
    player.wishToPlay();
    await run(16);
    expect(wishes(bench)).toEqual(['play', 'play']);
    expect(element.orders.filter((order) => order === 'play')).toHaveLength(1);
  });
});

describe('HLS does by itself', () => {
  test('small steps at the seams, which are nobody’s seek', async () => {
    const { element, player, intents, attach, run } = scripted({ isHls: true });
    attach();
    void player.play();
    await run(10_000);
    element.viewerSeeks(element.currentTime + 0.4);
    await run(200);
    element.viewerSeeks(element.currentTime - 1.5);
    await run(200);
    expect(intents).toEqual([]);
    element.viewerSeeks(element.currentTime - 10);
    await run(200);
    expect(intents.map((intent) => intent.kind)).toEqual(['seek']);
  });

  test('a pause when it has run dry; of a file that would be the viewer’s', async () => {
    for (const isHls of [true, false]) {
      const { element, player, intents, attach, run } = scripted({ isHls });
      attach();
      void player.play();
      await run(100);
      element.readyState = 2;
      element.viewerPauses();
      await run(16);
      expect(intents.map((intent) => intent.kind)).toEqual(isHls ? [] : ['pause']);
    }
  });
});

test('let go, it waits for no frame and no event', async () => {
  const { element, player, counts, attach, run } = scripted();
  attach();
  expect(element.framesAwaited).toBe(1);
  player.detach();
  expect(element.framesAwaited).toBe(0);
  element.viewerPlays();
  await run(100);
  expect(counts.changes).toBe(0);
});
