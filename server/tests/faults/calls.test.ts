// The server while calls of its system fail: every nth, of one kind at a time, with an error that this
// call may give. While it serves, it goes on serving: once the trouble is over a party comes about
// without anybody starting anything anew. Where it cannot go on, or cannot start, it says so in one line
// and ends with an exit code, never by a signal.
//
// FAULTS=full: more of each.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { binary, Server, untilLogged } from '../conformance/harness.ts';
import { partyComesAbout } from './party.ts';

const shim = process.env['OWP_SHIM']!;
const full = process.env['FAULTS'] === 'full';
const troubleMs = full ? 3_000 : 700;
const recoveryMs = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'owp-faults-'));
after(() => rmSync(folder, { recursive: true }));
const page = join(folder, 'page');
mkdirSync(page);
writeFileSync(join(page, 'index.html'), 'the page');
const secretFile = join(folder, 'secret');
writeFileSync(secretFile, 'a-secret-of-more-than-thirty-two-bytes');
const flags = ['--threads', '2', '--web-root', page, '--media', page];

type ErrorName = keyof typeof constants.errno;
const fault = (kind: string, error: ErrorName, every: number, from: string, file = ''): NodeJS.ProcessEnv => ({
  LD_PRELOAD: shim,
  OWP_FAULT: [kind, constants.errno[error], every, from, ...(file ? [file] : [])].join(':'),
});

// ---- while it serves -----------------------------------------------------------------------------

const serving: [kind: string, errors: ErrorName[], every: number[]][] = [
  ['accept', ['EMFILE', 'ENOBUFS', 'ECONNABORTED'], [1, 3]],
  ['getpeername', ['ENOTCONN'], [2]],
  ['epoll_ctl', ['ENOMEM'], [5]],
  ['read', ['ECONNRESET', 'ENOMEM'], [1, 3, 10, 40]],
  ['read', ['EINTR'], [2]],
  ['write', ['EPIPE', 'ENOBUFS'], [1, 3, 10, 40]],
  ['write', ['EINTR'], [2]],
  ['open', ['EMFILE', 'EIO'], [1, 2]],
  ['pread', ['EIO'], [1]],
  ['timer', ['EINVAL'], [1, 3]], // which no kernel says of a good timer
];

describe('while it serves', { concurrency: 4 }, () => {
  for (const [kind, errors, everys] of serving)
    for (const error of errors)
      for (const every of everys)
        test(`every ${every}th ${kind} fails with ${error}: it goes on, and all is well once that is over`, async () => {
          const trouble = join(folder, `${kind}-${error}-${every}`);
          writeFileSync(trouble, '');
          const server = await Server.start(flags, fault(kind, error, every, 'listening', trouble));
          const until = performance.now() + troubleMs;
          const fetched = fetch(`${server.address}/index.html`, { signal: AbortSignal.timeout(troubleMs) }).catch(() => undefined);
          await partyComesAbout(server, until);
          await fetched;
          server.signal('SIGHUP'); // reads its files again
          await sleep(Math.max(0, until - performance.now()));
          assert.ok(server.running, server.log.join(''));
          rmSync(trouble);
          assert.ok(await partyComesAbout(server, performance.now() + recoveryMs), 'no party any more');
          assert.equal(await (await fetch(`${server.address}/index.html`)).text(), 'the page');
          assert.equal(await server.stop(), 0, server.log.join(''));
        });
});

// ---- where it cannot go on -----------------------------------------------------------------------

interface Ended {
  code: number | null;
  said: string[]; // lines that are no warnings
}

/** Starts a server; it listens, or ends by itself. */
function startOrEnd(environment: NodeJS.ProcessEnv, more: string[]): Promise<Server | Ended> {
  const child = spawn(binary, ['--host', '127.0.0.1', '--port', '0', ...flags, ...more], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const address = /Listening on (http:\S+)/.exec(output)?.[1];
        if (address) resolve(Server.of(child, address, output));
      });
    child.once('close', (code) => resolve({ code, said: output.split('\n').filter((line) => line && !/warn/.test(line)) }));
  });
}

const endsClearly = ({ code, said }: Ended): void => {
  assert.ok(code === 1 || code === 2, `ended with ${code}: ${said.join('\n')}`);
  assert.equal(said.length, 1, said.join('\n'));
};

const starting: [kind: string, error: ErrorName][] = [
  ['socket', 'EMFILE'], ['bind', 'EADDRINUSE'], ['listen', 'EADDRINUSE'], ['setsockopt', 'ENOBUFS'],
  ['epoll_create', 'EMFILE'], ['epoll_ctl', 'ENOMEM'], ['eventfd', 'EMFILE'], ['timerfd', 'EMFILE'],
  ['open', 'EMFILE'], ['open', 'EIO'], ['random', 'ENOSYS'], ['thread', 'EAGAIN'],
];

describe('while it starts', { concurrency: 4 }, () => {
  for (const [kind, error] of starting)
    for (const every of full ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2, 3, 5])
      test(`every ${every}th ${kind} fails with ${error}: it serves, or says in a line why not`, async () => {
        const trouble = join(folder, `start-${kind}-${error}-${every}`);
        writeFileSync(trouble, '');
        const started = await startOrEnd(fault(kind, error, every, 'start', trouble), ['--jwt-secret-file', secretFile]);
        if (!(started instanceof Server)) return endsClearly(started);
        rmSync(trouble);
        assert.equal((await fetch(`${started.address}/health`)).status, 200);
        assert.equal(await started.stop(), 0);
      });
});

describe('when there is no more memory', { concurrency: 4 }, () => {
  // The first of them before main()
  const early = [1, 2, 3, 5, 10, 20, 40, 80];
  const first = full ? Array.from({ length: 300 }, (_, i) => i * 10 + 131) : Array.from({ length: 25 }, (_, i) => i * 130 + 131);
  test('it says so and ends, whichever allocation of its start fails', { timeout: 120_000 }, async () => {
    for (const every of [...early, ...first]) {
      const started = await startOrEnd(fault('alloc', 'ENOMEM', every, 'start'), []);
      if (started instanceof Server) await started.stop();
      else assert.ok(started.code === 1 || started.code === 2, `every ${every}th: ended with ${started.code}: ${started.said.join('\n')}`);
    }
  });
  for (const every of [50, 300, 1_000])
    test(`every ${every}th allocation fails while it serves: it says so, ends, and the next server has its party`, async () => {
      const server = await Server.start(flags, fault('alloc', 'ENOMEM', every, 'listening'));
      const port = new URL(server.address).port;
      for (const until = performance.now() + recoveryMs; server.running && performance.now() < until;)
        await partyComesAbout(server, performance.now() + 500);
      assert.equal(await server.stop(), 1, server.log.join(''));
      await untilLogged(server, /owp-server cannot go on: .+\n/).catch((error: Error) => assert.fail(`${error.message}: ${server.log.join("")}`));
      const next = await Server.start([...flags, '--port', port]);
      assert.ok(await partyComesAbout(next, performance.now() + recoveryMs));
      assert.equal(await next.stop(), 0);
    });
});
