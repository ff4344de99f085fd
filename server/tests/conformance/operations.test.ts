// What an operator does with the program: settings, tokens, signals, limits, certificates, threads.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { binary, mintToken, Peer, Server, untilLogged } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'owp-operations-'));
after(() => rmSync(folder, { recursive: true }));
const secret = 'a-secret-of-more-than-thirty-two-bytes!';

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}
/** Runs a command that ends by itself. */
function run(flags: string[], environment: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(binary, flags, {
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
    timeout: 10_000,
  });
  return { code: status, out: stdout, err: stderr };
}

function port(server: Server): number {
  return Number(new URL(server.address).port);
}

const upgrade =
  'GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

const sockets: Socket[] = [];
/** Ends the raw sockets first: the server would give each its time to answer the close. */
async function stop(server: Server): Promise<void> {
  for (const socket of sockets.splice(0)) socket.destroy();
  assert.equal(await server.stop(), 0);
}

/** The first bytes that come back, as text; '' if the server ends the connection without any. */
function exchange(server: Server, bytes: string): Promise<{ socket: Socket; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port(server), '127.0.0.1', () => socket.write(bytes));
    sockets.push(socket);
    socket.once('data', (data: Buffer) => resolve({ socket, text: data.toString('latin1') }));
    socket.once('end', () => resolve({ socket, text: '' }));
    socket.once('error', reject);
  });
}

async function websocketStatus(server: Server, headers: string[] = []): Promise<[number, Socket]> {
  const { socket, text } = await exchange(server, upgrade + headers.map((h) => `${h}\r\n`).join('') + '\r\n');
  return [Number(text.slice(9, 12)), socket];
}

// ---- settings ------------------------------------------------------------------------------------

test('check-config says that good settings are good, and starts nothing', () => {
  const { code, out } = run(['check-config', '--port', '1', '--jwt-secret', secret]);
  assert.equal(code, 0);
  assert.match(out, /good/);
});

test('check-config warns of no secret and of a weak one', () => {
  assert.match(run(['check-config']).err, /NO TOKEN IS NEEDED/);
  assert.match(run(['check-config', '--jwt-secret', 'short']).err, /WEAK SECRET/);
});

for (const [title, code, said, flags, environment] of [
  ['a bad flag', 2, /port: "many" is not a whole number from 0 to 65535 \(flag --port\)/, ['--port', 'many']],
  ['a bad variable', 2, /^port: .*environment variable PORT/m, [], { PORT: '70000' }],
  ['an address that is none', 2, /^host: "here" is not an IP address/m, ['--host', 'here']],
  ['a proxy that is none', 2, /^trusted-proxies: "10\/8"/m, ['--trusted-proxies', '10/8']],
  ['half of TLS', 2, /tls-key: needs tls-cert/, ['--tls-key', 'k']],
  ['a certificate that is not there', 1, /cannot read the TLS certificate .*missing/, ['--tls-cert', join(folder, 'missing'), '--tls-key', 'k']],
  ['a secret file that is not there', 1, /jwt-secret-file: cannot read .*missing/, ['--jwt-secret-file', join(folder, 'missing')]],
  ['a media folder that is not there', 1, /media: cannot read the folder .*missing/, ['--media', join(folder, 'missing')]],
  ['media that is a file', 1, /media: cannot read the folder/, ['--media', file('a.mp4', 'x')]],
  ['a configuration file that is not there', 2, /config: cannot read .*missing/, ['--config', join(folder, 'missing')]],
  ['a configuration file that is a folder', 2, /config: cannot read/, ['--config', folder]],
  ['a configuration file without end', 2, /larger than 256 KiB/, ['--config', '/dev/zero']],
  ['an unknown key', 2, /line 2: unknown setting prot; did you mean port\?/, ['--config', file('unknown.toml', '# x\nprot = 1\n')]],
  ['text that is no TOML', 2, /line 1: tables are not used here/, ['--config', file('table.toml', '[server]\n')]],
] as const) {
  test(`check-config and a start refuse ${title} alike`, () => {
    for (const command of [['check-config'], []]) {
      const ended = run([...command, ...flags], environment ?? {});
      assert.equal(ended.code, code, ended.err);
      assert.match(ended.err, said);
    }
  });
}

test('an unknown variable of ours is reported and the server is checked all the same', () => {
  const { code, err } = run(['check-config'], { OWP_THREAD: '1' });
  assert.equal(code, 0);
  assert.match(err, /unknown environment variable OWP_THREAD; did you mean OWP_THREADS\?/);
});

test('print-config shows where each value comes from, and no secret', () => {
  const config = file('print.toml', 'port = 4000\nthreads = 3\n');
  const { code, out } = run(['print-config', '--port', '5000'], {
    OWP_CONFIG: config, JWT_SECRET: secret, OWP_THREADS: '2', ALLOWED_ORIGINS: 'http://a, http://b',
  });
  assert.equal(code, 0);
  assert.match(out, /^port = "5000" # flag$/m);
  assert.match(out, /^threads = "2" # environment$/m);
  assert.match(out, /^allowed-origins = "http:\/\/a,http:\/\/b" # environment$/m);
  assert.match(out, /^jwt-secret = "\*+" # environment$/m);
  assert.match(out, /^lead = "adaptive" # default$/m);
  assert.ok(!out.includes(secret));
  assert.match(run(['print-config', '--config', config]).out, /^port = "4000" # file$/m);
});

// ---- tokens --------------------------------------------------------------------------------------

test('a token that the program prints opens the server with the same secret', async () => {
  const minted = run(['token', '--user', 'u7', '--name', 'Zoë', '--jwt-secret-file', file('secret', `${secret}\n`)]);
  assert.equal(minted.code, 0, minted.err);
  const server = await Server.start([], { JWT_SECRET: secret });
  const peer = await Peer.connect(server);
  peer.send('auth', { token: minted.out.trim() });
  assert.equal((await peer.next('auth_success')).payload.user_name, 'Zoë');
  await peer.close();
  assert.equal(await server.stop(), 0);
});

test('token says why it cannot make one', () => {
  assert.match(run(['token', '--user', 'u', '--name', 'A']).err, /needs no token/);
  const odd = run(['token', '--user', 'a\u0001b', '--name', 'A', '--jwt-secret', secret]);
  assert.deepEqual([odd.code, odd.out], [2, '']);
  assert.equal(run(['token', '--user', 'u', '--name', 'A', '--ttl', 'soon', '--jwt-secret', secret]).code, 2);
});

/** Shows a token and says what came of it: "good" or a code. */
async function shown(server: Server, token: string): Promise<string> {
  const peer = await Peer.connect(server);
  peer.send('auth', { token });
  const answers = await peer.barrier();
  await peer.close();
  return answers.some((m) => m.type === 'auth_success') ? 'good' : answers.find((m) => m.type === 'error')!.payload.code;
}

test('a new key takes the place of the old one in mid-party: both are good until the old one goes', async () => {
  const [older, newer] = ['older', 'newer'].map((word) => `${word}: a secret of more than thirty-two bytes`) as [string, string];
  const [key, previous] = [file('key', older), file('previous-key', older)];
  const server = await Server.start(['--jwt-secret-file', key, '--jwt-previous-key-file', previous]);
  const reread = async (): Promise<void> => {
    server.log.length = 0;
    server.signal('SIGHUP');
    await untilLogged(server, /keys and revocations have been read again/);
  };
  const host = await Peer.connect(server);
  host.send('auth', { token: mintToken(older) });
  await host.next('auth_success');
  const room = await host.create();
  assert.equal(await shown(server, mintToken(newer)), 'INVALID_TOKEN');

  writeFileSync(key, newer);
  await reread();
  assert.deepEqual([await shown(server, mintToken(newer)), await shown(server, mintToken(older))], ['good', 'good']);
  host.send('chat_message', { text: 'still here' }, { room });
  await host.next('chat_message');

  writeFileSync(previous, newer);
  await reread();
  assert.equal(await shown(server, mintToken(older)), 'INVALID_TOKEN');
  assert.equal((await host.untilClosed()).code, 4102);

  writeFileSync(key, '');
  server.signal('SIGHUP');
  await untilLogged(server, /jwt-secret-file: there is no secret; the old keys and revocations stay/);
  assert.equal(await shown(server, mintToken(newer)), 'good');
  assert.equal(await server.stop(), 0);
});

test('a token that has been revoked is refused, and who came in with it is out', async () => {
  const revoked = file('revoked', '');
  const server = await Server.start(['--jwt-revoked-file', revoked], { JWT_SECRET: secret });
  const [thief, owner] = [await Peer.connect(server), await Peer.connect(server)];
  thief.send('auth', { token: mintToken(secret, { jti: 'stolen' }) });
  owner.send('auth', { token: mintToken(secret, { jti: 'fresh' }) });
  for (const peer of [thief, owner]) await peer.next('auth_success');
  writeFileSync(revoked, 'stolen\n');
  server.signal('SIGHUP');
  assert.equal((await thief.untilClosed()).code, 4102);
  assert.equal(await shown(server, mintToken(secret, { jti: 'stolen' })), 'INVALID_TOKEN');
  await owner.create();
  await owner.close();
  assert.equal(await server.stop(), 0);
});

test('a token that runs out in mid-party ends nothing, and opens nothing new until a fresh one comes', async () => {
  const server = await Server.start([], { JWT_SECRET: secret });
  const host = await Peer.connect(server);
  host.send('auth', { token: mintToken(secret, { exp: Math.floor(Date.now() / 1000) + 2 }) });
  await host.next('auth_success');
  const room = await host.create();
  assert.equal((await host.next('error')).payload.code, 'TOKEN_EXPIRED');
  host.send('player_event', { action: 'play', position: 0 }, { room });
  await host.next('player_event');
  host.send('create_room', {});
  assert.equal((await host.next('error')).payload.code, 'TOKEN_EXPIRED');
  host.send('auth', { token: mintToken(secret) });
  await host.next('auth_success');
  assert.notEqual(await host.create(), room);
  await host.close();
  assert.equal(await server.stop(), 0);
});

// ---- limits at the door --------------------------------------------------------------------------

test('the cap on connections of one address: 429, and a place that is freed is given again', async () => {
  const server = await Server.start(['--max-connections-per-address', '2']);
  const [, first] = await websocketStatus(server);
  assert.equal((await websocketStatus(server))[0], 101);
  assert.equal((await websocketStatus(server))[0], 429);
  first.destroy();
  let status = 0;
  for (const until = Date.now() + 5_000; status !== 101 && Date.now() < until;)
    [status] = await websocketStatus(server);
  assert.equal(status, 101);
  await stop(server);
});

test('the cap on all connections: 503, while health still answers', async () => {
  const server = await Server.start(['--max-connections', '1']);
  assert.equal((await websocketStatus(server))[0], 101);
  assert.equal((await websocketStatus(server))[0], 503);
  assert.equal((await fetch(`${server.address}/health`)).status, 200);
  const metrics = await (await fetch(`${server.address}/metrics`)).text();
  assert.match(metrics, /^owp_connections\{kind="websocket"\} 1$/m);
  assert.match(metrics, /^owp_connections_refused_total\{reason="full"\} 1$/m);
  await stop(server);
});

test('behind a trusted proxy the cap counts the address that it vouches for', async () => {
  const flags = ['--max-connections-per-address', '1'];
  const trusting = await Server.start([...flags, '--trusted-proxies', '127.0.0.1']);
  const from = (address: string): string[] => [`X-Forwarded-For: ${address}`];
  assert.equal((await websocketStatus(trusting, from('203.0.113.1')))[0], 101);
  assert.equal((await websocketStatus(trusting, from('203.0.113.2')))[0], 101);
  assert.equal((await websocketStatus(trusting, from('203.0.113.1')))[0], 429);
  assert.equal((await websocketStatus(trusting, from('203.0.113.9, 203.0.113.2')))[0], 429);
  await stop(trusting);
  const wary = await Server.start(flags);
  assert.equal((await websocketStatus(wary, from('203.0.113.1')))[0], 101);
  assert.equal((await websocketStatus(wary, from('203.0.113.2')))[0], 429);
  await stop(wary);
});

test('the page of the server itself may connect with no setting at all', async () => {
  const server = await Server.start();
  const { host } = new URL(server.address);
  const status = async (origin: string): Promise<string> => {
    const request = upgrade.replace('Host: h', `Host: ${host}`);
    const { text } = await exchange(server, `${request}Origin: ${origin}\r\n\r\n`);
    return text.slice(9, 12);
  };
  assert.equal(await status(server.address), '101');
  assert.equal(await status('http://127.0.0.1:1'), '403');
  await stop(server);
});

test('a foreign origin gets 403, counted; a star lets everybody in, with a warning', async () => {
  const strict = await Server.start([], { ALLOWED_ORIGINS: 'https://media.example' });
  assert.equal((await websocketStatus(strict, ['Origin: https://evil.example']))[0], 403);
  assert.equal((await websocketStatus(strict, ['Origin: https://media.example']))[0], 101);
  assert.match(await (await fetch(`${strict.address}/metrics`)).text(), /refused_total\{reason="origin"\} 1$/m);
  await stop(strict);
  const lax = await Server.start([], { ALLOWED_ORIGINS: '*' });
  assert.equal((await websocketStatus(lax, ['Origin: https://any.example']))[0], 101);
  assert.match(lax.log.join(''), /ANY WEB PAGE MAY CONNECT/);
  await stop(lax);
});

test('who sends half a request, or nothing, is let go after the handshake time-out', async () => {
  const server = await Server.start(['--handshake-timeout', '200ms']);
  for (const bytes of ['', 'GET / HTTP/1.1\r\nHo']) {
    const since = performance.now();
    const { socket, text } = await exchange(server, bytes);
    if (!socket.readableEnded) await new Promise((resolve) => socket.once('close', resolve));
    assert.match(text, /^$|^HTTP\/1\.1 408/);
    assert.ok(performance.now() - since < 5_000);
  }
  await stop(server);
});

test('a connection that answers no ping is closed as dead', async () => {
  const server = await Server.start(['--ping-interval', '100ms', '--dead-after', '300ms']);
  const [status, mute] = await websocketStatus(server);
  assert.equal(status, 101);
  const alive = await Peer.connect(server); // answers by itself
  await new Promise((resolve) => mute.resume().once('close', resolve));
  await alive.barrier();
  await alive.close();
  await stop(server);
});

// ---- signals -------------------------------------------------------------------------------------

test('SIGINT ends it like SIGTERM', async () => {
  const server = await Server.start();
  assert.equal(await server.stop('SIGINT'), 0);
});

test('a signal at the very start is obeyed', async () => {
  for (let i = 0; i < 5; ++i) {
    const server = await Server.start(['--threads', '1']);
    assert.equal(await server.stop(), 0);
  }
});

test('SIGTERM with a stalled download and a mute client under way: gone within 5 s', async () => {
  const media = join(folder, 'media');
  mkdirSync(media);
  writeFileSync(join(media, 'film.mp4'), Buffer.alloc(20_000_000));
  const page = join(folder, 'page');
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), 'x');
  const server = await Server.start(['--media', media, '--web-root', page]);
  const { socket } = await exchange(server, 'GET /media/files/film.mp4 HTTP/1.1\r\nHost: h\r\n\r\n');
  socket.pause();
  await websocketStatus(server);
  const since = performance.now();
  assert.equal(await server.stop(), 0);
  assert.ok(performance.now() - since < 5_000, `${performance.now() - since} ms`);
  socket.destroy();
});

function certificate(name: string): { cert: string; key: string } {
  const cert = join(folder, 'tls-cert.pem');
  const key = join(folder, 'tls-key.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', `/CN=${name}`, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}

function subject(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port: port(server), host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

test('TLS: SIGHUP takes a new certificate up, keeps the old one if the new is broken', async () => {
  const { cert, key } = certificate('first');
  const server = await Server.start(['--tls-cert', cert, '--tls-key', key]);
  assert.match(server.address, /^https:/);
  assert.equal(await subject(server), 'first');
  certificate('second');
  server.signal('SIGHUP');
  await untilLogged(server, /certificate has been read again/);
  assert.equal(await subject(server), 'second');
  writeFileSync(cert, 'broken');
  server.signal('SIGHUP');
  await untilLogged(server, /the old certificate stays/);
  assert.equal(await subject(server), 'second');
  assert.equal(await server.stop(), 0);
});

test('an encrypted key is refused, and nothing asks the terminal for its password', () => {
  const { cert, key } = certificate('locked');
  const locked = join(folder, 'locked.pem');
  execFileSync('openssl', ['pkey', '-in', key, '-aes256', '-passout', 'pass:x', '-out', locked]);
  const ended = run(['--port', '0', '--tls-cert', cert, '--tls-key', locked]);
  assert.equal(ended.code, 1);
  assert.match(ended.err, /cannot read the TLS key/);
});

// ---- threads, logs -------------------------------------------------------------------------------

test('members whose connections are on different threads hear the same', async () => {
  const server = await Server.start(['--threads', '4']);
  const host = await Peer.connect(server);
  const room = await host.create();
  const guests = await Promise.all(Array.from({ length: 12 }, () => Peer.connect(server)));
  for (const guest of guests) await guest.join(room);
  host.send('chat_message', { text: 'everybody' }, { room });
  for (const guest of guests) assert.equal((await guest.next('chat_message')).payload.text, 'everybody');
  for (const guest of guests) await guest.close();
  await host.close();
  await server.stop();
});

test('the log can be JSON, a line each', async () => {
  const server = await Server.start(['--log-format', 'json', '--log-level', 'debug'], { JWT_SECRET: secret });
  const peer = await Peer.connect(server);
  peer.send('auth', { token: mintToken(secret) });
  await peer.next('auth_success');
  await peer.close();
  await server.stop();
  const lines = server.log.join('').split('\n').filter((line) => line && !line.startsWith('Listening'));
  assert.ok(lines.length > 2);
  for (const line of lines) assert.ok('message' in JSON.parse(line));
});
