// A TCP connection to a server under test that sends exactly the bytes it is told to, and reads what
// comes back: HTTP responses, and WebSocket frames, each of which is held to what RFC 6455 asks of a
// server's frames.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface Response {
  status: number;
  headers: Map<string, string[]>; // names in small letters
  body: string;
}

export interface Frame {
  opcode: number;
  fin: boolean;
  payload: Buffer;
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameOptions {
  fin?: boolean;
  rsv?: number; // 4: RSV1, 2: RSV2, 1: RSV3
  mask?: Buffer | undefined; // undefined: not masked at all
  lengthBytes?: 1 | 2 | 8; // of the extended length, though fewer would do
  length?: bigint; // claimed instead of the payload's
}

/** A frame as a client sends it, or as none may. */
export function frame(opcode: number, payload: string | Buffer = '', options: FrameOptions = {}): Buffer {
  const bytes = Buffer.from(payload);
  const { fin = true, rsv = 0, length = BigInt(bytes.length) } = options;
  const mask = 'mask' in options ? options.mask : randomBytes(4);
  const lengthBytes = options.lengthBytes ?? (length < 126n ? 1 : length < 65_536n ? 2 : 8);
  const header = Buffer.alloc(lengthBytes === 1 ? 2 : 2 + lengthBytes);
  header[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  header[1] = (mask ? 0x80 : 0) | (lengthBytes === 1 ? Number(length) : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) header.writeUInt16BE(Number(length), 2);
  if (lengthBytes === 8) header.writeBigUInt64BE(length, 2);
  if (!mask) return Buffer.concat([header, bytes]);
  return Buffer.concat([header, mask, bytes.map((byte, i) => byte ^ mask[i % 4]!)]);
}

/** The payload of a close frame. */
export function closing(code: number, reason: string | Buffer = ''): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return Buffer.concat([bytes, Buffer.from(reason)]);
}

export class RawPeer {
  private received = Buffer.alloc(0);
  private readonly socket: Socket;
  private wake = (): void => {};
  ended = false; // the server has ended its side properly
  broken = false; // reset
  waitMs = 5_000; // for anything that has to come

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.wake();
    });
    socket.on('end', () => {
      this.ended = true;
      this.wake();
    });
    socket.on('error', () => {
      this.broken = true;
      this.wake();
    });
  }

  static async connect(port: number): Promise<RawPeer> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawPeer(socket);
  }

  write(bytes: string | Buffer): void {
    if (!this.broken) this.socket.write(bytes);
  }
  endSending(): void {
    this.socket.end();
  }
  destroy(): void {
    this.socket.destroy();
  }

  /** The next response, or undefined: the connection ended before one. */
  async response(toHead = false): Promise<Response | undefined> {
    const head = await this.until(() => {
      const end = this.received.indexOf('\r\n\r\n');
      return end < 0 ? undefined : this.take(end + 4).toString('latin1');
    });
    if (head === undefined) return undefined;
    const [statusLine, ...lines] = head.trimEnd().split('\r\n');
    const status = /^HTTP\/1\.1 ([1-5]\d\d) /.exec(statusLine!);
    assert.ok(status, `no status line: ${statusLine}`);
    const headers = new Map<string, string[]>();
    for (const line of lines) {
      const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
      assert.ok(field, `no header field: ${line}`);
      const name = field[1]!.toLowerCase();
      headers.set(name, [...(headers.get(name) ?? []), field[2]!]);
    }
    const code = Number(status[1]);
    const length = Number(headers.get('content-length')?.[0] ?? 0);
    const bodyless = toHead || code < 200 || code === 204 || code === 304;
    const chunked = headers.has('transfer-encoding'); // a reference's empty answer
    const body = await this.until(() => {
      if (bodyless) return Buffer.alloc(0);
      const end = chunked ? this.received.indexOf('0\r\n\r\n') + 5 : length;
      return end < 5 && chunked ? undefined : this.received.length < end ? undefined : this.take(end);
    });
    return { status: code, headers, body: body?.toString() ?? '' };
  }

  /** The next frame, or undefined: the connection ended before one. */
  async frame(): Promise<Frame | undefined> {
    return this.until(() => {
      const { received } = this;
      if (received.length < 2) return undefined;
      const [first, second] = [received[0]!, received[1]!];
      assert.equal(first & 0x70, 0, '§5.2: reserved bits without an extension');
      assert.equal(second & 0x80, 0, '§5.1: a server must not mask');
      const small = second & 0x7f;
      const header = small < 126 ? 2 : small === 126 ? 4 : 10;
      if (received.length < header) return undefined;
      const length = small < 126 ? small : small === 126 ? received.readUInt16BE(2) : Number(received.readBigUInt64BE(2));
      assert.ok(small < 126 || length >= (small === 126 ? 126 : 65_536), '§5.2: the shortest length must be used');
      const opcode = first & 0x0f;
      const fin = first >= 0x80;
      assert.ok(Object.values(opcodes).some((known) => known === opcode), `§5.2: opcode ${opcode}`);
      assert.ok(opcode < 8 || (fin && length <= 125), '§5.5: a control frame is short and whole');
      if (received.length < header + length) return undefined;
      this.take(header);
      return { opcode, fin, payload: Buffer.from(this.take(length)) };
    });
  }

  /** Waits for the server's end; what still comes is an error. */
  async untilEnd(): Promise<void> {
    await this.until(() => (this.received.length > 0 ? true : undefined));
    assert.equal(this.received.length, 0, `and then came ${JSON.stringify(this.received.toString('latin1').slice(0, 80))}`);
  }

  private take(count: number): Buffer {
    const taken = this.received.subarray(0, count);
    this.received = this.received.subarray(count);
    return taken;
  }

  private async until<T>(look: () => T | undefined): Promise<T | undefined> {
    const giveUp = Date.now() + this.waitMs;
    for (;;) {
      const found = look();
      if (found !== undefined || this.ended || this.broken) return found;
      const left = giveUp - Date.now();
      if (left <= 0) throw new Error(`nothing more in ${this.waitMs} ms, after ${this.received.length} bytes`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => (clearTimeout(timer), resolve());
      });
    }
  }
}
