import { expect, test } from 'vitest';
import type { RoomEntry } from '../../src/session/party-state';
import type { Room } from '../../src/session/room';
import { anew, foundAgain, lookFor, requestFor } from '../../src/session/wish';

const AT_MS = 1_790_000_000_000;
const room: Room = {
  id: 'room',
  name: 'Ada',
  hostId: 'a',
  mediaId: 'film',
  isPrivate: false,
  participants: [
    { clientId: 'b', name: 'Ben', isHost: false, status: 'playing', offsetMs: null, delayMs: null },
    { clientId: 'a', name: 'Ada', isHost: true, status: 'playing', offsetMs: null, delayMs: null },
  ],
  waiting: null,
  chat: [],
  track: [{ mediaId: 'film', positionSeconds: 10, rate: 1, playing: true, atMs: AT_MS, seq: 1 }],
};
const entry: RoomEntry = {
  id: 'new',
  name: 'Ada',
  hostName: 'Ada',
  count: 1,
  mediaId: 'film',
  playing: true,
};

test('a party is made anew where it is by now, playing or not', () => {
  const wish = anew(room, AT_MS + 30_000);
  expect(wish).toEqual({
    kind: 'create',
    mediaId: 'film',
    startSeconds: 40,
    isPrivate: false,
    plays: true,
  });
  const [timeline] = room.track;
  const paused = { ...room, track: [{ ...timeline!, playing: false }] };
  expect(anew(paused, AT_MS + 30_000)).toMatchObject({ startSeconds: 10, plays: false });
});

test('a party that is private, or has no title, is neither made nor looked for', () => {
  for (const change of [{ isPrivate: true }, { mediaId: null }]) {
    expect(anew({ ...room, ...change }, AT_MS)).toBeNull();
    expect(lookFor({ ...room, ...change }, 0)).toBeNull();
  }
  expect(anew({ ...room, track: [] }, AT_MS)).toBeNull();
  expect(lookFor({ ...room, participants: [] }, 0)).toBeNull();
});

test('it is known by its host and its title, for a minute', () => {
  const lost = lookFor(room, 1_000)!;
  expect(foundAgain(lost, [{ ...entry, hostName: 'Ben' }, entry], 61_000)).toBe(entry);
  expect(foundAgain(lost, [{ ...entry, hostName: 'Ben' }], 1_000)).toBeUndefined();
  expect(foundAgain(lost, [{ ...entry, mediaId: 'other' }], 1_000)).toBeUndefined();
  expect(foundAgain(lost, [entry], 61_001)).toBeUndefined();
});

test('who joins says what opens the room: a held seat, a ticket, or neither', () => {
  const wish = { kind: 'join', roomId: 'room', ticket: null } as const;
  const plain = { type: 'join_room', room: 'room', userName: 'Ben' };
  expect(requestFor(wish, 'Ben', null)).toEqual(plain);
  expect(requestFor({ ...wish, ticket: 't' }, 'Ben', 's')).toEqual({
    ...plain,
    resumeToken: 's',
    inviteTicket: 't',
  });
});
