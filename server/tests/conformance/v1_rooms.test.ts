// Rooms as v1 clients see them (wire-v1: client to server, server to client).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Peer, Server } from './harness.ts';

let server: Server;
before(async () => {
  server = await Server.start();
});
after(async () => {
  assert.equal(await server.stop(), 0);
});

const media = '0123456789abcdef0123456789abcdef';

test('client_hello comes first, then the room list', async () => {
  const peer = await Peer.connect(server, { hello: false });
  const hello = await peer.next('client_hello');
  assert.equal(hello.client, hello.payload.client_id);
  assert.deepEqual((await peer.next('room_list')).payload, []);
  await peer.close();
});

test('names sent with auth off are taken and get no answer', async () => {
  const peer = await Peer.connect(server);
  peer.send('auth', { user_name: '  Zoë\u0007 ', user_id: 'u-9' });
  assert.ok(!(await peer.barrier()).some((m) => m.type === 'auth_success'));
  peer.send('create_room', { start_pos: 0 });
  assert.equal((await peer.next('room_state')).payload.name, 'Zoë');
  await peer.close();
});

test('with auth off a token sent all the same is answered', async () => {
  const peer = await Peer.connect(server);
  peer.send('auth', { token: 'whatever', user_name: 'Tom' });
  assert.equal((await peer.next('auth_success')).payload.user_name, 'Tom');
  await peer.close();
});

for (const [title, payload, position, mediaId] of [
  ['as given', { start_pos: 12.5, media_id: media }, 12.5, media],
  ['an invalid start is 0', { start_pos: -4, media_id: media }, 0, media],
  ['a start beyond a day is 0', { start_pos: 1e9 }, 0, null],
  ['a start of the wrong type is 0', { start_pos: 'x' }, 0, null],
  ['media that is not 32 hex digits is dropped', { start_pos: 1, media_id: 'nope' }, 1, null],
  ['media null is none', { start_pos: 1, media_id: null }, 1, null],
] as const) {
  test(`create_room: ${title}`, async () => {
    const host = await Peer.connect(server);
    host.send('create_room', { ...payload, user_name: 'Hana' }, { room: '' });
    const state = await host.next('room_state');
    assert.equal(state.client, host.clientId);
    assert.deepEqual(state.payload, {
      name: 'Hana', host_id: host.clientId, participant_count: 1, media_id: mediaId,
      state: { position, play_state: 'paused' },
    });
    const list = await host.next('room_list', (m) => m.payload.some((r: any) => r.id === state.room));
    const entry = list.payload.find((r: any) => r.id === state.room);
    assert.deepEqual(entry, { id: state.room, name: 'Hana', count: 1, media_id: mediaId });
    await host.close();
  });
}

test('who has no name is Anonymous', async () => {
  const host = await Peer.connect(server);
  host.send('create_room', { start_pos: 0 });
  assert.equal((await host.next('room_state')).payload.name, 'Anonymous');
  await host.close();
});

test('a joiner gets the state, the rest a count', async () => {
  const host = await Peer.connect(server);
  const room = await host.create({ user_name: 'Hana', media_id: media, start_pos: 30 });
  const guest = await Peer.connect(server);
  const state = await guest.join(room, { user_name: 'Gil' });
  assert.equal(state.client, guest.clientId);
  assert.equal(state.payload.host_id, host.clientId);
  assert.equal(state.payload.participant_count, 2);
  assert.deepEqual(state.payload.state, { position: 30, play_state: 'paused' });
  assert.equal((await host.next('participants_update')).payload.participant_count, 2);
  await Promise.all([host.close(), guest.close()]);
});

test('counts of several who join at once are batched', async () => {
  const host = await Peer.connect(server);
  const room = await host.create();
  const guests = await Promise.all([1, 2, 3, 4, 5].map(() => Peer.connect(server)));
  await Promise.all(guests.map((guest) => guest.join(room)));
  await host.next('participants_update', (m) => m.payload.participant_count === 6);
  for (const peer of [host, ...guests]) await peer.close();
});

test('leaving: the rest learn who, the leaver gets the list and then silence', async () => {
  const host = await Peer.connect(server);
  const room = await host.create();
  const guest = await Peer.connect(server);
  await guest.join(room);
  await guest.barrier();
  guest.send('leave_room', {}, { room });
  const left = await host.next('client_left');
  assert.equal(left.client, guest.clientId);
  assert.equal(left.payload.participant_count, 1);
  host.send('player_event', { action: 'play', position: 0 }, { room });
  host.send('chat_message', { text: 'gone?' }, { room });
  await host.next('chat_message');
  await guest.next('room_list');
  const heard = await guest.barrier();
  assert.deepEqual(heard.filter((m) => m.room === room), []);
  await Promise.all([host.close(), guest.close()]);
});

test('a host who leaves closes the room for all', async () => {
  const host = await Peer.connect(server);
  const room = await host.create();
  const guest = await Peer.connect(server);
  await guest.join(room);
  host.send('leave_room', {}, { room });
  const closed = await guest.next('room_closed');
  assert.equal(closed.room, room);
  assert.match(closed.payload.reason, /\S+ \S+/);
  await guest.next('room_list', (m) => !m.payload.some((r: any) => r.id === room));
  await Promise.all([host.close(), guest.close()]);
});

test('a host whose connection is lost closes the room for all', async () => {
  const host = await Peer.connect(server);
  const room = await host.create();
  const guest = await Peer.connect(server);
  await guest.join(room);
  await host.close();
  assert.equal((await guest.next('room_closed')).room, room);
  await guest.close();
});

test('a second create_room closes the first room', async () => {
  const host = await Peer.connect(server);
  const first = await host.create();
  const guest = await Peer.connect(server);
  await guest.join(first);
  const second = await host.create();
  assert.notEqual(second, first);
  assert.equal((await guest.next('room_closed')).room, first);
  await Promise.all([host.close(), guest.close()]);
});

test('joining elsewhere leaves the old room first', async () => {
  const [one, two, guest] = await Promise.all([1, 2, 3].map(() => Peer.connect(server)));
  const [first, second] = [await one!.create(), await two!.create()];
  await guest!.join(first);
  await guest!.join(second);
  assert.equal((await one!.next('client_left')).client, guest!.clientId);
  for (const peer of [one, two, guest]) await peer!.close();
});

test('a room that is not there', async () => {
  const peer = await Peer.connect(server);
  peer.send('join_room', {}, { room: '6f1ff2ab-3a0f-4c9b-8a53-0d9f8d6a2f11' });
  assert.equal((await peer.next('error')).payload.code, 'ROOM_NOT_FOUND');
  await peer.close();
});

test('the 21st is refused, the 20 notice nothing', async () => {
  const host = await Peer.connect(server);
  const room = await host.create();
  const guests = await Promise.all(Array.from({ length: 20 }, () => Peer.connect(server)));
  for (const guest of guests.slice(0, 19)) await guest.join(room);
  guests[19]!.send('join_room', {}, { room });
  const refused = await guests[19]!.next('error');
  assert.deepEqual([refused.payload.message, refused.payload.code], ['Room is full', 'ROOM_FULL']);
  await host.next('participants_update', (m) => m.payload.participant_count === 20);
  for (const peer of [host, ...guests]) await peer.close();
});

test('three rooms a user, then a clear refusal', async () => {
  const peers = await Promise.all([1, 2, 3, 4].map(() => Peer.connect(server)));
  for (const peer of peers) peer.send('auth', { user_name: 'Rita', user_id: 'rita' });
  for (const peer of peers.slice(0, 3)) await peer.create();
  peers[3]!.send('create_room', { start_pos: 0 });
  assert.equal((await peers[3]!.next('error')).payload.code, 'ROOM_LIMIT_REACHED');
  peers[0]!.send('leave_room', {});
  await peers[0]!.next('room_list');
  await peers[0]!.barrier();
  await peers[3]!.create();
  for (const peer of peers) await peer.close();
});

test('a lost guest is put back into its seat after auth by the same user', async () => {
  const host = await Peer.connect(server);
  const room = await host.create({ start_pos: 7 });
  const guest = await Peer.connect(server);
  guest.send('auth', { user_name: 'Gil', user_id: 'gil' });
  await guest.join(room);
  await host.next('participants_update');
  await guest.close();
  assert.equal((await host.next('client_left')).payload.participant_count, 1);
  const again = await Peer.connect(server);
  again.send('auth', { user_name: 'Gil', user_id: 'gil' });
  const state = await again.next('room_state');
  assert.equal(state.room, room);
  assert.equal(state.payload.participant_count, 2);
  await Promise.all([host.close(), again.close()]);
});

test('a guest who left is not put back', async () => {
  const host = await Peer.connect(server);
  const room = await host.create();
  const guest = await Peer.connect(server);
  guest.send('auth', { user_name: 'Ida', user_id: 'ida' });
  await guest.join(room);
  guest.send('leave_room', {}, { room });
  await host.next('client_left');
  await guest.close();
  const again = await Peer.connect(server);
  again.send('auth', { user_name: 'Ida', user_id: 'ida' });
  again.send('list_rooms');
  await again.next('room_list');
  assert.ok(!(await again.barrier()).some((m) => m.type === 'room_state'));
  await Promise.all([host.close(), again.close()]);
});

test('chat reaches all members, the sender too, and nobody else', async () => {
  const [host, guest, other] = await Promise.all([1, 2, 3].map(() => Peer.connect(server)));
  const room = await host!.create({ user_name: 'Hana' });
  await guest!.join(room, { user_name: 'Gil' });
  const text = '<b>hé</b> 👋';
  guest!.send('chat_message', { text }, { room });
  for (const peer of [host!, guest!]) {
    const chat = await peer.next('chat_message');
    assert.deepEqual([chat.client, chat.payload], [guest!.clientId, { username: 'Gil', text }]);
  }
  other!.send('chat_message', { text: 'let me in' }, { room });
  assert.equal((await other!.next('error')).payload.code, 'NOT_IN_ROOM');
  assert.ok(!(await other!.barrier()).some((m) => m.type === 'chat_message'));
  for (const peer of [host, guest, other]) await peer!.close();
});

test('chat is counted in code points: 500 pass, 501 and none do not', async () => {
  const host = await Peer.connect(server);
  const room = await host.create();
  host.send('chat_message', { text: '👋'.repeat(500) }, { room });
  assert.equal([...(await host.next('chat_message')).payload.text].length, 500);
  for (const text of ['👋'.repeat(501), '', '   ', 7, null]) {
    host.send('chat_message', { text }, { room });
    assert.match((await host.next('error')).payload.code, /^INVALID_/);
  }
  await host.close();
});
