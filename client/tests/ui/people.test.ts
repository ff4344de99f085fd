// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import '../../src/ui/people';
import { find, findAll, member, mount, textOf } from './fixtures';

test('everybody is there with name, marks and state', async () => {
  const element = await mount('owp-people', {
    members: [
      member({ isHost: true, status: 'playing', offsetMs: 4.2 }),
      member({ clientId: 'b', name: 'Bob', isMe: true, status: 'buffering', offsetMs: -900 }),
      member({ clientId: 'c', name: 'Cleo', status: 'away' }),
    ],
  });
  expect(textOf(find(element, 'h2'))).toBe('People 3');
  expect(findAll(element, '.who').map(textOf)).toEqual([
    'Ada Host Playing',
    'Bob (you) Buffering',
    'Cleo Away',
  ]);
});

test('who plays shows the offset, to the eye and in words', async () => {
  const element = await mount('owp-people', {
    members: [
      member({ status: 'playing', offsetMs: 4.2 }),
      member({ clientId: 'b', status: 'playing' }),
      member({ clientId: 'c', status: 'ready', offsetMs: 9 }),
    ],
  });
  const offsets = findAll(element, '.offset');
  expect(offsets.map(textOf)).toEqual(['+4 ms 4 ms ahead from the party']);
  expect(offsets[0]?.querySelector('[aria-hidden]')?.textContent).toBe('+4 ms');
});

test('the way to the server is told on demand', async () => {
  const element = await mount('owp-people', {
    members: [member({ delayMs: 41.7 }), member({ clientId: 'b' })],
  });
  const [ada, other] = findAll(element, 'li');
  expect(ada?.title).toBe('42 ms away from the server');
  expect(other?.hasAttribute('title')).toBe(false);
});

test('a name with markup is text, and a long list can be reached by keyboard', async () => {
  const name = '<b onclick=alert(1)>Bob</b>';
  const element = await mount('owp-people', { members: [member({ name })] });
  expect(findAll(element, 'b')).toEqual([]);
  expect(textOf(find(element, '.name .ellipsis'))).toBe(name);
  expect(find(element, 'ul').tabIndex).toBe(0);
});
