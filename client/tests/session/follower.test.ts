import { describe, expect, test } from 'vitest';
import { Follower, type ServerClock } from '../../src/session/follower';
import type { Timeline, Track } from '../../src/sync/timeline';
import { chromium, PlayerModel, type PlayerModelOptions } from '../sim/player-model';
import { seeded, World } from '../sim/world';

// The server's clock is the world's plus a million; the client's is the world's.
const SERVER_MS = 1_000_000;
const clock: ServerClock = {
  toServerMs: (localMs) => localMs + SERVER_MS,
  toLocalMs: (serverMs) => serverMs - SERVER_MS,
};

const rest: Timeline = {
  mediaId: null,
  positionSeconds: 0,
  rate: 1,
  playing: false,
  atMs: SERVER_MS - 1,
  seq: 1,
};

function party(options: Partial<PlayerModelOptions> = {}, seed = 1) {
  const world = new World();
  const random = seeded(seed);
  const player = new PlayerModel(world, () => world.nowMs, random, { ...chromium, ...options });
  const refused: number[] = [];
  const follower = new Follower(player, 0, { onRefused: () => refused.push(world.nowMs) });
  const state = { track: [rest] as Track };
  let cancel = (): void => undefined;
  const step = (): void => {
    cancel();
    const next = follower.step(state.track, clock, world.nowMs);
    if (next !== null) cancel = world.after(Math.max(0, next - world.nowMs), step);
  };
  player.attach({ onIntent: step, onChange: step, onAutoplayRefused: () => undefined });
  /** Offset of the true picture from the timeline now, milliseconds. */
  const offsetMs = (): number => {
    const timeline = state.track.findLast((held) => held.atMs <= world.nowMs + SERVER_MS) ?? rest;
    const ran = timeline.playing ? (world.nowMs + SERVER_MS - timeline.atMs) / 1000 : 0;
    return (player.truthSeconds - timeline.positionSeconds - ran * timeline.rate) * 1000;
  };
  const command = (change: Partial<Timeline>, inMs: number): void => {
    const last = state.track.at(-1) ?? rest;
    const atMs = world.nowMs + SERVER_MS + inMs;
    state.track = [...state.track, { ...last, atMs, seq: last.seq + 1, ...change }];
    step();
  };
  return { world, player, follower, refused, command, offsetMs, step };
}

describe('a player that follows', () => {
  test('starts at the instant, because it was told earlier', async () => {
    const { world, command, offsetMs, player } = party();
    command({ playing: true, positionSeconds: 0 }, 500);
    await world.run(500);
    expect(Math.abs(offsetMs())).toBeLessThan(15);
    await world.run(3_000);
    expect(Math.abs(offsetMs())).toBeLessThan(3);
    expect(player.orders.filter((order) => order.startsWith('seek'))).toEqual([]);
  });

  test('is brought to the first picture before the start', async () => {
    const { world, command, offsetMs, player } = party();
    command({ playing: true, positionSeconds: 60 }, 500);
    await world.run(400);
    expect(player.truthSeconds).toBe(60);
    await world.run(2_000);
    expect(Math.abs(offsetMs())).toBeLessThan(5);
  });

  test('joins a running timeline with one seek and one start', async () => {
    const { world, command, offsetMs, player } = party();
    command({ playing: true, positionSeconds: 600 }, -60_000);
    await world.run(3_000);
    expect(Math.abs(offsetMs())).toBeLessThan(5);
    expect(player.orders.filter((order) => !order.startsWith('rate'))).toHaveLength(2);
  });

  test('stops where the timeline stops', async () => {
    const { world, command, player } = party();
    command({ playing: true, positionSeconds: 0 }, 0);
    await world.run(5_000);
    command({ playing: false, positionSeconds: 5.3 }, 300);
    await world.run(1_000);
    expect(player.isPaused).toBe(true);
    expect(player.truthSeconds).toBeCloseTo(5.3, 1);
  });

  test('starts again from where it stopped, though its player has gone on unseen', async () => {
    const { world, command, offsetMs, player } = party({ startJitterMs: 0 });
    command({ playing: true, positionSeconds: 0 }, 100);
    await world.run(5_000);
    command({ playing: false, positionSeconds: 4.98 }, 50);
    await world.run(1_000);
    expect(player.orders.at(-1)).toBe('seek 4.98');
    command({ playing: true, positionSeconds: 4.98 }, 100);
    await world.run(600);
    expect(Math.abs(offsetMs())).toBeLessThan(5);
  });

  test('jumps with one seek and comes in exact, at the instant once its player is known', async () => {
    const { world, command, offsetMs, player } = party({ startJitterMs: 0 });
    command({ playing: true, positionSeconds: 0 }, 0);
    await world.run(5_000);
    for (let jump = 1; jump <= 5; ++jump) {
      command({ playing: true, positionSeconds: 900 * jump }, 300);
      await world.run(700);
      expect(Math.abs(offsetMs())).toBeLessThan(15);
      expect(player.orders.filter((order) => order.startsWith('seek'))).toHaveLength(jump);
      await world.run(5_000);
      expect(Math.abs(offsetMs())).toBeLessThan(4);
    }
    command({ playing: true, positionSeconds: 100 }, 300);
    await world.run(310);
    expect(Math.abs(offsetMs())).toBeLessThan(15);
  });

  test('comes back with one seek after a long stall, and by rate after a short one', async () => {
    const { world, command, offsetMs, player } = party();
    command({ playing: true, positionSeconds: 0 }, 0);
    await world.run(5_000);
    player.stall(200);
    await world.run(8_000);
    expect(Math.abs(offsetMs())).toBeLessThan(5);
    expect(player.orders.filter((order) => order.startsWith('seek'))).toHaveLength(0);
    player.stall(4_000);
    await world.run(10_000);
    expect(Math.abs(offsetMs())).toBeLessThan(5);
    expect(player.orders.filter((order) => order.startsWith('seek'))).toHaveLength(1);
  });

  test('does not correct what is already right', async () => {
    const { world, command, player } = party({ ppm: 50 });
    command({ playing: true, positionSeconds: 0 }, 300);
    await world.run(10_000);
    const before = player.orders.length;
    await world.run(120_000);
    expect(player.orders.length - before).toBeLessThan(12);
  });

  test('puts back what a viewer did', async () => {
    const { world, command, offsetMs, player, step } = party();
    command({ playing: true, positionSeconds: 0 }, 0);
    await world.run(3_000);
    player.viewer('pause');
    step();
    await world.run(6_000);
    expect(player.isPaused).toBe(false);
    expect(Math.abs(offsetMs())).toBeLessThan(5);
    player.viewer('seek', 400);
    await world.run(3_000);
    expect(Math.abs(offsetMs())).toBeLessThan(5);
  });

  test('waits for a click where the browser refuses, then joins in', async () => {
    const { world, command, offsetMs, player, follower, refused, step } = party({
      refusesStart: true,
    });
    command({ playing: true, positionSeconds: 0 }, 100);
    await world.run(4_000);
    expect(refused).toHaveLength(1);
    expect(player.orders.filter((order) => order === 'play')).toHaveLength(1);
    player.refuses = false;
    follower.allow(world.nowMs);
    step();
    await world.run(4_000);
    expect(Math.abs(offsetMs())).toBeLessThan(5);
  });

  test('learns how long its player takes', async () => {
    const { world, command, follower } = party({ startMs: 300, startJitterMs: 0, seekMs: 400 });
    for (let round = 0; round < 6; ++round) {
      command({ playing: true, positionSeconds: 100 * round }, 500);
      await world.run(3_000);
      command({ playing: true, positionSeconds: 100 * round + 50 }, 500);
      await world.run(4_000);
      command({ playing: false, positionSeconds: 100 * round + 60 }, 300);
      await world.run(2_000);
    }
    expect(follower.latencies.startMs).toBeCloseTo(300, -1);
    expect(follower.latencies.rendezvousMs).toBeCloseTo(1.5 * 400 + 50 + 300, -2);
  });

  test('rests at the end of a medium shorter than the timeline', async () => {
    const { world, command, player } = party();
    command({ playing: true, positionSeconds: 7_199 }, 0);
    await world.run(5_000);
    const before = player.orders.length;
    await world.run(60_000);
    expect(player.orders.length).toBe(before);
  });
});

describe('any player', () => {
  const kinds: [string, Partial<PlayerModelOptions>][] = [
    ['like Chromium', {}],
    ['that always preserves pitch', { rateDelayMs: 468 }],
    ['that obeys sooner than known', { rateDelayErrorMs: -468 }],
    ['slower to obey than known', { rateDelayErrorMs: 600 }],
    ['with a fast sound card', { ppm: 300 }],
    ['measured badly', { noiseSeconds: 0.006 }],
    ['slow to seek', { seekMs: 1_200 }],
    ['with fixed rates', { rateStep: 0.05 }],
  ];
  test.each(kinds)(
    '%s converges, does not oscillate, does not seek in loops',
    async (_, options) => {
      for (let seed = 1; seed <= 5; ++seed) {
        const { world, command, offsetMs, player } = party(options, seed);
        command({ playing: true, positionSeconds: 100 }, -200 - 50 * seed);
        await world.run(20_000);
        const seeks = player.orders.filter((order) => order.startsWith('seek')).length;
        expect(seeks).toBeLessThanOrEqual(3);
        const offsets: number[] = [];
        for (let second = 0; second < 60; ++second) {
          await world.run(1_000);
          offsets.push(offsetMs());
        }
        const bound = Math.max(8, 2_000 * (options.noiseSeconds ?? 0), options.rateStep ? 60 : 0);
        expect(Math.max(...offsets.map(Math.abs))).toBeLessThan(bound);
        expect(player.orders.filter((order) => order.startsWith('seek')).length).toBe(seeks);
      }
    },
  );

  test('that obeys no rate is kept near by a few seeks', async () => {
    const { world, command, offsetMs, player } = party({ obeysRates: false, ppm: 200 });
    command({ playing: true, positionSeconds: 100 }, -400);
    await world.run(300_000);
    expect(Math.abs(offsetMs())).toBeLessThan(200);
    expect(player.orders.filter((order) => order.startsWith('seek')).length).toBeLessThan(12);
  });
});
