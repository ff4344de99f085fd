// Private rooms and the invites that open them (PROTOCOL.md, P-INVITE-*), for v2 and strict v1 peers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Peer, Server, type Json } from './harness.ts';

const threads = ['--threads', '3']; // rooms and connections on different ones
let server: Server;
let hasty: Server; // whose invites last two seconds
before(async () => {
  server = await Server.start(threads);
  hasty = await Server.start([...threads, '--invite-lifetime', '2s']);
});
after(async () => {
  for (const each of [server, hasty]) assert.equal(await each.stop(), 0);
});

async function v2(name: string, on = server): Promise<{ peer: Peer; token: string }> {
  const peer = await Peer.connect(on, { strict: false });
  await peer.next('room_list');
  peer.send('auth', { user_name: name, protocol_version: 1, features: ['owp.v2'] });
  const { payload } = await peer.next('auth_success');
  return { peer, token: payload.resume_token };
}

async function invite(host: Peer, room: string): Promise<{ ticket: string; expires_ts: number }> {
  host.send('create_invite', {}, { room });
  return (await host.next('invite')).payload;
}

async function refusal(peer: Peer, room: string, payload: Json = {}): Promise<string> {
  peer.send('join_room', payload, { room });
  return (await peer.next('error')).payload.code;
}

test('P-INVITE-1: a private room is in nobody’s list, and its members know', async () => {
  const { peer: host } = await v2('Ann');
  host.send('create_room', { private: true });
  const state = await host.next('room_state');
  assert.equal(state.payload.private, true);
  const { peer: looker } = await v2('Cat');
  looker.send('subscribe_rooms');
  assert.deepEqual((await looker.next('room_list')).payload, []);
  const old = await Peer.connect(server);
  old.send('list_rooms');
  assert.deepEqual((await old.next('room_list')).payload, []);
  old.send('create_room', { private: true }); // v1 knows no such field
  const open = (await old.next('room_state')).room;
  const delta = (await looker.next('room_list_delta')).payload;
  assert.deepEqual(delta.upserted.map((room: Json) => room['id']), [open]);
  host.send('create_room', { private: 'yes' });
  assert.equal((await host.next('error')).payload.code, 'INVALID_MESSAGE');
  await Promise.all([host, looker, old].map((peer) => peer.close()));
});

test('P-INVITE-2 and 3: a ticket opens it to as many as bring it; without one it is not there', async () => {
  const { peer: host } = await v2('Ann');
  const room = await host.create({ private: true });
  const { peer: guest } = await v2('Bob');
  const old = await Peer.connect(server);
  for (const peer of [guest, old]) {
    assert.equal(await refusal(peer, room), 'ROOM_NOT_FOUND');
    assert.equal(await refusal(peer, room, { invite_ticket: 'f'.repeat(32) }), 'INVITE_INVALID');
  }
  const { ticket, expires_ts } = await invite(host, room);
  assert.match(ticket, /^[0-9a-f]{32}$/);
  assert.ok(Math.abs(expires_ts - Date.now() - 86_400_000) < 5_000);
  await guest.join(room, { invite_ticket: ticket });
  await old.join(room, { invite_ticket: ticket });
  guest.send('create_invite', {}, { room });
  assert.equal((await guest.next('error')).payload.code, 'HOST_PERMISSION_REQUIRED');
  assert.notEqual((await invite(host, room)).ticket, ticket);
  await Promise.all([host, guest, old].map((peer) => peer.close()));
});

test('P-INVITE-2: an invite ends with its time, a seat does not', async () => {
  const { peer: host } = await v2('Ann', hasty);
  const { peer: guest, token } = await v2('Bob', hasty);
  const { peer: late } = await v2('Cat', hasty);
  const room = await host.create({ private: true });
  const { ticket, expires_ts } = await invite(host, room);
  await guest.join(room, { invite_ticket: ticket });
  await sleep(expires_ts - Date.now() + 50);
  assert.equal(await refusal(late, room, { invite_ticket: ticket }), 'INVITE_INVALID');
  await guest.close();
  const { peer: again } = await v2('Bob', hasty);
  await again.join(room, { resume_token: token });
  host.send('close_room', {}, { room });
  await again.next('room_closed');
  assert.equal(await refusal(late, room, { invite_ticket: ticket }), 'INVITE_INVALID');
  await Promise.all([host, late, again].map((peer) => peer.close()));
});
