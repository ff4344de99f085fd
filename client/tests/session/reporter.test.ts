import { beforeEach, describe, expect, test } from 'vitest';
import type { StatusReport } from '../../src/protocol/messages';
import type { MemberStatus } from '../../src/session/party-state';
import { Reporter } from '../../src/session/reporter';
import { World } from '../sim/world';

let world: World;
let reporter: Reporter;
/** What the member is like now, and what of it was sent, and when. */
let now: { status: MemberStatus; offsetMs?: number; delayMs?: number };
let sent: [atMs: number, report: Omit<StatusReport, 'type' | 'room'>][];
let online: boolean;

beforeEach(() => {
  world = new World();
  now = { status: 'ready' };
  sent = [];
  online = true;
  reporter = new Reporter(
    {
      clock: { nowMs: () => world.nowMs },
      timers: { after: (delayMs, run) => world.after(delayMs, run) },
    },
    () =>
      reporter.report({ type: 'participant_status', room: 'r', ...now }, () => {
        if (online) sent.push([world.nowMs, { ...now }]);
        return online;
      }),
  );
});

const times = (): number[] => sent.map(([atMs]) => atMs);

/** The status changes, and the engine says so, as it does at every step. */
function becomes(status: MemberStatus): void {
  now = { ...now, status };
  reporter.statusIs(status);
}

test('begins with a report, and is silent without news but for a sign of life', async () => {
  reporter.start();
  await world.run(11_000);
  expect(times()).toEqual([0, 5_000, 10_000]);
});

test('tells of a status at once', async () => {
  reporter.start();
  await world.run(400);
  becomes('buffering');
  expect(sent.at(-1)).toEqual([400, { status: 'buffering' }]);
});

test('a player that flutters is told of with the next second', async () => {
  reporter.start();
  await world.run(400);
  for (let i = 0; i < 10; i++) becomes(i % 2 === 0 ? 'buffering' : 'ready');
  becomes('buffering');
  await world.run(1_000);
  expect(times()).toEqual([0, 400]);
  becomes('ready');
  await world.run(1_000);
  expect(sent.at(-1)?.[1].status).toBe('ready');
  expect(times()).toHaveLength(3);
});

describe('once a second it tells', () => {
  const news = async (first: object, second: object): Promise<number> => {
    now = { status: 'playing', ...first };
    reporter.start();
    await world.run(500);
    now = { status: 'playing', ...second };
    await world.run(600);
    return sent.length - 1;
  };

  test('of an offset that moved by 5 ms, not of less', async () => {
    expect(await news({ offsetMs: 1 }, { offsetMs: 6 })).toBe(1);
    sent = [];
    expect(await news({ offsetMs: 1 }, { offsetMs: 5 })).toBe(0);
  });

  test('of an offset that became known, however small', async () => {
    expect(await news({}, { offsetMs: 1 })).toBe(1);
  });

  test('of an offset that is not known any more', async () => {
    expect(await news({ offsetMs: 1 }, {})).toBe(1);
  });

  test('of a delay that moved by 10 ms, not of less', async () => {
    expect(await news({ delayMs: 20 }, { delayMs: 30 })).toBe(1);
    sent = [];
    expect(await news({ delayMs: 20 }, { delayMs: 29 })).toBe(0);
  });
});

test('what could not be sent is tried again with the next second', async () => {
  online = false;
  reporter.start();
  await world.run(1_500);
  online = true;
  await world.run(1_000);
  expect(times()).toEqual([2_000]);
});

test('stopped, it is silent, also about a status', async () => {
  reporter.start();
  reporter.stop();
  becomes('playing');
  await world.run(60_000);
  expect(times()).toEqual([0]);
});

test('begun again, all is news', async () => {
  reporter.start();
  await world.run(100);
  reporter.start();
  await world.run(500);
  expect(times()).toEqual([0, 100]);
});
