// The client's half of codecs_fuzz: a process that tells over its pipes what the client's codec makes of
// a text. A request is its length (32 bits, little endian), a letter for the question, and the text; so is
// the answer, without a letter. tools/fuzz bundles this with the client's sources.
import { isUtf8 } from 'node:buffer';
import { readSync, writeSync } from 'node:fs';
import { decodeServerMessage, encodeClientMessage } from '../../../client/src/protocol/codec';
import type { ClientMessage } from '../../../client/src/protocol/messages';
import { camelCased, type JsonObject } from '../../../client/tests/protocol/vectors';

/** What is beyond a limit of ours (P-JSON-2, 3 and 5, lone surrogates), or near enough not to tell at a glance. */
function isDoubtful(text: string): boolean {
  const many = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return many(/[[{]/g) > 32 || many(/:/g) > 64 || /\\u[dD][89a-fA-F]/.test(text) || /[eE]\+?\d{3}|[eE]-\d{10}|\d{300}/.test(text);
}

/**
 * Is a key written with a backslash? After `{"\\":1}` V8 takes `{"\"":1}` for the same, since it compares the text with the
 * keys of objects before (Node.js 24.21). Our own code never writes such a key, and asks for none.
 */
function hasEscapedKey(text: string): boolean {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?/gs)].some(
    ([, key, colon]) => colon !== undefined && key!.includes('\\'),
  );
}

/**
 * `!` and the value of a JSON text, or `?` and the value if the server may refuse it; no value where V8 is not to be
 * believed; of no JSON, nothing.
 */
function parsed(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) return '';
  if (hasEscapedKey(text)) return '?';
  try {
    return (isDoubtful(text) ? '?' : '!') + JSON.stringify(JSON.parse(text));
  } catch {
    return '';
  }
}

/** The frame of a message as the vectors write it, but for the payload of a ping, an object here. */
function frame({ payload, ts, ...fields }: JsonObject): string {
  const message = camelCased({ ...fields, ...(payload as JsonObject) }) as unknown;
  return encodeClientMessage(message as ClientMessage, Number(ts));
}

const questions: Record<string, (bytes: Buffer) => string> = {
  p: parsed,
  e: (bytes) => frame(JSON.parse(bytes.toString('utf8')) as JsonObject),
  d: (bytes) => JSON.stringify(decodeServerMessage(bytes.toString('utf8'))),
};

/** The next so many bytes; null at the end of the input. */
function read(length: number): Buffer | null {
  const bytes = Buffer.alloc(length);
  for (let have = 0; have < length; ) {
    const got = readSync(0, bytes, have, length - have, null);
    if (got === 0) return null;
    have += got;
  }
  return bytes;
}

function write(bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done);
}

for (let head = read(5); head !== null; head = read(5)) {
  const text = read(head.readUInt32LE(0));
  if (text === null) break;
  const answer = Buffer.from(questions[head.toString('latin1', 4)]!(text), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(answer.length);
  write(Buffer.concat([length, answer]));
}
