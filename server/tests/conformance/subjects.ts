// What the RFC tables run against: our server, and two known-good libraries that prove the tables
// themselves. Each says back what it is told on /ws and answers /health: the libraries by an echo, our
// server with a pong, which carries its ping's payload.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from '../../../client/node_modules/ws/wrapper.mjs';
import { Server } from './harness.ts';
import { RawPeer } from './raw_peer.ts';

type Reference = 'ws' | 'websockets';
interface Subject {
  name: 'owp-server' | Reference;
  port: number;
  stop: () => Promise<void>;
}

async function ourServer(): Promise<Subject> {
  const server = await Server.start(['--handshake-timeout', '3s'], { ALLOWED_ORIGINS: 'https://media.example' });
  const stop = async (): Promise<void> => void (await server.stop());
  return { name: 'owp-server', port: Number(new URL(server.address).port), stop };
}

async function nodeWs(): Promise<Subject> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536, perMessageDeflate: false });
  sockets.on('connection', (socket: any) => {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, isBinary: boolean) => socket.send(data, { binary: isBinary }));
  });
  const http = createServer({ connectionsCheckingInterval: 100, headersTimeout: 3_000 }, (request, response) => {
    const body = request.method === 'GET' || request.method === 'HEAD' ? 'ok\n' : '';
    response.writeHead(request.url?.endsWith('/health') ? (body ? 200 : 405) : 404, { 'Content-Length': body.length });
    response.end(body);
  });
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    if (request.url?.endsWith('/ws')) sockets.handleUpgrade(request, socket, head, (open: any) => sockets.emit('connection', open));
    else socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const stop = async (): Promise<void> => {
    for (const client of sockets.clients) client.terminate();
    http.closeAllConnections();
    http.close();
    await once(http, 'close');
  };
  return { name: 'ws', port: (http.address() as AddressInfo).port, stop };
}

async function pythonWebsockets(): Promise<Subject> {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'echo_server.py');
  // Debian's Python, which has Debian's packages
  const python = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = (await once(python.stdout, 'data')) as [Buffer];
  const stop = async (): Promise<void> => {
    python.kill('SIGKILL'); // it has nothing to save
    await once(python, 'exit');
  };
  return { name: 'websockets', port: Number(line.toString()), stop };
}

const starters = [ourServer, nodeWs, pythonWebsockets];

/** What a row of a table has, whatever it is about. */
export interface Row {
  section: string;
  title: string;
  /** Libraries that are known to do otherwise, and why that is all right. */
  differs?: Partial<Record<Reference, string>>;
  oursOnly?: true;
}

/** A test of each row on each subject; where a library is known to differ, that it still does. */
export function testOnSubjects<R extends Row>(rows: readonly R[], run: (row: R, peer: RawPeer, ours: boolean) => Promise<void>): void {
  for (const start of starters)
    describe(start.name, () => {
      let subject: Subject;
      before(async () => {
        subject = await start();
      });
      after(() => subject.stop());
      for (const row of rows) {
        if (row.oursOnly && start !== ourServer) continue;
        test(`${row.section} ${row.title}`, async () => {
          const peer = await RawPeer.connect(subject.port);
          const ours = subject.name === 'owp-server';
          const why = subject.name === 'owp-server' ? undefined : row.differs?.[subject.name];
          try {
            if (why === undefined) return await run(row, peer, ours);
            peer.waitMs = 500; // for what it is known not to do
            await assert.rejects(run(row, peer, ours), undefined, `does not differ any more: ${why}`);
          } finally {
            peer.destroy();
          }
        });
      }
    });
}
