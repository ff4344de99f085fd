// What a connection gets that negotiated v2 (PROTOCOL.md, P-V2-*), beside strict v1 peers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mintToken, Peer, Server, type Json, type Message } from './harness.ts';

let server: Server;
before(async () => {
  server = await Server.start(['--threads', '3']); // rooms and connections on different threads
});
after(async () => {
  assert.equal(await server.stop(), 0);
});

const media = '0123456789abcdef0123456789abcdef';

async function v2(name: string): Promise<Peer & { token: string }> {
  const peer = (await Peer.connect(server, { strict: false })) as Peer & { token: string };
  await peer.next('room_list');
  peer.send('auth', { user_name: name, protocol_version: 1, features: ['other', 'owp.v2'] });
  const success = await peer.next('auth_success');
  assert.deepEqual(success.payload.features, ['owp.v2']); // P-V2-1
  assert.equal(success.payload.user_name, name);
  assert.match(success.payload.resume_token, /^[0-9a-f]{32}$/); // P-V2-3
  peer.token = success.payload.resume_token;
  return peer;
}

async function join(peer: Peer, room: string, payload: Json = {}): Promise<Message> {
  return peer.join(room, payload);
}

test('P-V2-5: a pong carries the four timestamps, in order, with a fraction', async () => {
  const peer = await v2('Ann');
  const payload = { client_ts: 12.75 };
  peer.send('ping', payload);
  const pong = await peer.next('pong');
  assert.equal(pong.payload.client_ts, 12.75);
  const { server_receive_ts: received, server_transmit_ts: sent } = pong.payload;
  assert.ok(received <= sent && sent - received < 1_000);
  assert.ok(Math.abs(sent - Date.now()) < 5_000);
  await peer.close();
});

test('P-V2-6: the timeline is in the state and in every command, its seq grows', async () => {
  const host = await v2('Ann');
  host.send('create_room', { start_pos: 4, media_id: media });
  const state = await host.next('room_state');
  const first = state.payload.timeline;
  assert.deepEqual(
    [first.media_id, first.position, first.rate, first.playing],
    [media, 4, 1, false],
  );
  const guest = await v2('Bob');
  await join(guest, state.room!);
  guest.send('ready', { room: state.room }, { room: state.room });
  await guest.barrier();
  host.send('player_event', { action: 'play', position: 4 }, { room: state.room });
  const [one, two] = await Promise.all([host.next('player_event'), guest.next('player_event')]);
  assert.deepEqual(one.payload.timeline, two.payload.timeline);
  const playing = two.payload.timeline;
  assert.ok(playing.seq > first.seq && playing.playing && playing.position === 4);
  assert.ok(Math.abs(playing.at - two.payload.target_server_ts) < 1.5);
  host.send('player_event', { action: 'pause', position: 4.1 }, { room: state.room });
  const paused = (await guest.next('player_event')).payload.timeline;
  assert.ok(paused.seq > playing.seq && !paused.playing);
  const expected = playing.position + Math.max(0, paused.at - playing.at) / 1000;
  assert.ok(Math.abs(paused.position - expected) < 0.002, 'all stop where all are');
  await Promise.all([host.close(), guest.close()]);
});

test('P-V2-7 and 8: participants with host mark, status, offset and delay', async () => {
  const host = await v2('Ann');
  const room = await host.create();
  const guest = await v2('Bob');
  const state = await join(guest, room);
  assert.deepEqual(
    state.payload.participants.map((p: any) => [p.name, p.is_host]).sort(),
    [['Ann', true], ['Bob', false]],
  );
  guest.send('participant_status', { status: 'playing', offset_ms: -3.5, delay_ms: 12 }, { room });
  const update = await host.next('participants_update', (m) =>
    m.payload.participants.some((p: any) => p.name === 'Bob' && p.status === 'playing'),
  );
  const bob = update.payload.participants.find((p: any) => p.name === 'Bob');
  assert.deepEqual([bob.client_id, bob.offset_ms, bob.delay_ms], [guest.clientId, -3.5, 12]);
  await Promise.all([host.close(), guest.close()]);
});

test('P-V2-9: the directory by subscription, then deltas', async () => {
  const watcher = await v2('Wim');
  watcher.send('subscribe_rooms');
  await watcher.next('room_list');
  const host = await v2('Ann');
  const room = await host.create({ media_id: media });
  const delta = await watcher.next('room_list_delta', (m) =>
    m.payload.upserted.some((r: any) => r.id === room),
  );
  assert.deepEqual(delta.payload.upserted.find((r: any) => r.id === room), {
    id: room, name: 'Ann', count: 1, media_id: media, host_name: 'Ann', playing: false,
  });
  host.send('close_room', {}, { room });
  await watcher.next('room_list_delta', (m) => m.payload.removed.includes(room));
  watcher.send('unsubscribe_rooms');
  await watcher.barrier(); // what was on its way before has come
  await host.create();
  assert.ok(!(await watcher.barrier()).some((m) => m.type.startsWith('room_list')));
  await Promise.all([host.close(), watcher.close()]);
});

test('P-V2-10: a pending play names whom it waits for, and that it waits no more', async () => {
  const host = await v2('Ann');
  const room = await host.create();
  const guest = await v2('Bob');
  await join(guest, room);
  host.send('player_event', { action: 'play', position: 0 }, { room });
  const pending = await host.next('play_pending');
  assert.deepEqual(pending.payload.waiting_for, [guest.clientId]);
  assert.ok(pending.payload.until - pending.server_ts <= 2_000);
  guest.send('ready', { room }, { room });
  assert.deepEqual((await host.next('play_pending')).payload.waiting_for, []);
  assert.equal((await host.next('player_event')).payload.action, 'play');
  await Promise.all([host.close(), guest.close()]);
});

test('P-V2-4: the resume token brings a lost guest back to its seat', async () => {
  const host = await v2('Ann');
  const room = await host.create();
  const guest = await v2('Bob');
  await join(guest, room);
  await guest.close();
  const away = await host.next('participants_update', (m) =>
    m.payload.participants.some((p: any) => p.status === 'away'),
  );
  assert.equal(away.payload.participant_count, 1);
  const again = await v2('Bob');
  const state = await join(again, room, { resume_token: guest.token });
  assert.equal(state.payload.participants.length, 2);
  await Promise.all([host.close(), again.close()]);
});

test('P-V2-4: a connection that lingers in the seat is replaced, the host too', async () => {
  const host = await v2('Ann');
  const room = await host.create();
  const guest = await v2('Bob');
  await join(guest, room);
  const again = await v2('Ann');
  const state = await join(again, room, { resume_token: host.token });
  assert.equal(state.payload.host_id, again.clientId);
  assert.equal((await host.untilClosed()).code, 4101);
  again.send('chat_message', { text: 'still here' }, { room });
  assert.equal((await guest.next('chat_message')).client, again.clientId);
  await Promise.all([again.close(), guest.close()]);
});

test('P-V2-4: a wrong resume token is a plain join', async () => {
  const host = await v2('Ann');
  const room = await host.create();
  const thief = await v2('Eve');
  const state = await join(thief, room, { resume_token: 'f'.repeat(32) });
  assert.equal(state.payload.host_id, host.clientId);
  assert.equal(state.payload.participants.length, 2);
  await Promise.all([host.close(), thief.close()]);
});

test("P-V2-4: a user's resume token is nothing in another user's hands", async () => {
  const secret = 'a-secret-of-more-than-thirty-two-bytes';
  const guarded = await Server.start([], { JWT_SECRET: secret });
  const signedIn = async (sub: string): Promise<Peer & { token: string }> => {
    const peer = (await Peer.connect(guarded, { strict: false })) as Peer & { token: string };
    const token = mintToken(secret, { sub, name: sub });
    peer.send('auth', { token, protocol_version: 1, features: ['owp.v2'] });
    peer.token = (await peer.next('auth_success')).payload.resume_token;
    return peer;
  };
  const host = await signedIn('ann');
  const room = await host.create();
  const thief = await signedIn('eve');
  const state = await join(thief, room, { resume_token: host.token });
  assert.equal(state.payload.host_id, host.clientId);
  assert.equal(state.payload.participants.length, 2);
  const again = await signedIn('ann');
  const back = await join(again, room, { resume_token: host.token });
  assert.equal(back.payload.host_id, again.clientId);
  assert.equal((await host.untilClosed()).code, 4101);
  await Promise.all([again.close(), thief.close()]);
  assert.equal(await guarded.stop(), 0);
});

test('P-V2-11: only the host closes a room', async () => {
  const host = await v2('Ann');
  const room = await host.create();
  const guest = await v2('Bob');
  await join(guest, room);
  guest.send('close_room', {}, { room });
  assert.equal((await guest.next('error')).payload.code, 'HOST_PERMISSION_REQUIRED');
  host.send('close_room', {}, { room });
  await guest.next('room_closed');
  await Promise.all([host.close(), guest.close()]);
});

test('P-V2-14: the host moves the room to another title, and everybody starts there', async () => {
  const host = await v2('Ann');
  const room = await host.create({ media_id: media });
  const guest = await v2('Bob');
  await join(guest, room);
  const old = await Peer.connect(server);
  await old.join(room);
  const next = media.split('').reverse().join('');
  guest.send('set_media', { media_id: next, start_position_seconds: 1 }, { room });
  assert.equal((await guest.next('error')).payload.code, 'HOST_PERMISSION_REQUIRED');
  host.send('set_media', { media_id: 'next', start_position_seconds: 1 }, { room });
  assert.equal((await host.next('error')).payload.code, 'INVALID_MESSAGE');
  host.send('set_media', { media_id: next, start_position_seconds: 12.5 }, { room });
  for (const peer of [host, guest]) {
    const { payload } = await peer.next('room_state');
    assert.equal(payload.media_id, next);
    assert.deepEqual([payload.timeline.media_id, payload.timeline.position, payload.timeline.playing, payload.timeline.seq], [next, 12.5, false, 2]);
    assert.deepEqual(payload.participants.map((p: Json) => p['status']), ['ready', 'buffering', 'buffering']);
  }
  const { payload } = await old.next('room_state');
  assert.deepEqual([payload.media_id, payload.state], [next, { position: 12.5, play_state: 'paused' }]);
  const looker = await v2('Cat');
  looker.send('subscribe_rooms');
  const listed = (await looker.next('room_list')).payload.find((r: Json) => r['id'] === room);
  assert.equal(listed.media_id, next);
  await Promise.all([host, guest, old, looker].map((peer) => peer.close()));
});

test('P-V2-1: v2 messages from a v1 connection are unknown types', async () => {
  const peer = await Peer.connect(server);
  for (const type of ['subscribe_rooms', 'unsubscribe_rooms', 'close_room', 'participant_status', 'set_media']) {
    peer.send(type, { status: 'ready', media_id: media, start_position_seconds: 0 }, { room: '6f1ff2ab-3a0f-4c9b-8a53-0d9f8d6a2f11' });
    assert.equal((await peer.next('error')).payload.code, 'UNKNOWN_MESSAGE_TYPE');
  }
  await peer.close();
});

test('a v1 guest in a v2 host\'s party gets v1 to the letter, at the same place', async () => {
  const host = await v2('Ann');
  const room = await host.create({ media_id: media });
  const old = await Peer.connect(server);
  await old.join(room);
  old.send('ready', { room }, { room });
  host.send('participant_status', { status: 'ready', offset_ms: 0 }, { room });
  await old.barrier();
  host.send('player_event', { action: 'play', position: 100 }, { room });
  const [mine, theirs] = await Promise.all([host.next('player_event'), old.next('player_event')]);
  const at = theirs.payload.target_server_ts;
  const shown = theirs.payload.position + (at - theirs.server_ts) / 1000; // wire rule 3
  const meant = mine.payload.timeline.position + (at - mine.payload.timeline.at) / 1000;
  assert.ok(Math.abs(shown - meant) < 0.01, `${shown} ${meant}`);
  await old.barrier();
  await Promise.all([host.close(), old.close()]);
});

test('rooms of other users are neither joined nor heard by guessing messages', async () => {
  const host = await v2('Ann');
  const room = await host.create();
  const stranger = await v2('Eve');
  const tries: [string, Json][] = [
    ['player_event', { action: 'pause', position: 0 }],
    ['state_update', { position: 0, play_state: 'playing' }],
    ['participant_status', { status: 'playing' }],
    ['ready', { room }],
    ['chat_message', { text: 'boo' }],
    ['close_room', {}],
    ['set_media', { media_id: media, start_position_seconds: 0 }],
  ];
  for (const [type, payload] of tries) {
    stranger.send(type, payload, { room });
    assert.equal((await stranger.next('error')).payload.code, 'NOT_IN_ROOM', type);
  }
  host.send('chat_message', { text: 'alone' }, { room });
  await host.next('chat_message');
  assert.ok(!(await stranger.barrier()).some((m) => m.room === room && m.type !== 'error'));
  await Promise.all([host.close(), stranger.close()]);
});
