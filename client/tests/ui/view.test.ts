import { expect, test } from 'vitest';
import { lobby } from '../../src/ui/route';
import { chooseView, routeAfter } from '../../src/ui/view';
import { partyState, room, roomId } from './fixtures';

const invitation = { kind: 'room', roomId, ticket: null } as const;

test('without a room the address decides between lobby and invitation', () => {
  expect(chooseView(partyState(), lobby, false)).toEqual({ kind: 'lobby' });
  expect(chooseView(partyState(), invitation, false)).toEqual({
    kind: 'invitation',
    roomId,
    ticket: null,
  });
});

test('a server that asks for a token is asked first', () => {
  expect(chooseView(partyState(), lobby, true)).toEqual({ kind: 'sign-in' });
  expect(chooseView(partyState(), invitation, true)).toEqual({ kind: 'sign-in' });
});

test('a room is shown as long as one is in it', () => {
  const state = partyState({ room: room() });
  for (const route of [lobby, invitation])
    for (const signIn of [true, false])
      expect(chooseView(state, route, signIn)).toEqual({ kind: 'room' });
});

test('the address follows the room, and only when that changes', () => {
  expect(routeAfter(null, roomId, lobby)).toEqual(invitation);
  expect(routeAfter('another', roomId, lobby)).toEqual(invitation);
  expect(routeAfter(roomId, null, invitation)).toEqual(lobby);
  expect(routeAfter(roomId, roomId, lobby)).toBeNull();
  expect(routeAfter(null, null, invitation)).toBeNull();
});

test('an invitation that was followed stays in the address, with its ticket', () => {
  expect(routeAfter(null, roomId, { ...invitation, ticket: 'c'.repeat(32) })).toBeNull();
  expect(routeAfter(null, roomId, { ...invitation, roomId: 'another' })).toEqual(invitation);
});
