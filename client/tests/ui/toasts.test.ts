// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import '../../src/ui/toasts';
import type { Toasts } from '../../src/ui/toasts';
import { World } from '../sim/world';
import { drawn, find, findAll, mount, notice, RecordedParty, textOf } from './fixtures';

let party: RecordedParty;
let world: World;

beforeEach(() => {
  party = new RecordedParty();
  world = new World();
});

function toasts(notices: Toasts['notices']): Promise<Toasts> {
  return mount('owp-toasts', {
    notices,
    party,
    later: (delayMs, run) => world.after(delayMs, run),
  });
}

test('are told politely, in the order they came', async () => {
  const element = await toasts([notice(1), notice(2, { text: 'Bob left.' })]);
  expect(findAll(element, 'li').map(textOf)).toEqual(['Ada joined.', 'Bob left.']);
  expect(find(element, 'ul').getAttribute('aria-live')).toBe('polite');
});

test('go by themselves: what is good to know sooner than what went wrong', async () => {
  await toasts([notice(1), notice(2, { kind: 'error', code: 'ROOM_FULL' })]);
  await world.run(5_999);
  expect(party.asked).toEqual([]);
  await world.run(1);
  expect(party.asked).toEqual([['dismissNotice', 1]]);
  await world.run(6_000);
  expect(party.asked).toEqual([
    ['dismissNotice', 1],
    ['dismissNotice', 2],
  ]);
});

test('a later one does not prolong an earlier', async () => {
  const element = await toasts([notice(1)]);
  await world.run(4_000);
  element.notices = [notice(1), notice(2)];
  await drawn(element);
  await world.run(2_000);
  expect(party.asked).toEqual([['dismissNotice', 1]]);
  await world.run(60_000);
  expect(party.asked).toEqual([
    ['dismissNotice', 1],
    ['dismissNotice', 2],
  ]);
});

test('one that was put away by hand is not put away again', async () => {
  const element = await toasts([notice(1)]);
  find(element, 'button').click();
  expect(party.asked).toEqual([['dismissNotice', 1]]);
  element.notices = [];
  await drawn(element);
  await world.run(60_000);
  expect(party.asked).toHaveLength(1);
});

test('the end of a party stays until one has seen it, and says that the video goes on', async () => {
  const text = 'The host has left.';
  const element = await toasts([notice(1, { code: 'ROOM_CLOSED', text })]);
  await world.run(3_600_000);
  expect(party.asked).toEqual([]);
  expect(textOf(find(element, 'li'))).toBe(
    'The party is over The host has left. Your video plays on.',
  );
});

test('markup in a notice is text', async () => {
  const element = await toasts([notice(1, { text: '<img src=x> joined.' })]);
  expect(findAll(element, 'img')).toEqual([]);
  expect(textOf(element)).toContain('<img src=x> joined.');
});
