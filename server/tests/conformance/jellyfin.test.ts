// The server beside a Jellyfin elsewhere: who somebody is, and what they may see, is what that says.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { mintToken, Peer, Server } from './harness.ts';
import { StandInJellyfin, type Account } from './stand_in_jellyfin.ts';

const secret = '0123456789abcdef0123456789abcdef';
const film = 'ab'.repeat(16);
const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

async function besideJellyfin(): Promise<StandInJellyfin> {
  const jellyfin = await new StandInJellyfin().start();
  running.push(() => jellyfin.stop());
  return jellyfin;
}

async function start(jellyfin: StandInJellyfin, flags: string[] = []): Promise<Server> {
  const server = await Server.start(['--jellyfin-url', jellyfin.url, '--log-level', 'debug', ...flags]);
  running.push(() => server.stop());
  return server;
}

async function signIn(server: Server, token: string): Promise<Peer> {
  const peer = await Peer.connect(server);
  peer.send('auth', { token });
  await peer.next('auth_success');
  return peer;
}

const ann: Account = { id: 'a'.repeat(32), name: 'Ann', sees: [film] };
const bob: Account = { id: 'b'.repeat(32), name: 'Bob' };
const annToken = '1'.repeat(32);
const bobToken = '2'.repeat(32);

test('a token of Jellyfin signs in as the user that Jellyfin names', async () => {
  const jellyfin = await besideJellyfin();
  jellyfin.accounts.set(annToken, ann);
  const peer = await Peer.connect(await start(jellyfin));
  peer.send('auth', { token: annToken, user_name: 'Mallory' });
  assert.equal((await peer.next('auth_success')).payload.user_name, 'Ann');
  await peer.create();
  await peer.close();
});

test('who is nobody, or may not watch, is told so and may try again', async () => {
  const jellyfin = await besideJellyfin();
  jellyfin.apiKeys.add('key');
  jellyfin.accounts.set('disabled', { ...bob, policy: { IsDisabled: true } });
  jellyfin.accounts.set('no-playback', { ...bob, policy: { EnableMediaPlayback: false } });
  jellyfin.accounts.set(annToken, ann);
  const peer = await Peer.connect(await start(jellyfin));
  for (const [token, code] of [
    ['unknown', 'INVALID_TOKEN'],
    ['key', 'INVALID_TOKEN'],
    ['with "quotes"\r\nX: y', 'INVALID_TOKEN'],
    ['disabled', 'USER_NOT_ALLOWED'],
    ['no-playback', 'USER_NOT_ALLOWED'],
  ] as const) {
    peer.send('auth', { token });
    assert.equal((await peer.next('error')).payload.code, code, token);
  }
  peer.send('auth', { token: annToken });
  await peer.next('auth_success');
  await peer.close();
});

test('without Jellyfin nobody new comes in, and is sent to try again later', async () => {
  const jellyfin = await besideJellyfin();
  jellyfin.accounts.set(annToken, ann);
  const server = await start(jellyfin);
  const inside = await signIn(server, annToken);
  await jellyfin.stop();
  const peer = await Peer.connect(server);
  peer.send('auth', { token: bobToken });
  assert.equal((await peer.next('error')).payload.code, 'AUTH_UNAVAILABLE');
  assert.equal((await peer.untilClosed()).code, 1013);
  await inside.create(); // nobody else is affected
  await inside.close();
});

test('a JWT is good beside it where jwt-secret is set, and only there', async () => {
  const jellyfin = await besideJellyfin();
  const token = mintToken(secret, { name: 'Cleo' });
  const both = await Peer.connect(await start(jellyfin, ['--jwt-secret', secret]));
  both.send('auth', { token });
  assert.equal((await both.next('auth_success')).payload.user_name, 'Cleo');
  await both.close();
  const alone = await Peer.connect(await start(jellyfin));
  alone.send('auth', { token });
  assert.equal((await alone.next('error')).payload.code, 'INVALID_TOKEN');
  await alone.close();
});

test('who may not see a title in Jellyfin neither sees its room nor joins it', async () => {
  const jellyfin = await besideJellyfin();
  jellyfin.accounts.set(annToken, ann);
  jellyfin.accounts.set(bobToken, bob);
  const server = await start(jellyfin);
  const [host, guest] = [await signIn(server, annToken), await signIn(server, bobToken)];
  const room = await host.create({ media_id: film });
  guest.send('join_room', {}, { room });
  assert.equal((await guest.next('error')).payload.code, 'MEDIA_FORBIDDEN');
  guest.send('create_room', { start_pos: 0, media_id: film });
  assert.equal((await guest.next('error')).payload.code, 'MEDIA_FORBIDDEN');
  guest.send('list_rooms');
  const told = JSON.stringify(await guest.barrier());
  assert.ok(!told.includes(room) && !told.includes(film), told);
  for (const peer of [host, guest]) await peer.close();
});

test('tokens are not in what the server writes', async () => {
  const jellyfin = await besideJellyfin();
  jellyfin.accounts.set(annToken, ann);
  const server = await start(jellyfin);
  await (await signIn(server, annToken)).close();
  await jellyfin.stop();
  const peer = await Peer.connect(server);
  peer.send('auth', { token: bobToken });
  await peer.untilClosed();
  await server.stop();
  const output = server.log.join('');
  assert.match(output, /jellyfin-url: no connection/u);
  for (const token of [annToken, bobToken]) assert.ok(!output.includes(token));
});
