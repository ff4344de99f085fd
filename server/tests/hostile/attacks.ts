// What is thrown at the server: each attack has its own addresses (127.x.y.z), so that the limits for
// one address bound it as they would on the Internet.
import { connect, type Socket } from 'node:net';
import { closing, frame, opcodes } from '../conformance/raw_peer.ts';
import { requestOf } from '../conformance/rfc6455_handshakes.ts';

export interface Scale {
  connections: number; // of the attacks that are many
  seconds: number; // of those that are long
}
export interface Target {
  port: number;
  /** Connections of the attack that are open; the test sees to their end. */
  sockets: Set<Socket>;
}
export interface Attack {
  title: string;
  run: (target: Target, scale: Scale) => Promise<void>;
}

const perAddress = 50; // below what the server lets one address have
const upgrade = requestOf({});
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const addressOf = (i: number): string => `127.1.${(i / perAddress) >> 8}.${((i / perAddress) & 255) || 1}`;
const text = (message: unknown): Buffer => frame(opcodes.text, JSON.stringify(message));
const say = (type: string, payload: unknown = {}, extra: object = {}): Buffer => text({ type, payload, ts: 1, ...extra });

/** A connection, or undefined if there was none to have. */
async function open(target: Target, localAddress: string): Promise<Socket | undefined> {
  const socket = connect({ port: target.port, host: '127.0.0.1', localAddress });
  target.sockets.add(socket);
  socket.on('error', () => {});
  socket.once('close', () => target.sockets.delete(socket));
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.once('close', () => resolve(undefined));
  });
}

/** A WebSocket, or undefined if it was refused. */
async function openWebSocket(target: Target, localAddress: string): Promise<Socket | undefined> {
  const socket = await open(target, localAddress);
  if (!socket) return undefined;
  socket.write(upgrade);
  return new Promise((resolve) => {
    socket.once('data', (bytes) => resolve(bytes.toString('latin1').startsWith('HTTP/1.1 101') ? socket : undefined));
    socket.once('close', () => resolve(undefined));
  });
}

/** Runs `one` for 0 … count-1, some at a time. */
async function many(count: number, one: (i: number) => Promise<unknown>, atOnce = 100): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, async () => {
    while (next < count) await one(next++);
  }));
}

/** Runs `one` over and over, some at a time, until the time is up. */
async function until(seconds: number, atOnce: number, one: (i: number) => Promise<unknown>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (performance.now() < end) await one(next++);
  }));
}

/** Has so many WebSockets, of addresses of their own, do something together. */
async function together(target: Target, count: number, run: (socket: Socket) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, async (_, i) => {
    const socket = await openWebSocket(target, addressOf(i));
    if (socket) await run(socket);
  }));
}

/** As fast as the socket takes it. */
async function pour(socket: Socket, bytes: Buffer, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end && !socket.destroyed) {
    if (!socket.writableNeedDrain) socket.write(bytes);
    await pause(socket.writableNeedDrain ? 1 : 0);
  }
}

const anyBytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => Math.random() * 256));
const nested = (levels: number): string => `${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}`;
const someRoom = '6f1ff2ab-3a0f-4c9b-8a53-0d9f8d6a2f11';
const messages: (string | Buffer)[] = [
  '['.repeat(10_000) + ']'.repeat(10_000),
  `{"type":"ping","ts":1,"payload":${nested(5_000)}}`,
  '{"type":"ping","ts":1e999,"payload":{"x":-1e999}}',
  '{"type":"create_room","ts":1,"payload":{"start_pos":1e308}}',
  '{"type":"chat_message","ts":1,"payload":{"text":"\\ud800\\udfff\\udc00"}}',
  `{"type":"ping","type":"auth","ts":1,"ts":2,${'"payload":{},'.repeat(1_000)}"payload":{}}`,
  `{"type":"auth","ts":1,"payload":{${Array.from({ length: 3_000 }, (_, i) => `"k${i}":${i}`).join()}}}`,
  `{"type":"auth","ts":1,"payload":{"user_name":"${'\\u202e'.repeat(5_000)}"}}`,
  `{"type":"${'x'.repeat(60_000)}"}`,
  `${'9'.repeat(60_000)}`,
  `{"type":"join_room","room":"${someRoom}","ts":1,"payload":{"resume_token":"${'0'.repeat(32)}"}}`,
  '\\u0000', '"', '{"type":"ping"', 'null', 'true', '',
];

export const attacks: Attack[] = [
  {
    title: 'connections that say nothing',
    run: async (target, { connections, seconds }) => {
      await many(connections, (i) => open(target, addressOf(i)));
      await pause(seconds * 500);
    },
  },
  {
    title: 'WebSockets that say nothing',
    run: async (target, { connections, seconds }) => {
      await many(connections, (i) => openWebSocket(target, addressOf(i)));
      await pause(seconds * 500);
    },
  },
  {
    title: 'heads and bodies that come a byte at a time',
    run: async (target, { seconds }) => {
      const slow = upgrade.slice(0, -2) + 'X-Slow: ' + 'x'.repeat(1_000);
      const body = 'POST /health HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n';
      const sockets = await Promise.all(Array.from({ length: 300 }, (_, i) => open(target, addressOf(i))));
      sockets.forEach((socket, i) => i % 2 && socket?.write(body));
      for (let i = 0; i < seconds * 20; ++i) {
        sockets.forEach((socket, n) => socket && !socket.destroyed && socket.write(n % 2 ? 'x' : slow[i % slow.length]!));
        await pause(50);
      }
    },
  },
  {
    title: 'peers that ask much and never read',
    run: async (target, { seconds }) => {
      const pings = Buffer.concat(Array.from({ length: 200 }, () => frame(opcodes.ping, 'p'.repeat(125))));
      await together(target, 20, (socket) => pour(socket.pause(), pings, seconds));
    },
  },
  {
    title: 'resets in every state',
    run: async (target, { seconds }) => {
      const member = Buffer.concat([say('auth', { user_name: 'x', protocol_version: 1, features: ['owp.v2'] }), say('create_room', { start_pos: 0 }), say('subscribe_rooms')]);
      const states: ((socket: Socket) => void)[] = [
        () => {},
        (socket) => socket.write('GET /ws HT'),
        (socket) => socket.write(upgrade),
        (socket) => socket.write('GET /health HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(5)),
        (socket) => socket.write('\x16\x03\x01'),
      ];
      const later: ((socket: Socket) => void)[] = [
        () => {},
        (socket) => socket.write(frame(opcodes.text, 'half', { fin: false })),
        (socket) => socket.write(say('ping').subarray(0, 5)),
        (socket) => socket.write(member),
        (socket) => socket.write(Buffer.concat([member, frame(opcodes.close, closing(1000))])),
        (socket) => socket.write(frame(3, 'violation')),
        (socket) => socket.write(frame(opcodes.close, closing(1000))),
      ];
      await until(seconds, 30, async (i) => {
        const early = i % 2 === 0;
        const socket = await (early ? open : openWebSocket)(target, addressOf(i % 1_500));
        const [set] = [early ? states : later];
        if (!socket) return;
        set[i % set.length]!(socket);
        await pause(i % 5);
        socket.resetAndDestroy();
      });
    },
  },
  {
    title: 'a storm of members that come again and again',
    run: async (target, { seconds }) => {
      const come = Buffer.concat([
        say('auth', { user_name: 'storm', user_id: 'storm', protocol_version: 1, features: ['owp.v2'] }),
        say('create_room', { start_pos: 0 }),
        say('chat_message', { text: 'again' }, { room: someRoom }),
      ]);
      await until(seconds, 50, async (i) => {
        const socket = await openWebSocket(target, addressOf(i % 2_000));
        socket?.end(come);
        await pause(5);
        socket?.destroy();
      });
    },
  },
  {
    title: 'bytes that are nothing',
    run: async (target, { seconds }) =>
      until(seconds, 30, async (i) => {
        const socket = await (i % 2 ? open : openWebSocket)(target, addressOf(i % 1_500));
        socket?.write(anyBytes(1 + (i % 3_000)));
        await pause(5);
        socket?.destroy();
      }),
  },
  {
    title: 'messages that are none',
    run: async (target, { seconds }) =>
      until(seconds, 20, async (i) => {
        const socket = await openWebSocket(target, addressOf(i % 1_000));
        for (let n = 0; n < 10; ++n) socket?.write(frame(opcodes.text, messages[(i + n) % messages.length]));
        await pause(20);
        socket?.destroy();
      }),
  },
  {
    title: 'members who say as much as the connection takes',
    run: async (target, { seconds }) => {
      const flood = Buffer.concat(Array.from({ length: 500 }, (_, i) => say('ping', { client_ts: i })));
      await together(target, 10, (socket) => pour(socket.resume(), flood, seconds));
    },
  },
  {
    title: 'fragments without end and without content',
    run: async (target, { seconds }) => {
      const flood = Buffer.concat(Array.from({ length: 2_000 }, () => frame(opcodes.continuation, '', { fin: false })));
      await together(target, 10, (socket) => {
        socket.resume().write(frame(opcodes.text, 'x', { fin: false }));
        return pour(socket, flood, seconds);
      });
    },
  },
  {
    title: 'members who say a hundred times what they may',
    run: async (target, { seconds }) => {
      const hundred = Buffer.concat(Array.from({ length: 100 }, (_, i) => say('ping', { client_ts: i })));
      await together(target, 10, async (socket) => {
        socket.resume();
        for (let n = 0; n < seconds * 30 && !socket.destroyed; ++n) {
          socket.write(hundred); // 3,000 a second
          await pause(33);
        }
      });
    },
  },
  {
    title: 'one address that wants everything',
    run: async (target, { seconds }) => until(seconds, 200, () => openWebSocket(target, '127.0.0.1').then((socket) => pause(socket ? 200 : 5))),
  },
];
