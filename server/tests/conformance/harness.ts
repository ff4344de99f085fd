// A real owp-server process and v1 peers on real sockets. Every message that a peer receives is held
// against v1's closed list of fields (wire rule 1), whatever the test is about.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const binary = process.env['OWP_SERVER'] ?? join(repository, 'build/release/owp-server');

export type Json = Record<string, unknown>;
export interface Message {
  type: string;
  room?: string;
  client?: string;
  payload: any;
  ts: number;
  server_ts: number;
  target_server_ts?: number;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** type → [envelope fields beside type, payload, ts, server_ts] and [payload fields]. */
const closedList: Record<string, { envelope: string[]; payload: string[] }> = {
  client_hello: { envelope: ['client'], payload: ['client_id'] },
  auth_success: { envelope: ['client'], payload: ['user_name'] },
  room_list: { envelope: [], payload: [] },
  room_state: {
    envelope: ['room', 'client'],
    payload: ['name', 'host_id', 'participant_count', 'media_id', 'state'],
  },
  participants_update: { envelope: ['room'], payload: ['participant_count'] },
  client_left: { envelope: ['room', 'client'], payload: ['participant_count'] },
  player_event: {
    envelope: ['room'],
    payload: ['action', 'position', 'play_state', 'target_server_ts'],
  },
  state_update: { envelope: ['room'], payload: ['position', 'play_state'] },
  room_closed: { envelope: ['room'], payload: ['reason'] },
  pong: { envelope: ['room', 'client'], payload: [] },
  chat_message: { envelope: ['room', 'client'], payload: ['username', 'text'] },
  error: { envelope: ['room', 'client'], payload: ['message', 'code'] },
};

function within(allowed: string[], value: object, where: string): void {
  for (const key of Object.keys(value)) assert.ok(allowed.includes(key), `${where} has '${key}'`);
}

/** Wire rules 1 and 2, as a strict v1 client holds them. */
export function assertStrictV1(message: Message): void {
  const rule = closedList[message.type];
  assert.ok(rule, `v1 knows no '${message.type}'`);
  within(['type', 'payload', 'ts', 'server_ts', ...rule.envelope], message, message.type);
  for (const key of ['ts', 'server_ts'] as const)
    assert.ok(Number.isFinite(message[key]) && message[key] >= 0, `${message.type}.${key}`);
  assert.ok(Number.isSafeInteger(message.server_ts), `${message.type}.server_ts is whole`);
  for (const key of ['room', 'client'] as const)
    if (message[key] !== undefined) assert.match(message[key], uuid);
  const { payload } = message;
  if (message.type === 'room_list') {
    assert.ok(Array.isArray(payload));
    for (const room of payload) {
      within(['id', 'name', 'count', 'media_id'], room, 'room_list entry');
      assert.match(room.id, uuid);
      assert.ok(Number.isInteger(room.count) && room.count <= 20);
    }
  } else if (message.type !== 'pong') {
    within(rule.payload, payload, `${message.type}.payload`);
    for (const key of rule.payload) assert.ok(key in payload, `${message.type} lacks '${key}'`);
  }
  if (message.type === 'room_state') {
    within(['position', 'play_state'], payload.state, 'room_state.state');
    assertPosition(payload.state.position);
  }
  if (message.type === 'player_event') {
    assert.ok(Number.isSafeInteger(payload.target_server_ts));
    assertPosition(payload.position);
  }
  if (message.type === 'state_update') assertPosition(payload.position);
  if (message.type === 'error') assert.match(payload.code, /^[A-Z]+(_[A-Z]+)*$/);
}

function assertPosition(position: unknown): void {
  assert.ok(typeof position === 'number' && position >= 0 && position <= 86_400, `${position}`);
}

export class Server {
  readonly log: string[] = [];
  readonly address: string;
  private readonly process: ChildProcess;

  private constructor(process: ChildProcess, address: string) {
    this.process = process;
    this.address = address;
  }

  /** `before` stands before the program on the command line, such as `prlimit` with its options. */
  static async start(flags: string[] = [], environment: NodeJS.ProcessEnv = {}, before: string[] = []): Promise<Server> {
    const [program, ...rest] = [...before, binary, '--host', '127.0.0.1', '--port', '0', ...flags];
    const process_ = spawn(program!, rest, {
      // Rooms and those in them on different threads, however few cores there are
      env: { PATH: process.env['PATH'], OWP_THREADS: '2', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const address = await new Promise<string>((resolve, reject) => {
      const look = (chunk: Buffer): void => {
        output += chunk.toString();
        const found = /Listening on (https?:\/\/\S+)/.exec(output);
        if (found) resolve(found[1]!.replace(/\/$/, ''));
      };
      process_.stdout.on('data', look);
      process_.stderr.on('data', look);
      process_.once('error', reject);
      process_.once('exit', (code) => reject(new Error(`server ended with ${code}: ${output}`)));
    });
    return Server.of(process_, address, output);
  }

  /** A server that was started otherwise; what it has said so far is known already. */
  static of(process_: ChildProcess, address: string, said: string): Server {
    const server = new Server(process_, address);
    server.log.push(said);
    process_.stderr!.on('data', (chunk: Buffer) => server.log.push(chunk.toString()));
    process_.stdout!.on('data', (chunk: Buffer) => server.log.push(chunk.toString()));
    return server;
  }

  get pid(): number {
    return this.process.pid!;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Ends it and answers the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.running) return this.process.exitCode;
    this.process.kill(signal);
    const [code] = await once(this.process, 'exit');
    return code as number | null;
  }
}

/** What a server has written comes a moment after it has done it. */
export async function untilLogged(server: Server, wanted: RegExp): Promise<void> {
  for (const until = Date.now() + 5_000; !wanted.test(server.log.join(''));) {
    assert.ok(Date.now() < until, `not logged: ${wanted}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export class Peer {
  private readonly inbox: Message[] = [];
  private readonly waiters = new Set<() => void>();
  private readonly name: string;
  private readonly strict: boolean;
  readonly socket: WebSocket;
  closed: { code: number; reason: string } | undefined;
  clientId = '';

  private constructor(socket: WebSocket, name: string, strict: boolean) {
    this.socket = socket;
    this.name = name;
    this.strict = strict;
    socket.addEventListener('message', (event) => {
      this.inbox.push(JSON.parse(event.data as string) as Message);
      this.wake();
    });
    socket.addEventListener('close', (event) => {
      this.closed = { code: event.code, reason: event.reason };
      this.wake();
    });
  }

  static async connect(
    server: { readonly address: string },
    options: { name?: string; origin?: string; headers?: Record<string, string>; strict?: boolean; hello?: boolean } = {},
  ): Promise<Peer> {
    const headers = { ...options.headers, ...(options.origin ? { Origin: options.origin } : {}) };
    const url = `${server.address.replace('http', 'ws')}/ws`;
    const socket = new WebSocket(url, { headers } as never);
    const peer = new Peer(socket, options.name ?? 'peer', options.strict ?? true);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve(), { once: true });
      socket.addEventListener('error', () => reject(new Error('refused')), { once: true });
    });
    if (options.hello ?? true) peer.clientId = (await peer.next('client_hello')).payload.client_id;
    return peer;
  }

  send(type: string, payload: unknown = {}, extra: Json = {}): void {
    this.socket.send(JSON.stringify({ type, payload, ts: Date.now(), ...extra }));
  }

  /** The next message of this type; others before it stay for later. */
  async next(type: string, wanted: (message: Message) => boolean = () => true): Promise<Message> {
    return this.waitFor(() => {
      const index = this.inbox.findIndex((m) => m.type === type && wanted(m));
      if (index < 0) return undefined;
      const [message] = this.inbox.splice(index, 1);
      if (this.strict) assertStrictV1(message!);
      return message;
    }, `${this.name} waits for ${type}`);
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    return this.waitFor(() => this.closed, `${this.name} waits for the close`, 20_000);
  }

  /** All that has arrived until the server answered a ping: what was sent before it is among it. */
  async barrier(): Promise<Message[]> {
    const mark = `${Math.random()}`;
    this.send('ping', { client_ts: 1, mark });
    await this.next('pong', (m) => m.payload.mark === mark);
    const all = this.inbox.splice(0);
    if (this.strict) all.forEach(assertStrictV1);
    return all;
  }

  async create(options: Json = {}): Promise<string> {
    this.send('create_room', { start_pos: 0, ...options });
    return (await this.next('room_state')).room!;
  }

  async join(room: string, options: Json = {}): Promise<Message> {
    this.send('join_room', options, { room });
    return this.next('room_state', (m) => m.room === room);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.socket.close();
    await this.untilClosed();
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }

  private async waitFor<T>(look: () => T | undefined, what: string, ms = 8_000): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => finish(() => reject(new Error(`${what}: nothing in ${ms} ms; has ${JSON.stringify(this.inbox.map((m) => m.type))}`))), ms);
      const finish = (end: () => void): void => {
        clearTimeout(timer);
        this.waiters.delete(attempt);
        end();
      };
      const attempt = (): void => {
        try {
          const found = look();
          if (found !== undefined) finish(() => resolve(found));
          else if (this.closed && what.indexOf('close') < 0)
            finish(() => reject(new Error(`${what}: closed with ${JSON.stringify(this.closed)}`)));
        } catch (error) {
          finish(() => reject(error as Error));
        }
      };
      this.waiters.add(attempt);
      attempt();
    });
  }
}

const base64url = (value: string | Buffer): string => Buffer.from(value).toString('base64url');

/** A token as the plugin makes them; `claims` replaces or (undefined) removes, `header` likewise. */
export function mintToken(secret: string, claims: Json = {}, header: Json = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const body = {
    sub: 'user-1', name: 'Alice', aud: 'OpenWatchParty', iss: 'Jellyfin',
    iat: now, exp: now + 3600, jti: `${Math.random()}`, ...claims,
  };
  const signed = `${base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT', ...header }))}.${base64url(JSON.stringify(body))}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
