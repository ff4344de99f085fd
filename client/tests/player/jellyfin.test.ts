import { describe, expect, test } from 'vitest';
import { JellyfinPlayer } from '../../src/player/jellyfin';
import type { UserIntent } from '../../src/player/player';
import { World } from '../sim/world';
import { playerConformance } from './conformance';
import { ScriptedElement } from './scripted-element';

const id = 'f'.repeat(32);
const file = `http://jelly/Videos/${id}/stream.mp4?Static=true&mediaSourceId=1&ApiKey=k`;
const converted = (startTicks: number): string =>
  `http://jelly/videos/${id}/stream.mp4?DeviceId=d&StartTimeTicks=${startTicks}&VideoCodec=h264`;
const SEEK_MS = 87;

function bench(address: string) {
  const world = new World();
  const element = new ScriptedElement(() => world.nowMs);
  element.currentSrc = address;
  const asked: number[] = [];
  const player = new JellyfinPlayer(element.asVideo, {
    nowMs: () => world.nowMs,
    seekTicks: (ticks) => asked.push(ticks),
    lengthSeconds: () => 7_200,
  });
  const intents: UserIntent[] = [];
  player.attach({
    onIntent: (intent) => intents.push(intent),
    onChange: () => undefined,
    onAutoplayRefused: () => undefined,
  });
  const run = async (durationMs: number): Promise<void> => {
    const endMs = world.nowMs + durationMs;
    let seekingSinceMs: number | null = null;
    do {
      element.flush();
      if (!element.seeking) seekingSinceMs = null;
      else seekingSinceMs ??= world.nowMs;
      if (seekingSinceMs !== null && world.nowMs - seekingSinceMs >= SEEK_MS) element.land();
      element.flush();
      await world.run(Math.min(16, endMs - world.nowMs));
    } while (world.nowMs < endMs);
    element.flush();
  };
  /** Jellyfin puts another stream into the element and starts it. */
  const load = (next: string): void => {
    element.dispatchEvent(new Event('emptied'));
    element.currentSrc = next;
    element.viewerPauses();
    element.viewerSeeks(0);
    element.land();
    element.viewerPlays();
    element.flush();
  };
  return { element, player, run, asked, intents, load };
}

playerConformance('Jellyfin’s video (a scripted element in its place)', () => {
  const { element, player, run } = bench(file);
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

describe('a stream that Jellyfin converts', () => {
  test('begins in the title where it was started', () => {
    expect(bench(converted(6_000_000_000)).player.read().positionSeconds).toBe(600);
    const last = `http://jelly/videos/${id}/stream.mp4?StartTimeTicks=6000000000#t=600`;
    expect(bench(last).player.read().positionSeconds).toBe(600);
    expect(bench(`${converted(6_000_000_000)}&CopyTimestamps=true`).player.read()).toMatchObject({
      positionSeconds: 0,
    });
    expect(
      bench(`http://jelly/videos/${id}/master.m3u8?StartTimeTicks=5`).player.read(),
    ).toMatchObject({
      positionSeconds: 0,
    });
  });

  test('is as long as its title, however much of it has come', () => {
    const { element, player } = bench(converted(6_000_000_000));
    element.duration = 30;
    expect(player.read().durationSeconds).toBe(7_200);
    element.currentSrc = file;
    expect(player.read().durationSeconds).toBe(30);
  });

  test('is asked for anew to seek, and seeks until it plays', async () => {
    const { player, run, asked, intents, load } = bench(converted(0));
    void player.play();
    await run(2_000);
    player.seek(600);
    expect(asked).toEqual([6_000_000_000]);
    expect(player.read()).toMatchObject({ positionSeconds: 600, seeking: true });
    load(converted(6_000_000_000));
    expect(player.read()).toMatchObject({ seeking: false });
    expect(player.read().positionSeconds).toBeCloseTo(600, 0);
    expect(intents).toEqual([]);
  });

  test('tells the viewer’s wishes in places of the title', async () => {
    const { element, run, intents } = bench(converted(6_000_000_000));
    element.viewerPlays();
    await run(100);
    expect(intents).toMatchObject([{ kind: 'play' }]);
    expect(intents[0]?.positionSeconds).toBeCloseTo(600, 0);
  });

  test('sought by the viewer is one wish, wherever Jellyfin restarts it', async () => {
    const { player, run, intents, load } = bench(converted(0));
    void player.play();
    await run(2_000);
    load(converted(3_000_000_000));
    expect(intents).toMatchObject([{ kind: 'seek', positionSeconds: 300 }]);
  });
});

test('another sound track or quality at the same place is nobody’s wish', async () => {
  const { element, player, run, intents, load } = bench(converted(0));
  void player.play();
  await run(20_000);
  element.dispatchEvent(new Event('timeupdate')); // as it comes four times a second
  load(converted(200_000_000));
  await run(100);
  expect(intents).toEqual([]);
  expect(player.read().positionSeconds).toBeCloseTo(20, 0);
});
