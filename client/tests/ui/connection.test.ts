// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import '../../src/ui/connection';
import type { ConnectionLine } from '../../src/ui/connection';
import { World } from '../sim/world';
import { button, drawn, find, mount, RecordedParty, textOf } from './fixtures';

let party: RecordedParty;
let world: World;

beforeEach(() => {
  party = new RecordedParty();
  world = new World();
});

function line(
  connection: ConnectionLine['connection'],
  change: Partial<ConnectionLine> = {},
): Promise<ConnectionLine> {
  return mount('owp-connection', {
    connection,
    party,
    nowMs: () => world.nowMs,
    later: (delayMs, run) => world.after(delayMs, run),
    ...change,
  });
}
const retryAt = (nextTryAtMs: number) =>
  ({ kind: 'reconnecting', attempt: 2, nextTryAtMs }) as const;

test('is silent while all is well, in a region that readers follow', async () => {
  const element = await line({ kind: 'online' });
  expect(textOf(find(element, '[role=status]'))).toBe('');
  element.connection = { kind: 'connecting' };
  await drawn(element);
  expect(textOf(element)).toBe('');
});

test('counts the seconds to the next try down', async () => {
  const element = await line(retryAt(2_500));
  const shown: string[] = [];
  await world.run(1); // it wakes just after the second has changed
  for (let ms = 0; ms <= 3_000; ms += 500) {
    shown.push(/\d+ s/.exec(textOf(element))?.[0] ?? 'now');
    await world.run(500);
    await drawn(element);
  }
  expect(shown).toEqual(['3 s', '2 s', '2 s', '1 s', '1 s', 'now', 'now']);
  expect(textOf(element)).toContain('Reconnecting…');
});

test('need not be waited for', async () => {
  const element = await line(retryAt(9_000));
  button(element, 'Try now').click();
  expect(party.asked).toEqual([['reconnectNow']]);
});

test('while a try is under way there is nothing to press', async () => {
  const element = await line(retryAt(0));
  expect(() => button(element, 'Try now')).toThrow();
});

test('says that the video plays on, if there is one', async () => {
  const element = await line(retryAt(9_000));
  expect(textOf(element)).not.toContain('plays on');
  element.playing = true;
  await drawn(element);
  expect(textOf(element)).toContain('Your video plays on in the meantime.');
});

test('a connection that has ended says why and can be begun again', async () => {
  const element = await line({ kind: 'stopped', code: 'X', message: '<b>Enough</b>' });
  expect(textOf(element)).toContain('The connection has ended. <b>Enough</b>');
  button(element, 'Connect again').click();
  expect(party.asked).toEqual([['reconnectNow']]);
});

test('stops counting when it is over', async () => {
  const element = await line(retryAt(9_000));
  element.connection = { kind: 'online' };
  await drawn(element);
  let drawnAgain = 0;
  element.requestUpdate = () => drawnAgain++;
  await world.run(20_000);
  expect(drawnAgain).toBe(0);
});
