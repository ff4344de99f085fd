import { expect, test } from 'vitest';
import { formatRoute, lobby, parseRoute } from '../../src/ui/route';
import { roomId } from './fixtures';

test('an invitation leads to its room, and back to the same address', () => {
  const route = parseRoute(`#/room/${roomId}`);
  expect(route).toEqual({ kind: 'room', roomId, ticket: null });
  expect(formatRoute(route)).toBe(`#/room/${roomId}`);
  expect(parseRoute(formatRoute(lobby))).toEqual(lobby);
});

test('a room id typed in capitals is the same room', () => {
  expect(parseRoute(`#/room/${roomId.toUpperCase()}`)).toEqual({
    kind: 'room',
    roomId,
    ticket: null,
  });
});

test('an invitation to a private room carries its ticket', () => {
  const ticket = '0123456789abcdef'.repeat(2);
  const route = parseRoute(`#/room/${roomId}/${ticket.toUpperCase()}`);
  expect(route).toEqual({ kind: 'room', roomId, ticket });
  expect(formatRoute(route)).toBe(`#/room/${roomId}/${ticket}`);
});

test.each([
  '',
  '#',
  '#/',
  '#/room/',
  '#/room/none',
  `#/room/${roomId}/more`,
  `#/room/${roomId}/`,
  `#/room/${roomId}/${'0'.repeat(31)}`,
  `#/room/${roomId}/${'0'.repeat(33)}`,
  `#/room/${roomId}?x`,
  `#room/${roomId}`,
  `#/room/${roomId}\n`,
  `#/room/${roomId.replaceAll('-', '')}`,
  '#/room/<script>alert(1)</script>',
])('%o is the lobby', (hash) => {
  expect(parseRoute(hash)).toEqual(lobby);
});
