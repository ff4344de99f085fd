// RFC 6455's frames, as a table: what is sent to an open WebSocket, and what a server must make of it.
import { closing, frame, opcodes, type FrameOptions } from './raw_peer.ts';
import type { Row } from './subjects.ts';

/** Bytes to send, or a wait for the server's pong before the next. */
export type Step = Buffer | 'pong';

export interface FrameRow extends Row {
  sends: Step[];
  /** What is said back, and with what payloads pings are answered; then the connection must be as good as new. */
  answers?: string[];
  pongs?: string[];
  /** The connection ends with one of these codes ('none': a close frame without). */
  closes?: (number | 'none')[];
}

/** A message whose answer carries what it said, from an echo and from our server alike. */
export const message = (said: string | Buffer): Buffer => Buffer.concat([Buffer.from('{"type":"ping","ts":1,"payload":{"said":"'), Buffer.from(said), Buffer.from('"}}')]);

const { continuation, text, binary, close, ping, pong } = opcodes;
const say = (said: string | Buffer, options?: FrameOptions): Buffer => frame(text, message(said), options);
/** A message in fragments that are cut at these places of what is said, counted in bytes. */
function fragments(said: string | Buffer, ...cuts: number[]): Buffer[] {
  const all = message(said);
  const start = all.indexOf(Buffer.from('said":"')) + 7;
  const ends = [...cuts.map((cut) => start + cut), all.length];
  return ends.map((end, i) => frame(i === 0 ? text : continuation, all.subarray(ends[i - 1] ?? 0, end), { fin: i === ends.length - 1 }));
}
const each = <T>(values: T[], row: (value: T) => FrameRow): FrameRow[] => values.map(row);
const first = (said: string): Buffer => frame(text, message(said).subarray(0, 20), { fin: false });

const messageMax = 65_536;
/** A message that says 'long', of that many bytes: what fills it is not said back by us. */
const long = (bytes: number): string => {
  const [head, tail] = ['{"fill":"', `",${message('long').toString().slice(1)}`];
  return head + 'x'.repeat(bytes - head.length - tail.length) + tail;
};
const ok = 'Grüße, κόσμε 🎬';
const invalid: [string, Buffer][] = [
  ['a lone continuation byte', Buffer.from([0x80])],
  ['an overlong slash', Buffer.from([0xc0, 0xaf])],
  ['an overlong NUL', Buffer.from([0xe0, 0x80, 0x80])],
  ['a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
  ['a pair of surrogates', Buffer.from([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80])],
  ['beyond U+10FFFF', Buffer.from([0xf4, 0x90, 0x80, 0x80])],
  ['a sequence of five', Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80])],
  ['0xFE', Buffer.from([0xfe])],
  ['a sequence that breaks off', Buffer.from([0xe2, 0x82, 0x41])],
];
const laterCheck = 'it looks when the message or the character is whole';
const noMinimum = 'it takes a length in more bytes than it needs';

export const frameRows: FrameRow[] = [
  // ---- messages
  { section: '§5.6', title: 'a text is taken', sends: [say('hello')], answers: ['hello'] },
  { section: '§5.6', title: 'text in several alphabets', sends: [say(ok)], answers: [ok] },
  { section: '§5.2', title: 'two messages in one segment', sends: [Buffer.concat([say('one'), say('two')])], answers: ['one', 'two'] },
  { section: '§5.2', title: 'a message byte by byte', sends: [...say('slow')].map((byte) => Buffer.from([byte])), answers: ['slow'] },
  { section: '§5.3', title: 'a mask of zeros', sends: [say('plain', { mask: Buffer.alloc(4) })], answers: ['plain'] },
  { section: '§5.3', title: 'a mask of ones', sends: [say('inverted', { mask: Buffer.alloc(4, 0xff) })], answers: ['inverted'] },
  ...each([125, 126, 127, 65_535, messageMax], (bytes) => ({ section: '§5.2', title: `a message of ${bytes} bytes`, sends: [frame(text, long(bytes))], answers: ['long'] })),
  { section: '§5.1', title: 'a message that is not masked', sends: [say('bare', { mask: undefined })], closes: [1002] },
  { section: '§5.1', title: 'a ping that is not masked', sends: [frame(ping, 'bare', { mask: undefined })], closes: [1002] },
  { section: '§5.1', title: 'a close that is not masked', sends: [frame(close, closing(1000), { mask: undefined })], closes: [1002] },

  // ---- reserved bits, opcodes, lengths
  ...each([1, 2, 3, 4, 5, 6, 7], (rsv) => ({ section: '§5.2', title: `reserved bits ${rsv} of a text`, sends: [say('x', { rsv })], closes: [1002] })),
  ...each([1, 2, 4], (rsv) => ({ section: '§5.2', title: `reserved bits ${rsv} of a ping`, sends: [frame(ping, '', { rsv })], closes: [1002] })),
  ...each([1, 2, 4], (rsv) => ({ section: '§5.2', title: `reserved bits ${rsv} of a continuation`, sends: [first('x'), frame(continuation, '', { rsv })], closes: [1002] })),
  ...each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15], (opcode) => ({ section: '§5.2', title: `opcode ${opcode}`, sends: [frame(opcode, 'x')], closes: [1002] })),
  { section: '§5.2', title: 'a length of two bytes where none was needed', sends: [say('x', { lengthBytes: 2 })], closes: [1002], differs: { ws: noMinimum, websockets: noMinimum } },
  { section: '§5.2', title: 'a length of eight bytes where none was needed', sends: [say('x', { lengthBytes: 8 })], closes: [1002], differs: { ws: noMinimum, websockets: noMinimum } },
  { section: '§5.2', title: 'a length with its top bit set', sends: [frame(text, '', { length: 1n << 63n, lengthBytes: 8 })], closes: [1002, 1009] },
  { section: '§10.4', title: 'a length that nobody could hold, known from the header alone', sends: [frame(text, '', { length: 1n << 62n, lengthBytes: 8 })], closes: [1009] },
  { section: '§10.4', title: 'a message above the limit', sends: [frame(text, long(messageMax + 1))], closes: [1009] },
  { section: '§10.4', title: 'fragments that together are above the limit', sends: [frame(text, long(60_000), { fin: false }), frame(continuation, 'x'.repeat(6_000))], closes: [1009] },
  { section: '§10.4', title: 'many empty fragments stay one message', sends: [first('many'), ...Array.from({ length: 500 }, () => frame(continuation, '', { fin: false })), frame(continuation, message('many').subarray(20))], answers: ['many'] },

  // ---- fragmentation
  { section: '§5.4', title: 'two fragments', sends: fragments('in two', 3), answers: ['in two'] },
  { section: '§5.4', title: 'an empty first fragment', sends: [frame(text, '', { fin: false }), frame(continuation, message('late'))], answers: ['late'] },
  { section: '§5.4', title: 'an empty last fragment', sends: [say('early', { fin: false }), frame(continuation)], answers: ['early'] },
  { section: '§5.4', title: 'a fragment for each byte', sends: fragments('bytewise', 1, 2, 3, 4, 5, 6, 7), answers: ['bytewise'] },
  { section: '§5.4', title: 'a ping between fragments is answered before the message ends', sends: [fragments('torn', 2)[0]!, frame(ping, 'between'), 'pong', fragments('torn', 2)[1]!], pongs: ['between'], answers: ['torn'] },
  { section: '§5.4', title: 'a pong between fragments', sends: [fragments('torn', 2)[0]!, frame(pong, 'unasked'), fragments('torn', 2)[1]!], answers: ['torn'] },
  { section: '§5.5.1', title: 'a close between fragments', sends: [first('never'), frame(close, closing(1000))], closes: [1000] },
  { section: '§5.4', title: 'a continuation of nothing', sends: [frame(continuation, 'x')], closes: [1002] },
  { section: '§5.4', title: 'a continuation that would go on, of nothing', sends: [frame(continuation, 'x', { fin: false })], closes: [1002] },
  { section: '§5.4', title: 'a continuation behind the last fragment', sends: [...fragments('done', 2), frame(continuation, 'more')], closes: [1002] },
  { section: '§5.4', title: 'a new text inside of a message', sends: [first('x'), say('intruder')], closes: [1002] },
  { section: '§5.4', title: 'a new binary inside of a message', sends: [first('x'), frame(binary, 'intruder')], closes: [1002] },
  { section: '§5.4', title: 'a ping in fragments', sends: [frame(ping, 'a', { fin: false }), frame(continuation, 'b')], closes: [1002] },
  { section: '§5.4', title: 'a pong in fragments', sends: [frame(pong, 'a', { fin: false }), frame(continuation, 'b')], closes: [1002] },
  { section: '§5.4', title: 'a close in fragments', sends: [frame(close, closing(1000), { fin: false })], closes: [1002] },

  // ---- ping and pong
  { section: '§5.5.2', title: 'an empty ping', sends: [frame(ping)], pongs: [''] },
  { section: '§5.5.2', title: 'a ping of text', sends: [frame(ping, 'hello')], pongs: ['hello'] },
  { section: '§5.5.2', title: 'a ping of any bytes', sends: [frame(ping, Buffer.from([0, 255, 254, 128]))], pongs: [Buffer.from([0, 255, 254, 128]).toString('latin1')] },
  { section: '§5.5', title: 'a ping of 125 bytes', sends: [frame(ping, 'p'.repeat(125))], pongs: ['p'.repeat(125)] },
  { section: '§5.5', title: 'a ping of 126 bytes', sends: [frame(ping, 'p'.repeat(126))], closes: [1002] },
  { section: '§5.5', title: 'a pong of 126 bytes', sends: [frame(pong, 'p'.repeat(126))], closes: [1002] },
  { section: '§5.5.2', title: 'ten pings at once, in order', sends: [Buffer.concat(Array.from({ length: 10 }, (_, i) => frame(ping, `${i}`)))], pongs: Array.from({ length: 10 }, (_, i) => `${i}`) },
  { section: '§5.5.2', title: 'a ping byte by byte', sends: [...frame(ping, 'slow')].map((byte) => Buffer.from([byte])), pongs: ['slow'] },
  { section: '§5.5.3', title: 'a pong that nobody asked for', sends: [frame(pong, 'unasked')] },

  // ---- text that is none
  ...each(invalid, ([title, bytes]) => ({ section: '§8.1', title, sends: [say(bytes)], closes: [1007] })),
  { section: '§8.1', title: 'a message that ends inside of a character', sends: [frame(text, Buffer.from([0x61, 0xe2, 0x82]))], closes: [1007] },
  ...each([1, 2, 3], (cut) => ({ section: '§5.6', title: `a character of four bytes cut after ${cut}`, sends: fragments('🎬', cut), answers: ['🎬'] })),
  { section: '§8.1', title: 'a cut character whose rest is none', sends: [frame(text, Buffer.from([0xe2, 0x82]), { fin: false }), frame(continuation, 'A')], closes: [1007] },
  { section: '§8.1', title: 'a cut character with nothing behind it', sends: [frame(text, Buffer.from([0xe2, 0x82]), { fin: false }), frame(continuation)], closes: [1007] },
  { section: '§8.1', title: 'invalid bytes are found before the message ends', sends: [frame(text, Buffer.from([0xce, 0xba, 0xff]), { fin: false })], closes: [1007], differs: { ws: laterCheck } },
  { section: '§8.1', title: 'a start that no rest can save is found before the message ends', sends: [frame(text, Buffer.from([0xed, 0xa0]), { fin: false })], closes: [1007], differs: { ws: laterCheck, websockets: laterCheck } },

  // ---- binary
  { section: '§7.4.1', title: 'binary, which our protocol does not have', sends: [frame(binary, 'x')], closes: [1003], oursOnly: true },
  { section: '§7.4.1', title: 'binary in fragments', sends: [frame(binary, 'x', { fin: false }), frame(continuation, 'y')], closes: [1003], oursOnly: true },

  // ---- closing
  { section: '§5.5.1', title: 'a close without a code', sends: [frame(close)], closes: ['none', 1000, 1005] as (number | 'none')[] },
  { section: '§5.5.1', title: 'a close with a reason', sends: [frame(close, closing(1000, 'goodbye, κόσμε'))], closes: [1000] },
  { section: '§5.5.1', title: 'a close of 125 bytes', sends: [frame(close, closing(1000, 'r'.repeat(123)))], closes: [1000] },
  { section: '§5.5', title: 'a close of 126 bytes', sends: [frame(close, closing(1000, 'r'.repeat(124)))], closes: [1002] },
  { section: '§5.5.1', title: 'a close of one byte', sends: [frame(close, Buffer.from([3]))], closes: [1002] },
  { section: '§5.5.1', title: 'a reason that is no text', sends: [frame(close, closing(1000, Buffer.from([0xff, 0xfe])))], closes: [1002, 1007] },
  { section: '§5.5.1', title: 'nothing is answered behind a close', sends: [Buffer.concat([frame(close, closing(1000)), say('too late'), frame(ping, 'too late')])], closes: [1000] },
  { section: '§5.5.1', title: 'a second close is not answered', sends: [Buffer.concat([frame(close, closing(1000)), frame(close, closing(1001))])], closes: [1000] },
  { section: '§7.1.7', title: 'nothing is answered behind a violation', sends: [Buffer.concat([frame(3), say('too late'), frame(ping, 'too late')])], closes: [1002] },
  ...each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999], (code) => ({ section: '§7.4', title: `code ${code} is answered in kind`, sends: [frame(close, closing(code))], closes: [code, 1000] })),
  ...each([0, 1, 999, 1004, 1005, 1006, 1015], (code) => ({ section: '§7.4', title: `code ${code} must not be sent`, sends: [frame(close, closing(code))], closes: [1002] })),
  ...each([1016, 1100, 2000, 2999], (code) => ({ section: '§7.4.2', title: `code ${code} is nobody's yet`, sends: [frame(close, closing(code))], closes: [1002] })),
];
