// The edge of the wire: pings, limits, bad input, origins, tokens, shutdown.
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { mintToken, Peer, Server } from './harness.ts';

const secret = 'a-secret-of-more-than-thirty-two-bytes!';
let open: Server;
let guarded: Server;
before(async () => {
  [open, guarded] = await Promise.all([
    Server.start(),
    Server.start([], { JWT_SECRET: secret, ALLOWED_ORIGINS: 'https://media.example , http://b.example' }),
  ]);
});
after(async () => {
  assert.deepEqual(await Promise.all([open.stop(), guarded.stop()]), [0, 0]);
});

test('a pong carries the payload unchanged, and the room of the ping or none', async () => {
  const peer = await Peer.connect(open);
  const payload = { client_ts: 1767225600123.25, extra: [1, { a: null }] };
  peer.send('ping', payload);
  const pong = await peer.next('pong');
  assert.deepEqual(pong.payload, payload);
  assert.ok(!('room' in pong));
  const room = await peer.create();
  peer.send('ping', { client_ts: 2 }, { room });
  assert.equal((await peer.next('pong')).room, room);
  await peer.close();
});

test('client_log has no answer', async () => {
  const peer = await Peer.connect(open);
  peer.send('client_log', { category: 'PLAYBACK', message: 'line\nbreak \u001b[31m' });
  assert.ok(!(await peer.barrier()).some((m) => m.type === 'error'));
  await peer.close();
});

const deep = (n: number): string => '['.repeat(n) + ']'.repeat(n);
for (const [title, text, code] of [
  ['not JSON', 'hello', 'INVALID_JSON'],
  ['empty', '', 'INVALID_JSON'],
  ['an array', '[]', 'INVALID_MESSAGE'],
  ['cut off', '{"type":"ping"', 'INVALID_JSON'],
  ['two values', '{} {}', 'INVALID_JSON'],
  ['no type', '{"ts":1}', 'INVALID_MESSAGE'],
  ['a type that is a number', '{"type":7,"ts":1}', 'INVALID_MESSAGE'],
  ['an unknown type', '{"type":"explode","ts":1,"payload":{}}', 'UNKNOWN_MESSAGE_TYPE'],
  ['1e999', '{"type":"ping","ts":1e999,"payload":{}}', /^INVALID/],
  ['NaN', '{"type":"ping","ts":NaN,"payload":{}}', 'INVALID_JSON'],
  ['deeply nested', `{"type":"ping","ts":1,"payload":{"a":${deep(10_000)}}}`, /^INVALID/],
  ['a payload that is a string', '{"type":"chat_message","ts":1,"payload":"x"}', /^INVALID/],
  ['a room that is no UUID', '{"type":"join_room","ts":1,"room":"../x","payload":{}}', /^(INVALID|ROOM_NOT)/],
  ['a lone surrogate in a name', '{"type":"chat_message","ts":1,"room":"6f1ff2ab-3a0f-4c9b-8a53-0d9f8d6a2f11","payload":{"text":"\\ud800"}}', /^(INVALID|NOT_IN)/],
] as const) {
  test(`bad input: ${title} is answered and the connection stays`, async () => {
    const peer = await Peer.connect(open);
    peer.socket.send(text);
    const error = await peer.next('error');
    if (typeof code === 'string') assert.equal(error.payload.code, code);
    else assert.match(error.payload.code, code);
    await peer.barrier();
    await peer.close();
  });
}

test('a message above 64 KiB ends the connection with 1009', async () => {
  const peer = await Peer.connect(open);
  peer.socket.send(JSON.stringify({ type: 'ping', ts: 1, payload: { pad: 'x'.repeat(70_000) } }));
  assert.equal((await peer.untilClosed()).code, 1009);
});

test('binary ends the connection with 1003', async () => {
  const peer = await Peer.connect(open);
  peer.socket.send(new Uint8Array([1, 2, 3]));
  assert.equal((await peer.untilClosed()).code, 1003);
});

test('what exceeds 30 messages in a second is dropped and answered once', async () => {
  const peer = await Peer.connect(open);
  for (let i = 0; i < 60; ++i) peer.send('ping', { client_ts: i });
  const error = await peer.next('error');
  assert.equal(error.payload.code, 'RATE_LIMITED');
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const rest = await peer.barrier();
  const pongs = rest.filter((m) => m.type === 'pong').length;
  assert.ok(pongs >= 30 && pongs < 60, `${pongs} pongs`);
  assert.ok(rest.filter((m) => m.type === 'error').length <= 1);
  await peer.close();
});

test('health says whether auth is on', async () => {
  for (const [server, enabled] of [[open, false], [guarded, true]] as const) {
    const answer = await fetch(`${server.address}/health`, { headers: { Origin: 'http://b.example' } });
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { status: 'ok', auth_enabled: enabled });
    const allowed = answer.headers.get('access-control-allow-origin');
    assert.equal(allowed, server === guarded ? 'http://b.example' : null);
  }
});

for (const [origin, allowed] of [
  [undefined, true],
  ['https://media.example', true],
  ['http://b.example', true],
  ['https://media.example.evil.example', false],
  ['https://MEDIA.example:8443', false],
  ['null', false],
] as const) {
  test(`origin ${origin}: ${allowed ? 'let in' : 'refused'}`, async () => {
    const attempt = Peer.connect(guarded, origin ? { origin } : {});
    if (allowed) await (await attempt).close();
    else await assert.rejects(attempt);
  });
}

test('before auth nothing but auth is possible', async () => {
  const peer = await Peer.connect(guarded);
  for (const type of ['create_room', 'list_rooms', 'join_room', 'chat_message']) {
    peer.send(type, { text: 'x' }, { room: '6f1ff2ab-3a0f-4c9b-8a53-0d9f8d6a2f11' });
    assert.equal((await peer.next('error')).payload.code, 'AUTHENTICATION_REQUIRED');
  }
  assert.ok(!(await peer.barrier()).some((m) => m.type === 'room_list'));
  peer.send('auth', { token: mintToken(secret) });
  assert.equal((await peer.next('auth_success')).payload.user_name, 'Alice');
  await peer.next('room_list');
  peer.send('create_room', { start_pos: 0, user_name: 'Mallory' });
  assert.equal((await peer.next('room_state')).payload.name, 'Alice');
  await peer.close();
});

test('who does not authenticate is closed after ten seconds', async () => {
  const peer = await Peer.connect(guarded);
  const since = performance.now();
  assert.equal((await peer.untilClosed()).code, 4100);
  const waited = performance.now() - since;
  assert.ok(waited > 8_000 && waited < 15_000, `${waited} ms`);
});

const now = Math.floor(Date.now() / 1000);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rs256 = (): string => {
  const [, body] = mintToken(secret).split('.');
  const head = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url');
  return `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), privateKey).toString('base64url')}`;
};
for (const [title, token, accepted] of [
  ['valid', () => mintToken(secret), true],
  ['audience and issuer as arrays', () => mintToken(secret, { aud: ['x', 'OpenWatchParty'], iss: ['Jellyfin', 'y'] }), true],
  ['expired within the leeway', () => mintToken(secret, { exp: now - 30 }), true],
  ['expired', () => mintToken(secret, { exp: now - 120 }), false],
  ['without expiry', () => mintToken(secret, { exp: undefined }), false],
  ['of a foreign audience', () => mintToken(secret, { aud: 'Other' }), false],
  ['of a foreign issuer', () => mintToken(secret, { iss: 'Other' }), false],
  ['signed with another secret', () => mintToken('another-secret-of-thirty-two-bytes!!!!'), false],
  ['alg none, unsigned', () => mintToken(secret, {}, { alg: 'none' }).replace(/[^.]*$/, ''), false],
  ['alg none, signed', () => mintToken(secret, {}, { alg: 'none' }), false],
  ['alg HS512 in the head', () => mintToken(secret, {}, { alg: 'HS512' }), false],
  ['signed with a key of its own (RS256)', rs256, false],
  ['garbage', () => 'a.b.c', false],
  ['empty parts', () => '..', false],
  ['huge', () => 'x'.repeat(40_000), false],
  ['without a user', () => mintToken(secret, { sub: undefined }), false],
] as const) {
  test(`a token ${title} is ${accepted ? 'accepted' : 'refused'}`, async () => {
    const peer = await Peer.connect(guarded);
    peer.send('auth', { token: token() });
    if (accepted) await peer.next('auth_success');
    else assert.match((await peer.next('error')).payload.code, /^(INVALID_TOKEN|TOKEN_EXPIRED)$/);
    await peer.close();
  });
}

test('another protocol version is refused and closed with 1008', async () => {
  const peer = await Peer.connect(open);
  peer.send('auth', { user_name: 'New', protocol_version: 2 });
  assert.equal((await peer.next('error')).payload.code, 'PROTOCOL_VERSION_UNSUPPORTED');
  assert.equal((await peer.untilClosed()).code, 1008);
});

test('unknown features are ignored and the connection stays strictly v1', async () => {
  const peer = await Peer.connect(open);
  peer.send('auth', { user_name: 'New', protocol_version: 1, features: ['host_transfer', 7] });
  await peer.create();
  await peer.barrier();
  await peer.close();
});

test('secrets and tokens are in no line of the log', async () => {
  const server = await Server.start(['--log-level', 'debug'], { JWT_SECRET: secret });
  const peer = await Peer.connect(server);
  const token = mintToken(secret);
  peer.send('auth', { token });
  await peer.next('auth_success');
  peer.send('auth', { token: `${token}x` });
  await peer.next('error');
  await peer.close();
  await server.stop();
  const log = server.log.join('');
  assert.ok(!log.includes(secret) && !log.includes(token) && !log.includes(token.split('.')[2]!));
});

test('SIGTERM: clients are told to come back, and the exit code is 0', async () => {
  const server = await Server.start();
  const peer = await Peer.connect(server);
  const since = performance.now();
  const [code, closed] = await Promise.all([server.stop(), peer.untilClosed()]);
  assert.equal(code, 0);
  assert.equal(closed.code, 1012);
  assert.ok(performance.now() - since < 5_000);
});

for (const [title, flags, environment, said] of [
  ['a port in use', () => ['--port', new URL(open.address).port], {}, /in use/i],
  ['a port that is none', () => ['--port', '99999'], {}, /port/i],
  ['an unknown flag', () => ['--frobnicate'], {}, /frobnicate/],
  ['a bad environment variable', () => [], { OWP_MAX_CONNECTIONS: 'many' }, /max.connections/i],
  ['a media folder that is not there', () => ['--media', '/does/not/exist'], {}, /does\/not\/exist/],
  ['an unknown key in the file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'owp-')), 'owp.toml');
    writeFileSync(file, 'max-conections = 5\n');
    return ['--config', file];
  }, {}, /max-conections/],
] as const) {
  test(`does not start with ${title}, and says why`, async () => {
    await assert.rejects(Server.start(flags() as string[], environment), (error: Error) => {
      assert.match(error.message, /ended with [12]:/);
      assert.match(error.message, said);
      return true;
    });
  });
}

test('the head of a request is held to its limits', async () => {
  const { port } = new URL(open.address);
  const status = await new Promise<number>((resolve, reject) => {
    const asked = request({ port, path: '/health', headers: { 'X-Pad': 'x'.repeat(40_000) } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
  assert.equal(status, 431);
});
