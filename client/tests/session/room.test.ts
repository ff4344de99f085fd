import { describe, expect, test } from 'vitest';
import type { ChatMessage, Participant, RoomState, RoomSummary } from '../../src/protocol/messages';
import {
  applyDelta,
  comings,
  enterRoom,
  viewOf,
  withChat,
  withParticipants,
  withTimeline,
  type Room,
} from '../../src/session/room';
import type { Timeline } from '../../src/sync/timeline';

const SERVER_MS = 1_790_000_000_000;

const who = (clientId: string, change: Partial<Participant> = {}): Participant => ({
  clientId,
  name: clientId,
  isHost: false,
  status: 'ready',
  offsetMs: null,
  delayMs: null,
  ...change,
});

const timeline = (seq: number, change: Partial<Timeline> = {}): Timeline => ({
  mediaId: null,
  positionSeconds: 0,
  rate: 1,
  playing: false,
  atMs: SERVER_MS + seq,
  seq,
  ...change,
});

const roomState = (change: Partial<RoomState> = {}): RoomState => ({
  type: 'room_state',
  serverTs: SERVER_MS,
  room: 'r1',
  name: 'ada',
  hostId: 'ada',
  participantCount: 1,
  mediaId: null,
  positionSeconds: 0,
  playState: 'paused',
  timeline: timeline(1),
  participants: [who('ada', { isHost: true })],
  waiting: null,
  private: false,
  ...change,
});

const said = (text: string, change: Partial<ChatMessage> = {}): ChatMessage => ({
  type: 'chat_message',
  serverTs: SERVER_MS,
  room: 'r1',
  clientId: 'ada',
  userName: 'Ada',
  text,
  ...change,
});

const entered = (change: Partial<RoomState> = {}): Room =>
  enterRoom(null, roomState(change), SERVER_MS);

describe('coming into a room', () => {
  test('takes what the server says', () => {
    const room = entered({ mediaId: 'm', name: 'The room' });
    expect(room).toMatchObject({ id: 'r1', name: 'The room', hostId: 'ada', mediaId: 'm' });
    expect(room.track).toHaveLength(1);
    expect(room.chat).toEqual([]);
  });

  test('again keeps the chat, and a timeline that is newer than the server’s answer', () => {
    const before = withTimeline(
      withChat(entered(), said('hello'), 'me'),
      timeline(5, { playing: true }),
      SERVER_MS + 5,
    );
    const again = enterRoom(before, roomState({ timeline: timeline(3) }), SERVER_MS + 10);
    expect(again.chat.map((line) => line.text)).toEqual(['hello']);
    expect(again.track.at(-1)?.seq).toBe(5);
  });

  test('of another name keeps nothing of the one before', () => {
    const before = withChat(entered({ timeline: timeline(9) }), said('hello'), 'me');
    const other = enterRoom(before, roomState({ room: 'r2' }), SERVER_MS + 10);
    expect(other.chat).toEqual([]);
    expect(other.track.at(-1)?.seq).toBe(1);
  });

  test('of a v1 server, without members and timeline, is a room all the same', () => {
    const room = entered({ participants: null, timeline: null });
    expect(room).toMatchObject({ participants: [], track: [] });
    expect(viewOf(room, 'me', SERVER_MS)).toMatchObject({ members: [], playing: false });
  });
});

test('an old timeline changes nothing, not even the value', () => {
  const room = entered({ timeline: timeline(4) });
  expect(withTimeline(room, timeline(4, { playing: true }), SERVER_MS + 9)).toBe(room);
  expect(withTimeline(room, null, SERVER_MS + 9)).toBe(room);
});

test('the members say who the host is; without a mark the last one stays', () => {
  const room = entered();
  expect(withParticipants(room, [who('ada'), who('bob', { isHost: true })]).hostId).toBe('bob');
  expect(withParticipants(room, [who('ada'), who('bob')]).hostId).toBe('ada');
  expect(withParticipants(room, null)).toBe(room);
});

describe('the chat', () => {
  test('keeps the order, knows one’s own, and gives every line an id of its own', () => {
    let room = entered();
    for (const text of ['one', 'two', 'three'])
      room = withChat(room, said(text, { clientId: text === 'two' ? 'me' : 'ada' }), 'me');
    expect(room.chat.map((line) => [line.text, line.mine])).toEqual([
      ['one', false],
      ['two', true],
      ['three', false],
    ]);
    expect(new Set(room.chat.map((line) => line.id)).size).toBe(3);
  });

  test('forgets its oldest lines: an evening must not grow the page', () => {
    let room = entered();
    for (let i = 0; i < 1_000; i++) room = withChat(room, said(`line ${i}`), 'me');
    expect(room.chat).toHaveLength(200);
    expect(room.chat[0]?.text).toBe('line 800');
    expect(new Set(room.chat.map((line) => line.id)).size).toBe(200);
  });
});

describe('who came and went', () => {
  test('is told by connection', () => {
    const before = [who('ada'), who('bob')];
    const after = [who('ada'), who('cleo')];
    expect(comings(before, after)).toEqual({ joined: ['cleo'], left: ['bob'] });
    expect(comings(after, after)).toEqual({ joined: [], left: [] });
  });

  test('a new connection of the same name is no news', () => {
    const before = [who('1', { name: 'Bob' }), who('2', { name: 'Bob' })];
    const after = [who('3', { name: 'Bob' }), who('4', { name: 'Bob' })];
    expect(comings(before, after)).toEqual({ joined: [], left: [] });
    expect(comings(before, [...after, who('5', { name: 'Bob' })]).joined).toEqual(['Bob']);
  });
});

describe('what the interface sees', () => {
  test('marks oneself and one’s right to command', () => {
    const room = entered({ participants: [who('ada', { isHost: true }), who('me')] });
    const view = viewOf(room, 'me', SERVER_MS);
    expect(view.members.map((member) => member.isMe)).toEqual([false, true]);
    expect(view.amHost).toBe(false);
    expect(viewOf(room, 'ada', SERVER_MS).amHost).toBe(true);
  });

  test('plays when the timeline does, not when it is going to', () => {
    const start = timeline(2, { playing: true, atMs: SERVER_MS + 1_500 });
    const room = withTimeline(entered(), start, SERVER_MS);
    expect(viewOf(room, 'me', SERVER_MS + 1_499).playing).toBe(false);
    expect(viewOf(room, 'me', SERVER_MS + 1_500).playing).toBe(true);
  });

  test('names whom a start waits for, also one whom it does not know', () => {
    const waiting = { clientIds: ['ada', 'ghost'], untilMs: SERVER_MS };
    const view = viewOf(entered({ waiting }), 'me', SERVER_MS);
    expect(view.waitingFor).toEqual(['ada', 'Somebody']);
  });
});

describe('the list of rooms', () => {
  const summary = (id: string, count = 1): RoomSummary => ({
    id,
    name: id,
    count,
    mediaId: null,
    hostName: id,
    playing: false,
  });
  const delta = (upserted: RoomSummary[], removed: string[] = []) =>
    ({ type: 'room_list_delta', serverTs: SERVER_MS, upserted, removed }) as const;

  test('changes in place; new rooms come last', () => {
    const rooms = applyDelta(
      [summary('a'), summary('b'), summary('c')],
      delta([summary('d'), summary('b', 7)], ['a']),
    );
    expect(rooms.map((room) => [room.id, room.count])).toEqual([
      ['b', 7],
      ['c', 1],
      ['d', 1],
    ]);
  });

  test('removing what is not there, or adding what is, does no harm', () => {
    const rooms = [summary('a')];
    expect(applyDelta(rooms, delta([], ['x']))).toEqual(rooms);
    expect(applyDelta(rooms, delta([summary('a')]))).toEqual(rooms);
  });

  test('a room that is removed and added at once is there once, anew', () => {
    expect(applyDelta([summary('a')], delta([summary('a', 3)], ['a']))).toEqual([summary('a', 3)]);
  });
});
