// The server on a machine that has no more of something: descriptors, memory, room on the disk, time. And
// killed. FAULTS=full: half a minute of standstill instead of seconds.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { binary, Server, untilLogged } from '../conformance/harness.ts';
import { end, goesOn, open, partyComesAbout } from './party.ts';

const full = process.env['FAULTS'] === 'full';
const soon = (): number => performance.now() + 20_000;

const folder = mkdtempSync(join(tmpdir(), 'owp-machine-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'index.html'), 'the page');

/** Seconds of processor that a process has had. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

test('out of descriptors the party goes on, nobody is told that a page is missing, and new ones come in later', async () => {
  const server = await Server.start(['--threads', '1', '--web-root', folder], {}, ['prlimit', '--nofile=40']);
  const port = Number(new URL(server.address).port);
  const party = await open(server);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const status = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const asked = request({ port, path: '/index.html', agent }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      });
      asked.once('error', reject);
      asked.end();
    });
  assert.equal(await status(), 200);
  const crowd: Socket[] = Array.from({ length: 60 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.all(crowd.map((socket) => once(socket, 'connect')));
  for (const until = soon(); (await status()) !== 503;) assert.ok(performance.now() < until, 'never out of descriptors');
  const before = processorSeconds(server.pid);
  await goesOn(party);
  await sleep(1_000);
  const spent = processorSeconds(server.pid) - before;
  assert.ok(spent < 0.5, `${spent} s of processor in a second of nothing`);
  for (const socket of crowd) socket.destroy();
  assert.ok(await partyComesAbout(server, soon()));
  assert.equal(await status(), 200);
  await goesOn(party);
  end(party);
  agent.destroy();
  assert.equal(await server.stop(), 0);
});

// Longer than it takes to hold a silent connection for dead.
const stopped = full
  ? { seconds: 30, flags: ['--ping-interval', '5s', '--dead-after', '15s'] }
  : { seconds: 4, flags: ['--ping-interval', '500ms', '--dead-after', '2s'] };

test('a server that stood still and goes on has lost nobody', async () => {
  const server = await Server.start(stopped.flags);
  const party = await open(server);
  await goesOn(party);
  server.signal('SIGSTOP');
  party.guest.send('chat_message', { text: 'said meanwhile' }, { room: party.room });
  await sleep(stopped.seconds * 1_000);
  server.signal('SIGCONT');
  await party.host.next('chat_message', (m) => m.payload.text === 'said meanwhile');
  await goesOn(party);
  await sleep(1_000); // whoever was to be held for dead would be by now
  await goesOn(party);
  assert.ok(await partyComesAbout(server, soon()));
  end(party);
  assert.equal(await server.stop(), 0);
});

for (const megabytes of [16, 24, 32, 64, 128, 512])
  test(`in ${megabytes} MB of address space it serves a party, or says in a line why not`, async () => {
    const flags = ['--threads', '2', '--watch-page', 'off'];
    const limit = ['prlimit', `--as=${megabytes * 1_000_000}`];
    let server: Server;
    try {
      server = await Server.start(flags, {}, limit);
    } catch (error) {
      assert.match((error as Error).message, /server ended with 1: (.*warn.*\n)*.*(cannot|memory|available).*\n$/i);
      return;
    }
    const came = await partyComesAbout(server, soon());
    const code = await server.stop();
    assert.ok(came ? code === 0 : code === 1, `${came} ${code} ${server.log.join('')}`);
    if (!came) await untilLogged(server, /owp-server cannot go on: .*\n$/);
  });

test('killed, it is followed at once by the next on the same port, and people find each other again', async () => {
  let server = await Server.start();
  const port = new URL(server.address).port;
  for (let i = 0; i < 3; ++i) {
    const party = await open(server);
    await goesOn(party);
    await server.stop('SIGKILL');
    for (const peer of [party.host, party.guest]) assert.equal((await peer.untilClosed()).code, 1006);
    server = await Server.start(['--port', port]);
    assert.ok(await partyComesAbout(server, soon()));
  }
  assert.equal(await server.stop(), 0);
});

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
}

test('with a full disk, or nobody to read what it writes, it serves all the same', async () => {
  const fullDisk = openSync('/dev/full', 'w');
  for (const output of [fullDisk, 'pipe'] as const) {
    const port = await freePort();
    const child = spawn(binary, ['--host', '127.0.0.1', '--port', `${port}`, '--log-level', 'trace'], { stdio: ['ignore', output, output], env: {} });
    child.stdout?.destroy();
    child.stderr?.destroy();
    assert.ok(await partyComesAbout({ address: `http://127.0.0.1:${port}` }, soon()));
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  }
});
