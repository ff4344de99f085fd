// What any Player must do, whatever it is made of: one set of tests that each adapter runs, and the
// simulation's model too, so that what the simulation shows holds for the adapters.
import { describe, expect, test } from 'vitest';
import type { Player, UserIntent } from '../../src/player/player';

/** A player with a medium loaded, at rest at its beginning, and what moves its world. */
export interface Bench {
  readonly player: Player;
  /** Time passes; all that comes due happens, events and ends of seeks included. */
  readonly run: (durationMs: number) => Promise<void>;
  /** The browser will not start it without a click. */
  readonly refuse: () => void;
  readonly viewer: (kind: UserIntent['kind'], positionSeconds?: number) => void;
}

/** How late a start may take effect before the position must move: a slow device's second. */
const SETTLED_MS = 2_000;

export function playerConformance(name: string, makeBench: () => Bench): void {
  const setUp = () => {
    const bench = makeBench();
    const intents: UserIntent[] = [];
    const counts = { changes: 0, refusals: 0 };
    bench.player.attach({
      onIntent: (intent) => intents.push(intent),
      onChange: () => counts.changes++,
      onAutoplayRefused: () => counts.refusals++,
    });
    return { ...bench, intents, counts };
  };
  const near = (actual: number, wanted: number): void => {
    expect(Math.abs(actual - wanted)).toBeLessThan(0.25);
  };

  describe(`${name} is a player that`, () => {
    test('rests at first, and does not move', async () => {
      const { player, run } = setUp();
      await run(SETTLED_MS);
      expect(player.read()).toMatchObject({ paused: true, seeking: false, ended: false });
      expect(player.read().positionSeconds).toBe(0);
      expect(player.read().durationSeconds).toBeGreaterThan(0);
    });

    test('plays when told, at the speed of time', async () => {
      const { player, run } = setUp();
      const started = player.play();
      await run(SETTLED_MS);
      await started;
      const from = player.read();
      await run(5_000);
      const to = player.read();
      expect(to.paused).toBe(false);
      expect(to.atMs - from.atMs).toBeGreaterThan(4_900);
      near(to.positionSeconds - from.positionSeconds, (to.atMs - from.atMs) / 1000);
    });

    test('stops when told, and stays', async () => {
      const { player, run } = setUp();
      void player.play();
      await run(SETTLED_MS);
      player.pause();
      await run(0);
      const { positionSeconds } = player.read();
      await run(3_000);
      expect(player.read().paused).toBe(true);
      expect(player.read().positionSeconds).toBe(positionSeconds);
    });

    test('says that it seeks until it is there', async () => {
      const { player, run } = setUp();
      player.seek(100);
      expect(player.read().seeking).toBe(true);
      await run(SETTLED_MS);
      expect(player.read().seeking).toBe(false);
      near(player.read().positionSeconds, 100);
    });

    test('ends at the last of several seeks', async () => {
      const { player, run } = setUp();
      for (const seconds of [100, 200, 300]) player.seek(seconds);
      await run(SETTLED_MS);
      near(player.read().positionSeconds, 300);
    });

    test('takes another rate, and tells it back', async () => {
      const { player, run } = setUp();
      void player.play();
      await run(SETTLED_MS);
      player.setRate(1.5);
      await run(player.rateDelayMs(1.5));
      const from = player.read().positionSeconds;
      await run(10_000);
      near(player.read().positionSeconds - from, 15);
      expect(player.read().rate).toBe(1.5);
    });

    test('never takes an order for a wish of the viewer', async () => {
      const { player, run, intents } = setUp();
      void player.play();
      await run(SETTLED_MS);
      player.setRate(1.05);
      player.seek(50);
      await run(SETTLED_MS);
      player.pause();
      await run(SETTLED_MS);
      player.seek(10);
      player.seek(20);
      await run(SETTLED_MS);
      expect(intents).toEqual([]);
    });

    test.each(['play', 'pause', 'seek'] as const)('reports the viewer’s %s', async (kind) => {
      const { player, run, intents, viewer } = setUp();
      if (kind === 'pause') void player.play();
      await run(SETTLED_MS);
      viewer(kind, kind === 'seek' ? 1_000 : undefined);
      await run(SETTLED_MS);
      expect(intents.map((intent) => intent.kind)).toEqual([kind]);
      if (kind === 'seek') near(intents[0]?.positionSeconds ?? NaN, 1_000);
    });

    test('tells of what changes abruptly', async () => {
      const { player, run, counts } = setUp();
      player.seek(100);
      await run(SETTLED_MS);
      expect(counts.changes).toBeGreaterThan(0);
    });

    test('says that the browser refused, by its name', async () => {
      const { player, refuse } = setUp();
      refuse();
      await expect(player.play()).rejects.toMatchObject({ name: 'NotAllowedError' });
      expect(player.read().paused).toBe(true);
    });

    test('let go, is an ordinary player that plays on', async () => {
      const { player, run, intents, counts, viewer } = setUp();
      void player.play();
      await run(SETTLED_MS);
      player.setRate(1.2);
      await run(SETTLED_MS);
      player.detach();
      const { changes } = counts;
      expect(player.read().rate).toBe(1);
      expect(player.read().paused).toBe(false);
      viewer('pause');
      await run(SETTLED_MS);
      expect(intents).toEqual([]);
      expect(counts.changes).toBe(changes);
    });

    test('can be taken up again', async () => {
      const { player, run, viewer } = setUp();
      player.detach();
      const intents: UserIntent[] = [];
      player.attach({
        onIntent: (intent) => intents.push(intent),
        onChange: () => undefined,
        onAutoplayRefused: () => undefined,
      });
      viewer('play');
      await run(SETTLED_MS);
      expect(intents.map((intent) => intent.kind)).toEqual(['play']);
    });
  });
}
