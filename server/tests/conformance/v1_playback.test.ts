// Commands and reports as v1 clients see them (wire-v1: rules 3 and 6, how v1 players behave).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Peer, Server } from './harness.ts';

let server: Server;
let fixed: Server;
before(async () => {
  [server, fixed] = await Promise.all([Server.start(), Server.start(['--lead', 'fixed'])]);
});
after(async () => {
  assert.deepEqual(await Promise.all([server.stop(), fixed.stop()]), [0, 0]);
});

async function party(on: Server, ready = true): Promise<{ host: Peer; guest: Peer; room: string }> {
  const [host, guest] = await Promise.all([Peer.connect(on), Peer.connect(on)]);
  const room = await host.create({ media_id: '0123456789abcdef0123456789abcdef' });
  await guest.join(room);
  if (ready) guest.send('ready', { room }, { room });
  await guest.barrier();
  await host.next('participants_update');
  return { host, guest, room };
}

for (const [action, position, sent, filled, lead] of [
  ['play', 5.25, undefined, 'playing', 1500],
  ['pause', 6.5, undefined, 'paused', 300],
  ['seek', 100, 'playing', 'playing', 300],
  ['seek', 100, undefined, 'paused', 300],
  ['buffering', 7, undefined, 'paused', 300],
] as const) {
  test(`${action}${sent ? ` (${sent})` : ''} is stamped with the fixed lead and relayed`, async () => {
    const { host, guest, room } = await party(fixed);
    host.send('player_event', { action, position, play_state: sent }, { room, ts: 1234.5 });
    const event = await guest.next('player_event');
    assert.equal(event.payload.action, action);
    assert.equal(event.payload.position, position);
    assert.equal(event.payload.play_state, filled);
    assert.ok(Math.abs(event.payload.target_server_ts - event.server_ts - lead) <= 2);
    assert.equal(Math.floor(event.ts), 1234);
    await Promise.all([host.close(), guest.close()]);
  });
}

test('the adaptive lead of a room with v1 members stays at 300 ms or below', async () => {
  const { host, guest, room } = await party(server);
  for (const action of ['play', 'pause', 'seek']) {
    host.send('player_event', { action, position: 1 }, { room });
    const event = await guest.next('player_event');
    const lead = event.payload.target_server_ts - event.server_ts;
    assert.ok(lead >= 0 && lead <= 300, `${action}: ${lead}`);
  }
  await Promise.all([host.close(), guest.close()]);
});

test('play waits for a guest who is not ready, and goes when it is', async () => {
  const { host, guest, room } = await party(server, false);
  host.send('player_event', { action: 'play', position: 0 }, { room });
  host.send('chat_message', { text: 'asked' }, { room });
  await guest.next('chat_message');
  assert.ok(!(await guest.barrier()).some((m) => m.type === 'player_event'));
  guest.send('ready', { room }, { room });
  assert.equal((await guest.next('player_event')).payload.action, 'play');
  await Promise.all([host.close(), guest.close()]);
});

test('play waits two seconds at most for a guest who never says ready', async () => {
  const { host, guest, room } = await party(server, false);
  const asked = performance.now();
  host.send('player_event', { action: 'play', position: 0 }, { room });
  await guest.next('player_event');
  const waited = performance.now() - asked;
  assert.ok(waited > 1_900 && waited < 4_000, `${waited} ms`);
  await Promise.all([host.close(), guest.close()]);
});

test('a late joiner of a playing room gets the position of that moment', async () => {
  const { host, guest, room } = await party(server);
  host.send('player_event', { action: 'play', position: 50 }, { room });
  const event = await guest.next('player_event');
  await wait(700);
  const late = await Peer.connect(server);
  const state = await late.join(room);
  assert.equal(state.payload.state.play_state, 'playing');
  const elapsed = (state.server_ts - event.server_ts) / 1000;
  assert.ok(Math.abs(state.payload.state.position - (50 + elapsed)) < 0.05);
  for (const peer of [host, guest, late]) await peer.close();
});

test('reports: a change of play state passes at once, others rest after a command', async () => {
  const { host, guest, room } = await party(server);
  host.send('player_event', { action: 'play', position: 10 }, { room });
  const event = await guest.next('player_event');
  host.send('state_update', { position: 10.2, play_state: 'playing' }, { room });
  host.send('chat_message', { text: 'mark' }, { room });
  await guest.next('chat_message');
  assert.ok(!(await guest.barrier()).some((m) => m.type === 'state_update'));
  await wait(Math.max(0, event.payload.target_server_ts - event.server_ts) + 50);
  host.send('state_update', { position: 11, play_state: 'paused' }, { room });
  const update = await guest.next('state_update');
  assert.deepEqual(update.payload, { position: 11, play_state: 'paused' });
  await Promise.all([host.close(), guest.close()]);
});

test('the report after a stall restarts the guests', async () => {
  const { host, guest, room } = await party(server);
  host.send('player_event', { action: 'buffering', position: 3 }, { room });
  assert.equal((await guest.next('player_event')).payload.play_state, 'paused');
  await wait(350);
  host.send('state_update', { position: 3.1, play_state: 'playing' }, { room });
  assert.equal((await guest.next('state_update')).payload.play_state, 'playing');
  await Promise.all([host.close(), guest.close()]);
});

test('only the host commands, and nobody else notices the attempt', async () => {
  const { host, guest, room } = await party(server);
  const stranger = await Peer.connect(server);
  guest.send('player_event', { action: 'play', position: 0 }, { room });
  guest.send('state_update', { position: 4, play_state: 'playing' }, { room });
  for (let i = 0; i < 2; ++i)
    assert.equal((await guest.next('error')).payload.code, 'HOST_PERMISSION_REQUIRED');
  stranger.send('player_event', { action: 'play', position: 0 }, { room });
  assert.equal((await stranger.next('error')).payload.code, 'NOT_IN_ROOM');
  host.send('chat_message', { text: 'mark' }, { room });
  await host.next('chat_message');
  assert.ok(!(await host.barrier()).some((m) => /player_event|state_update/.test(m.type)));
  for (const peer of [host, guest, stranger]) await peer.close();
});

for (const position of ['1', null, -1, 86_401, 1e308, undefined]) {
  test(`a position of ${JSON.stringify(position)} is refused`, async () => {
    const { host, guest, room } = await party(server);
    host.send('player_event', { action: 'seek', position }, { room });
    assert.match((await host.next('error')).payload.code, /^INVALID_/);
    await Promise.all([host.close(), guest.close()]);
  });
}
