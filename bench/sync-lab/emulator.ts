// The network, as a process of its own: a TCP relay for each member that delays what passes as the
// member's network would. Started by network.ts, told what to do by messages of its parent.
//
// A piece of the stream leaves at  max(the one before it, arrival + delay + jitter + retransmission):
// order is kept and a lost segment holds up all behind it, as in TCP. A loss inside a burst is
// repaired by fast retransmission, one round trip later; one in a lone message waits for the timer,
// at least 200 ms (RFC 6298 as Linux has it).
//
// Timers of Node are late by a millisecond and more, which would be the whole of `lan`. So the last
// stretch is spun, and how late pieces left all the same is counted and reported.
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setPriority } from 'node:os';
import type { Profile } from './profiles.ts';
import { seededRandom } from './random.ts';

/** What the parent asks for; the answer carries the same `id`. */
export type Request =
  | {
      readonly id: number;
      readonly ask: 'relay';
      readonly target: string;
      readonly network: Profile;
      readonly seed: number;
    }
  | { readonly id: number; readonly ask: 'starve'; readonly port: number; readonly on: boolean }
  | { readonly id: number; readonly ask: 'lateness' };

export interface Lateness {
  readonly pieces: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const segmentBytes = 1_448;
const retransmissionTimerMs = 200;
/** From here on a wait is spun. */
const spinMs = 1.5;
/** More than this on its way, and the sender is paused: a path does not hold a whole film. */
const onTheWayMaxBytes = 4 << 20;

interface Piece {
  readonly dueMs: number;
  readonly bytes: Buffer;
}

const lateness: number[] = [];
const pending = new Set<Way>();
let timer: NodeJS.Timeout | undefined;
/** What the timer waits for. */
let armedForMs = Infinity;
let spinning = false;

/** One direction of one connection. */
class Way {
  held = false;
  private readonly queue: Piece[] = [];
  private readonly from: Socket;
  private readonly to: Socket;
  private queuedBytes = 0;
  private ended = false;

  /** `delayMs`: what a piece of so many bytes takes, retransmission included. */
  constructor(
    from: Socket,
    to: Socket,
    delayMs: (bytes: number) => number,
    onBytes: (bytes: Buffer) => void,
  ) {
    this.from = from;
    this.to = to;
    let lastDueMs = 0;
    from.on('data', (bytes: Buffer) => {
      onBytes(bytes);
      lastDueMs = Math.max(lastDueMs, performance.now() + delayMs(bytes.length));
      this.queue.push({ dueMs: lastDueMs, bytes });
      this.queuedBytes += bytes.length;
      if (this.waitingBytes > onTheWayMaxBytes) from.pause();
      pending.add(this);
      schedule(lastDueMs);
    });
    to.on('drain', () => from.resume());
    from.on('end', () => {
      this.ended = true;
      if (this.queue.length === 0) to.end();
    });
  }

  /** On its way, or left and not taken by the receiver. */
  private get waitingBytes(): number {
    return this.queuedBytes + this.to.writableLength;
  }

  /** Sends what is due; answers when to look again. */
  flush(): number {
    for (;;) {
      const piece = this.queue[0];
      if (!piece || this.held) return Infinity;
      const lateMs = performance.now() - piece.dueMs;
      if (lateMs < 0) return piece.dueMs;
      this.queue.shift();
      lateness.push(lateMs);
      this.queuedBytes -= piece.bytes.length;
      if (!this.to.destroyed) this.to.write(piece.bytes);
      if (this.from.isPaused() && this.waitingBytes < onTheWayMaxBytes / 2) this.from.resume();
      if (this.ended && this.queue.length === 0) this.to.end();
    }
  }
}

/** How long `network` takes for a piece of so many bytes, one way. */
function delayOf(network: Profile, share: number, random: () => number): (bytes: number) => number {
  const { roundTripMs, jitterMs, loss } = network;
  return (bytes) => {
    const segments = Math.ceil(bytes / segmentBytes);
    const delayMs = share * (roundTripMs + jitterMs * (2 * random() - 1));
    if (random() >= 1 - (1 - loss) ** segments) return delayMs;
    const isBurst = segments >= 4;
    return delayMs + (isBurst ? roundTripMs : Math.max(retransmissionTimerMs, 2 * roundTripMs));
  };
}

/** Sees to it that pass() runs at `dueMs`, or before. */
function schedule(dueMs: number): void {
  if (spinning || dueMs >= armedForMs) return;
  clearTimeout(timer);
  const waitMs = dueMs - performance.now();
  if (waitMs > spinMs) {
    armedForMs = dueMs;
    timer = setTimeout(pass, Math.floor(waitMs - spinMs));
    return;
  }
  spinning = true;
  setImmediate(pass);
}

function pass(): void {
  spinning = false;
  armedForMs = Infinity;
  let nextMs = Infinity;
  for (const way of pending) {
    const dueMs = way.flush();
    if (dueMs === Infinity) pending.delete(way);
    nextMs = Math.min(nextMs, dueMs);
  }
  if (nextMs < Infinity) schedule(nextMs);
}

interface Relay {
  readonly server: Server;
  /** The ways to the member; all but those of WebSockets can be starved. */
  readonly toMember: Map<Way, { isSocket: boolean; readonly member: Socket }>;
  starved: boolean;
}
const relays = new Map<number, Relay>();

async function relay(target: string, network: Profile, seed: number): Promise<number> {
  const { hostname, port } = new URL(target);
  const random = seededRandom(seed);
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  const it: Relay = { server, toMember: new Map(), starved: false };
  server.on('connection', (inner) => {
    const outer = connect({
      port: Number(port),
      host: hostname,
      noDelay: true,
      allowHalfOpen: true,
    });
    const kind = { isSocket: false, member: inner };
    const [up, down] = [network.upShare, 1 - network.upShare];
    new Way(inner, outer, delayOf(network, up, random), (bytes) => {
      if (bytes.subarray(0, 32).toString('latin1').includes('/ws')) kind.isSocket = true;
    });
    const back = new Way(outer, inner, delayOf(network, down, random), () => {
      back.held = it.starved && !kind.isSocket;
    });
    it.toMember.set(back, kind);
    inner.on('close', () => it.toMember.delete(back));
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroySoon());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = (server.address() as AddressInfo).port;
  relays.set(at, it);
  return at;
}

/** Holds everything for that member but its WebSocket: pictures stop, the party goes on. What is under
 * way is broken off, as the kernel holds megabytes of it; the browser asks again and then waits. */
function starve(port: number, on: boolean): void {
  const it = relays.get(port);
  if (!it) throw new Error(`no relay at ${port}`);
  it.starved = on;
  for (const [way, { isSocket, member }] of it.toMember) {
    way.held = on && !isSocket;
    if (way.held) member.resetAndDestroy();
    if (!on) pending.add(way);
  }
  if (!on) schedule(performance.now());
}

function summary(): Lateness {
  const sorted = lateness.splice(0).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    pieces: sorted.length,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: at(1),
  };
}

async function answer(request: Request): Promise<unknown> {
  if (request.ask === 'relay') return relay(request.target, request.network, request.seed);
  if (request.ask === 'starve') return starve(request.port, request.on);
  return summary();
}

try {
  setPriority(-20); // so that busy browsers do not make the network late
} catch {
  // not allowed here: then the lateness tells
}
process.on('message', (request: Request) => {
  void answer(request).then((value) => process.send?.({ id: request.id, value }));
});
// The parent is gone: nothing to relay for.
process.on('disconnect', () => process.exit(0));
