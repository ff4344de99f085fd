import { expect, test } from 'vitest';
import { formatRoute, lobby, parseRoute } from '../../src/ui/route';
import { roomId } from './fixtures';

test('an invitation leads to its room, and back to the same address', () => {
  const route = parseRoute(`#/room/${roomId}`);
  expect(route).toEqual({ kind: 'room', roomId });
  expect(formatRoute(route)).toBe(`#/room/${roomId}`);
  expect(parseRoute(formatRoute(lobby))).toEqual(lobby);
});

test('a room id typed in capitals is the same room', () => {
  expect(parseRoute(`#/room/${roomId.toUpperCase()}`)).toEqual({ kind: 'room', roomId });
});

test.each([
  '',
  '#',
  '#/',
  '#/room/',
  '#/room/none',
  `#/room/${roomId}/more`,
  `#/room/${roomId}?x`,
  `#room/${roomId}`,
  `#/room/${roomId}\n`,
  `#/room/${roomId.replaceAll('-', '')}`,
  '#/room/<script>alert(1)</script>',
])('%o is the lobby', (hash) => {
  expect(parseRoute(hash)).toEqual(lobby);
});
