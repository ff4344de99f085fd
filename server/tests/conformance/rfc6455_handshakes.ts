// RFC 6455's opening handshake, as a table: requests, and what a server must make of them.
import type { Row } from './subjects.ts';

export interface HandshakeRow extends Row {
  /** Header fields instead of the good ones; null takes one away, a list sends it more than once. */
  fields?: Record<string, string | string[] | null>;
  requestLine?: string;
  behind?: string; // bytes that follow the head at once
  expects: number[]; // any of these statuses
  answer?: Record<string, string | null>; // fields of the response, of a list its first; null: must not be there
}

// RFC 6455 §1.3's own example
export const goodFields: Record<string, string> = {
  Host: 'server.example',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
};
const accepted = { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' };
const keyOf = (bytes: number): string => Buffer.alloc(bytes, 7).toString('base64');

export function requestOf(row: Pick<HandshakeRow, 'fields' | 'requestLine' | 'behind'>): string {
  const fields = { ...goodFields, ...row.fields };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === null ? [] : [value].flat().map((one) => `${name}: ${one}\r\n`),
  );
  return `${row.requestLine ?? 'GET /ws HTTP/1.1'}\r\n${lines.join('')}\r\n${row.behind ?? ''}`;
}

const plainThen = 'without an upgrade the request is plain HTTP, and the application\'s';
const asFrames = 'it takes what follows for frames';

export const handshakes: HandshakeRow[] = [
  { section: '§4.2.2', title: "the RFC's own example", expects: [101], answer: accepted },
  { section: '§4.2.2', title: 'no protocol is chosen that was not offered', expects: [101], answer: { 'sec-websocket-protocol': null } },
  { section: '§4.2.2', title: 'an offered protocol that it does not know is not chosen', fields: { 'Sec-WebSocket-Protocol': 'soap, wamp' }, expects: [101], answer: { 'sec-websocket-protocol': null }, differs: { ws: 'without a handler it chooses the first that is offered' } },
  { section: '§9.1', title: 'no extension is chosen that was not offered', expects: [101], answer: { 'sec-websocket-extensions': null } },
  { section: '§9.1', title: 'an unknown extension is ignored', fields: { 'Sec-WebSocket-Extensions': 'x-unknown; a=1' }, expects: [101], answer: { 'sec-websocket-extensions': null } },
  { section: '§9.1', title: 'compression may be declined', fields: { 'Sec-WebSocket-Extensions': 'permessage-deflate' }, expects: [101], answer: { 'sec-websocket-extensions': null } },
  { section: '§4.2.1', title: 'names of fields in any case', fields: { Upgrade: null, UPGRADE: 'websocket', Connection: null, connection: 'Upgrade' }, expects: [101], answer: accepted },
  { section: '§4.2.1', title: 'Upgrade in any case', fields: { Upgrade: 'WebSocket' }, expects: [101], answer: accepted },
  { section: '§4.2.1', title: 'Connection in any case, among others', fields: { Connection: 'keep-alive, UPGRADE' }, expects: [101] },
  { section: '§4.2.1', title: 'Connection on two lines', fields: { Connection: ['keep-alive', 'Upgrade'] }, expects: [101] },
  { section: '§4.2.1', title: 'unknown fields are ignored', fields: { 'X-Anything': 'goes', Cookie: 'a=b' }, expects: [101] },
  { section: '§4.2.1', title: 'the key in white space', fields: { 'Sec-WebSocket-Key': `  ${goodFields['Sec-WebSocket-Key']}\t` }, expects: [101], answer: accepted },
  { section: '§4.2.1', title: 'a request in absolute form', requestLine: 'GET http://server.example/ws HTTP/1.1', expects: [101], differs: { websockets: 'it hands the whole target on as the path' } },
  { section: '§4.2.1', title: 'not GET', requestLine: 'POST /ws HTTP/1.1', expects: [400, 405] },
  { section: '§4.2.1', title: 'HTTP/1.0', requestLine: 'GET /ws HTTP/1.0', expects: [400, 426, 505], differs: { ws: 'it leaves the version to HTTP' } },
  { section: '§4.2.1', title: 'no Host', fields: { Host: null }, expects: [400], differs: { ws: 'Node asks for Host where the request is no upgrade', websockets: 'it does not look at Host' } },
  { section: '§4.2.1', title: 'two Hosts', fields: { Host: ['a', 'b'] }, expects: [400], differs: { ws: "Node's parser keeps the first", websockets: 'it does not look at Host' } },
  { section: '§4.2.1', title: 'no Upgrade', fields: { Upgrade: null }, expects: [400, 426], answer: { upgrade: 'websocket' }, differs: { ws: plainThen } },
  { section: '§4.2.1', title: 'Upgrade to something else', fields: { Upgrade: 'h2c' }, expects: [400, 426] },
  { section: '§4.2.1', title: 'no Connection', fields: { Connection: null }, expects: [400, 426], differs: { ws: plainThen } },
  { section: '§4.2.1', title: 'Connection without upgrade', fields: { Connection: 'keep-alive' }, expects: [400, 426], differs: { ws: plainThen } },
  { section: '§4.2.1', title: 'no key', fields: { 'Sec-WebSocket-Key': null }, expects: [400] },
  { section: '§4.2.1', title: 'an empty key', fields: { 'Sec-WebSocket-Key': '' }, expects: [400] },
  { section: '§4.2.1', title: 'a key of 15 bytes', fields: { 'Sec-WebSocket-Key': keyOf(15) }, expects: [400] },
  { section: '§4.2.1', title: 'a key of 17 bytes', fields: { 'Sec-WebSocket-Key': keyOf(17) }, expects: [400] },
  { section: '§4.2.1', title: 'a key that is no base64', fields: { 'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!==' }, expects: [400] },
  { section: '§11.3.1', title: 'two keys', fields: { 'Sec-WebSocket-Key': [keyOf(16), keyOf(16)] }, expects: [400] },
  { section: '§4.2.2', title: 'no version', fields: { 'Sec-WebSocket-Version': null }, expects: [400, 426], answer: { 'sec-websocket-version': '13' }, differs: { websockets: 'it says 400 without the version' } },
  { section: '§4.4', title: 'a version that it does not speak: it says which', fields: { 'Sec-WebSocket-Version': '7' }, expects: [400, 426], answer: { 'sec-websocket-version': '13' }, differs: { websockets: 'it says 400 without the version' } },
  { section: '§11.3.5', title: 'two versions', fields: { 'Sec-WebSocket-Version': ['13', '13'] }, expects: [400, 426] },
  { section: '§4.2.2', title: 'another path', requestLine: 'GET /elsewhere HTTP/1.1', expects: [404] },
  { section: '§10.2', title: 'an Origin that it does not know', fields: { Origin: 'https://evil.example' }, expects: [403], oursOnly: true },
  { section: '§10.2', title: 'an Origin that it knows', fields: { Origin: 'https://media.example' }, expects: [101] },
  { section: '§10.2', title: 'two Origins', fields: { Origin: ['https://media.example', 'https://media.example'] }, expects: [403], oursOnly: true },
  { section: '§4.1', title: 'a body with the request', fields: { 'Content-Length': '5' }, behind: 'hello', expects: [400], differs: { ws: asFrames, websockets: asFrames } },
  { section: '§4.1', title: 'a chunked body with the request', fields: { 'Transfer-Encoding': 'chunked' }, behind: '0\r\n\r\n', expects: [400], differs: { ws: asFrames, websockets: asFrames } },
  { section: '§4.1', title: 'frames before the answer: refused rather than lost', behind: '\x89\x80\x01\x02\x03\x04', expects: [400], differs: { ws: asFrames, websockets: asFrames } },
  { section: '§4.1', title: 'a second request before the answer is not answered', behind: 'GET /health HTTP/1.1\r\nHost: h\r\n\r\n', expects: [400], differs: { ws: asFrames, websockets: asFrames } },
];
