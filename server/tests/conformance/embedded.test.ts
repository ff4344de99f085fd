// The server as a gateway starts it: on a Unix socket, with its secret over standard input.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo, type Server as Bridge, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { after, afterEach, test } from 'node:test';
import { binary, Peer } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'owp-embedded-'));
after(() => rmSync(folder, { recursive: true }));
const secret = '0123456789abcdef'.repeat(4);
const flags = ['--watch-page', 'off', '--log-format', 'json', '--threads', '2'];

const identity = (id: string, name: string): Record<string, string> => ({
  'X-OpenWatchParty-Secret': secret,
  'X-OpenWatchParty-User': id,
  'X-OpenWatchParty-Name': encodeURIComponent(name),
  'X-Forwarded-For': '203.0.113.7',
});

class Embedded {
  readonly path: string;
  output = '';
  /** For WebSockets: bytes from a loopback port to the Unix socket and back, as they are. */
  address = '';
  private readonly bridge: Bridge;
  private readonly tunnels = new Set<Socket>();
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<number | null>;

  constructor(path: string, more: string[] = [], environment: NodeJS.ProcessEnv = {}) {
    this.path = path;
    this.process = spawn(binary, ['serve', '--embedded', '--unix-socket', path, ...flags, ...more], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.process.stdin.on('error', () => undefined); // it may have ended before it read
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = once(this.process, 'close').then(([code]) => code as number | null);
    this.bridge = createServer((socket) => {
      const inner = connect(path);
      for (const [from, to] of [[socket, inner], [inner, socket]] as const) {
        this.tunnels.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
      }
    });
    running.push(this);
  }

  async ready(): Promise<this> {
    this.process.stdin.write(`${secret}\n`);
    while (!this.output.includes(`Listening on unix:${this.path}\n`)) {
      const more = await Promise.race([once(this.process.stdout, 'data'), this.ended]);
      if (!Array.isArray(more)) throw new Error(`it ended with ${more}: ${this.output}`);
    }
    this.bridge.listen(0, '127.0.0.1');
    await once(this.bridge, 'listening');
    this.address = `http://127.0.0.1:${(this.bridge.address() as AddressInfo).port}`;
    return this;
  }

  /** Status and body; an upgrade that succeeds is 101. */
  get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: this.path, path, headers: { Host: 'h', ...headers }, agent: false });
      asked.once('error', reject);
      asked.once('upgrade', (response, socket) => {
        socket.destroy();
        resolve({ status: response.statusCode!, body: '' });
      });
      asked.once('response', (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode!, body }));
      });
      asked.end();
    });
  }

  upgrade(headers: Record<string, string>): Promise<{ status: number; body: string }> {
    return this.get('/ws', {
      Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', ...headers,
    });
  }

  peer(id: string, name: string, strict = true): Promise<Peer> {
    return Peer.connect(this, { name, strict, headers: identity(id, name), origin: 'https://anywhere.example' });
  }

  async clear(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGKILL');
    for (const tunnel of this.tunnels) tunnel.destroy();
    this.bridge.close();
    await this.ended;
  }
}

const running: Embedded[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.clear();
});
let count = 0;
const fresh = (): string => join(folder, `${++count}.sock`);
const start = (more: string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Embedded> =>
  new Embedded(fresh(), more, environment).ready();

/** What it says when it ends by itself with this on standard input. */
async function fails(input: string, path = fresh()): Promise<string> {
  const server = new Embedded(path);
  server.process.stdin.end(input);
  assert.equal(await server.ended, 1, server.output);
  for (const line of server.output.trim().split('\n')) JSON.parse(line);
  return server.output;
}

// ---- life ----------------------------------------------------------------------------------------

test('it listens on a socket for its owner alone, and goes when standard input ends', async () => {
  const server = await start();
  assert.equal(statSync(server.path).mode & 0o777, 0o600);
  const peer = await server.peer('u1', 'Ann');
  const since = performance.now();
  server.process.stdin.end();
  assert.equal((await peer.untilClosed()).code, 1012);
  assert.equal(await server.ended, 0, server.output);
  assert.ok(performance.now() - since < 5000);
  assert.ok(!existsSync(server.path));
});

test('what comes after the secret is read and forgotten', async () => {
  const server = await start();
  server.process.stdin.write('x'.repeat(1_000_000));
  assert.equal((await server.get('/ready', identity('u', 'U'))).status, 200);
  server.process.kill('SIGTERM');
  assert.equal(await server.ended, 0);
});

test('the secret is in no line that it writes', async () => {
  const server = await start(['--log-level', 'trace']);
  await server.get('/health', { 'X-OpenWatchParty-Secret': secret });
  server.process.stdin.end();
  await server.ended;
  assert.ok(!server.output.includes(secret));
});

test('it takes the place of a server that was killed, and of no other', async () => {
  const first = await start();
  assert.match(await fails(`${secret}\n`, first.path), /another server uses it/);
  assert.equal((await first.get('/ready', identity('u', 'U'))).status, 200);
  first.process.kill('SIGKILL');
  await first.ended;
  assert.ok(existsSync(first.path));
  const second = await new Embedded(first.path).ready();
  assert.equal((await second.get('/ready', identity('u', 'U'))).status, 200);
});

test('it leaves a regular file where it is', async () => {
  const path = join(folder, 'precious');
  writeFileSync(path, 'precious');
  assert.match(await fails(`${secret}\n`, path), /not a socket/);
  assert.equal(readFileSync(path, 'utf8'), 'precious');
});

for (const [title, input, said] of [
  ['is closed before the secret', '', /was closed/],
  ['has garbage instead of the secret', 'correct horse\n', /64 lower-case hex digits/],
  ['has a line without end', 'x'.repeat(5000), /longer than 4 KiB/],
] as const) {
  test(`it says what is wrong if standard input ${title}`, async () => {
    assert.match(await fails(input), said);
  });
}

test('a path that is too long is refused before all else', () => {
  const { status, stderr } = spawnSync(binary, ['check-config', '--embedded', '--unix-socket', `/${'x'.repeat(120)}`], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /at most 107 bytes/);
});

for (const [title, said, more] of [
  ['no socket', /embedded: needs unix-socket/, ['--embedded']],
  ['a socket alone', /unix-socket: needs embedded/, ['--unix-socket', 's']],
  ['a port', /port: has no meaning with embedded/, ['--embedded', '--unix-socket', 's', '--port', '1']],
  ['a token secret', /jwt-secret: has no meaning/, ['--embedded', '--unix-socket', 's', '--jwt-secret', secret]],
] as const) {
  test(`settings that contradict each other are refused: ${title}`, () => {
    const { status, stderr } = spawnSync(binary, ['check-config', ...more], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, said);
  });
}

test("the parent's own HOST, PORT and JWT_SECRET change nothing", async () => {
  const server = await start([], { HOST: '127.0.0.1', PORT: '1', JWT_SECRET: 'weak' });
  const peer = await server.peer('u1', 'Ann');
  assert.equal((await peer.barrier())[0]!.type, 'room_list');
});

// ---- the door ------------------------------------------------------------------------------------

test('every request shows the secret', async () => {
  const server = await start();
  for (const path of ['/health', '/ready', '/metrics', '/', '/ws'])
    for (const headers of [{}, { 'X-OpenWatchParty-Secret': secret.replace('0', '1') }] as Record<string, string>[]) {
      const { status, body } = await server.get(path, headers);
      assert.equal(status, 403, path);
      assert.equal(typeof JSON.parse(body).error, 'string');
    }
  const { body } = await server.get('/health', { 'X-OpenWatchParty-Secret': secret });
  assert.deepEqual(JSON.parse(body), { status: 'ok', auth_enabled: true });
});

test('an upgrade names its user and its address, or gets 400', async () => {
  const server = await start();
  const good = identity('u1', 'Ann');
  assert.equal((await server.upgrade(good)).status, 101);
  for (const [name, value] of [
    ['X-OpenWatchParty-User', 'u'.repeat(65)], ['X-OpenWatchParty-User', ''],
    ['X-OpenWatchParty-Name', 'a%0Ab'], ['X-OpenWatchParty-Name', '%FF'], ['X-OpenWatchParty-Name', '%'],
    ['X-OpenWatchParty-Name', 'n'.repeat(10_240)], ['X-Forwarded-For', 'somewhere'],
  ] as const) {
    const { status, body } = await server.upgrade({ ...good, [name]: value });
    assert.equal(status, 400, `${name}: ${value.slice(0, 20)}`);
    assert.match(JSON.parse(body).error, new RegExp(name));
  }
  for (const name of Object.keys(good)) {
    const { [name]: _, ...rest } = good;
    assert.equal((await server.upgrade(rest)).status, name.endsWith('Secret') ? 403 : 400, name);
  }
});

test('connections are capped by the address that the gateway names', async () => {
  const server = await start(['--max-connections-per-address', '1']);
  const peer = await server.peer('u1', 'Ann');
  assert.equal((await server.upgrade(identity('u2', 'Ben'))).status, 429);
  assert.equal((await server.upgrade({ ...identity('u2', 'Ben'), 'X-Forwarded-For': '203.0.113.8' })).status, 101);
  await peer.close();
});

// ---- the party -----------------------------------------------------------------------------------

test('users are signed in from the first moment, under the name that the gateway gave them', async () => {
  const server = await start();
  const host = await server.peer('u1', 'Zoë');
  assert.equal((await host.next('room_list')).payload.length, 0);
  const room = await host.create({ user_name: 'Mallory' });
  const guest = await server.peer('u2', 'Ben');
  const listed = await guest.next('room_list', (m) => m.payload.length > 0);
  assert.equal(listed.payload[0].id, room);
  guest.send('auth', { protocol_version: 1, user_name: 'Zoë' });
  assert.equal((await guest.next('auth_success')).payload.user_name, 'Ben');
  await guest.join(room, { user_name: 'Zoë' });
  guest.send('chat_message', { text: 'hi' }, { room });
  assert.equal((await host.next('chat_message')).payload.username, 'Ben');
  for (const peer of [host, guest]) await peer.close();
});

test('a v2 client negotiates without a token, and a token changes nothing', async () => {
  const server = await start();
  const peer = await server.peer('u1', 'Ann', false);
  await peer.next('room_list');
  peer.send('auth', { protocol_version: 1, features: ['owp.v2'], token: 'not.a.token', user_name: 'Bob', user_id: 'u9' });
  const { payload } = await peer.next('auth_success');
  assert.equal(payload.user_name, 'Ann');
  assert.equal(payload.user_id, 'u1');
  await peer.close();
});

test('rooms are counted for the user that the gateway names', async () => {
  const server = await start(['--rooms-per-user', '1']);
  const first = await server.peer('u1', 'Ann');
  await first.create();
  const second = await server.peer('u1', 'Ann');
  second.send('create_room', { start_pos: 0 });
  assert.equal((await second.next('error')).payload.code, 'ROOM_LIMIT_REACHED');
  for (const peer of [first, second]) await peer.close();
});

// ---- who may see a title -------------------------------------------------------------------------

const film = '0'.repeat(31) + '1';
const sequel = '0'.repeat(31) + '2';

/** Answers as a gateway does, by `maySee`; null keeps silent. */
function answer(server: Embedded, maySee: (user: string, media: string) => boolean | null): void {
  createInterface({ input: server.process.stdout }).on('line', (line) => {
    if (!line.startsWith('{"ask":')) return;
    const { ask, id, user, media } = JSON.parse(line) as { ask: string; id: number; user: string; media: string };
    assert.equal(ask, 'access');
    const allowed = maySee(user, media);
    if (allowed !== null) server.process.stdin.write(`${JSON.stringify({ answer: 'access', id, allowed })}\n`);
  });
}

const v2 = async (server: Embedded, id: string): Promise<Peer> => {
  const peer = await server.peer(id, id, false);
  await peer.next('room_list');
  peer.send('auth', { protocol_version: 1, features: ['owp.v2'] });
  await peer.next('auth_success');
  return peer;
};

test('who may not see the title neither sees the room nor joins it', async () => {
  const server = await start();
  answer(server, (user) => user !== 'u3');
  const host = await server.peer('u1', 'Ann');
  const room = await host.create({ media_id: film });
  const guest = await server.peer('u2', 'Ben');
  assert.equal((await guest.next('room_list', (m) => m.payload.length > 0)).payload[0].media_id, film);
  await guest.join(room);
  for (const outsider of [await server.peer('u3', 'Cleo'), await v2(server, 'u3')]) {
    outsider.send('join_room', {}, { room });
    assert.equal((await outsider.next('error')).payload.code, 'MEDIA_FORBIDDEN');
    outsider.send('chat_message', { text: 'let me in' }, { room });
    assert.equal((await outsider.next('error')).payload.code, 'NOT_IN_ROOM');
    outsider.send('list_rooms', {});
    assert.deepEqual((await outsider.next('room_list')).payload, []);
    const heard = await outsider.barrier();
    assert.ok(!JSON.stringify(heard).includes(film));
    await outsider.close();
  }
  for (const peer of [host, guest]) await peer.close();
});

test('nobody opens a room on a title that they may not see', async () => {
  const server = await start();
  answer(server, () => false);
  const host = await server.peer('u1', 'Ann');
  host.send('create_room', { start_pos: 0, media_id: film });
  assert.equal((await host.next('error')).payload.code, 'MEDIA_FORBIDDEN');
  await host.create(); // without a title there is nothing to ask
  await host.close();
});

test('a gateway that keeps silent, or talks nonsense, says no', async () => {
  const server = await start();
  answer(server, () => null);
  server.process.stdin.write('nonsense\n{"answer":"access","id":1}\n\n');
  const host = await server.peer('u1', 'Ann');
  const since = performance.now();
  host.send('create_room', { start_pos: 0, media_id: film });
  assert.equal((await host.next('error')).payload.code, 'MEDIA_FORBIDDEN');
  const waited = performance.now() - since;
  assert.ok(waited > 3900 && waited < 7000, `${waited} ms`);
  assert.equal(server.output.match(/is no answer/gu)?.length, 1);
  await host.close();
});

test('the party goes on with another title, without those who may not see it', async () => {
  const server = await start();
  answer(server, (user, media) => media === film || user !== 'u2');
  const host = await v2(server, 'u1');
  host.send('create_room', { start_pos: 0, media_id: film });
  const { room } = await host.next('room_state');
  const [stays, goes] = [await v2(server, 'u3'), await v2(server, 'u2')];
  const watcher = await v2(server, 'u2');
  watcher.send('subscribe_rooms', {});
  await watcher.next('room_list');
  for (const guest of [stays, goes]) {
    guest.send('join_room', {}, { room });
    await guest.next('room_state');
  }
  host.send('set_media', { media_id: sequel, start_position_seconds: 0 }, { room });
  const moved = (m: { payload: { media_id?: string } }): boolean => m.payload.media_id === sequel;
  for (const peer of [host, stays]) await peer.next('room_state', moved);
  assert.equal((await goes.next('error')).payload.code, 'MEDIA_FORBIDDEN');
  await goes.next('room_closed');
  await watcher.next('room_list_delta', (m) => m.payload.removed.includes(room));
  for (const peer of [goes, watcher]) assert.ok(!JSON.stringify(await peer.barrier()).includes(sequel));
  for (const peer of [host, stays, goes, watcher]) await peer.close();
});
