// HTTP/1.1 as RFC 9112 (and RFC 9110 where it says so) asks of a server, as a table: bytes that are
// sent, and the answers that a server may give. Each shape that two readers could read as different
// requests ends the connection with at most one answer.
import type { Row } from './subjects.ts';
import { requestOf } from './rfc6455_handshakes.ts';

export interface RequestRow extends Row {
  sends: string | string[]; // a list: one after the other, each when the answer before has come
  /** For each answer that comes, what it may be; 101 makes the rest a WebSocket's. */
  answers: number[][];
  /** Afterwards the connection ends, or takes another request. */
  then: 'ends' | 'goes on';
  toHead?: true;
}

const get = (fields = '', target = '/health', version = 'HTTP/1.1'): string => `GET ${target} ${version}\r\nHost: h\r\n${fields}\r\n`;
const post = (fields: string, body = ''): string => `POST /health HTTP/1.1\r\nHost: h\r\n${fields}\r\n${body}`;
const smuggled = get('X-Smuggled: yes\r\n');
const bad = [[400]];
/** A method that our server does not take: what it thinks of the body does not show. */
const refused = [[400, 405, 411, 413, 501]];

const single = 'it answers one request and ends the connection';
const onlyGet = 'it reads only GET … HTTP/1.1, and hangs up on all else';
const readsOn = 'it reads the body, so that the connection can go on';
const noHost = 'it does not look at Host';
const noBodies = 'it looks at no body';
const llhttp = "Node's parser lets it pass";
const nodeTakes = ['identity', 'xchunked', 'chunked;q=1', '"chunked"'];

function row(section: string, title: string, sends: string | string[], answers: number[][], then: RequestRow['then'], more: Partial<RequestRow> = {}): RequestRow {
  return { section, title, sends, answers, then, ...more };
}

export const requests: RequestRow[] = [
  // ---- requests as they should be
  row('§9.3', 'one request after the other', [get(), get()], [[200], [200]], 'goes on', { differs: { websockets: single } }),
  row('§9.3.2', 'pipelined requests are answered in order', get() + get('', '/nothing') + get(), [[200], [404], [200]], 'goes on', { differs: { websockets: single } }),
  row('§9.6', 'Connection: close', get('Connection: close\r\n'), [[200]], 'ends'),
  row('§9.3', 'HTTP/1.0 ends with its answer', get('', '/health', 'HTTP/1.0'), [[200]], 'ends', { differs: { websockets: onlyGet } }),
  row('§3.2.2', 'the absolute form', get('', 'http://h/health'), [[200]], 'goes on', { differs: { websockets: single } }),
  row('§2.2', 'an empty line before the request', '\r\n' + get(), [[200]], 'goes on', { differs: { websockets: onlyGet } }),
  row('RFC 9110 §9.3.2', 'HEAD has no body', 'HEAD /health HTTP/1.1\r\nHost: h\r\n\r\n', [[200]], 'goes on', { toHead: true, differs: { websockets: onlyGet } }),
  row('§5', 'fields without a value and with white space around it', get('X-Empty:\r\nX-Spaces: \t a \t\r\n'), [[200]], 'goes on', { differs: { websockets: single } }),
  row('§5', 'a request byte by byte', [...get()].join('\0').split('\0'), [[200]], 'goes on', { differs: { websockets: single } }),

  // ---- the request line
  row('§3', 'two spaces in the request line', 'GET  /health HTTP/1.1\r\nHost: h\r\n\r\n', bad, 'ends', { differs: { ws: llhttp } }),
  row('§3', 'a target with a space', get('', '/health x'), bad, 'ends'),
  row('§3', 'no version', 'GET /health\r\nHost: h\r\n\r\n', bad, 'ends', { differs: { ws: llhttp } }),
  row('§2.3', 'the version in small letters', get('', '/health', 'http/1.1'), bad, 'ends'),
  row('§2.3', 'HTTP/2.0', get('', '/health', 'HTTP/2.0'), [[400, 505]], 'ends', { differs: { ws: llhttp } }),
  row('§2.3', "HTTP/2's preface", 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [[400, 405, 505]], 'ends'),
  row('§2.2', 'a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', bad, 'ends'),
  row('§3.2', 'a target that is no path', get('', 'health'), bad, 'ends', { differs: { websockets: 'it leaves the target to the application' } }),
  row('§3.2', 'a target with a fragment', get('', '/health#x'), bad, 'ends', { differs: { ws: 'it leaves the target to the application', websockets: 'it leaves the target to the application' } }),
  row('§3', 'a method of 100 letters', `${'M'.repeat(100)} /health HTTP/1.1\r\nHost: h\r\n\r\n`, [[400, 405, 501]], 'ends'),
  row('§3', 'a target that is too long', `GET /${'x'.repeat(100_000)}`, [[414]], 'ends', { differs: { ws: 'it says 431', websockets: 'it says 400' } }),
  row('§3.2.3', 'CONNECT', 'CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n', [[400, 405, 501]], 'ends', { differs: { ws: 'it ends a CONNECT that nobody handles without a word' } }),
  row('§3.2.4', 'OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n', [[400, 405, 501]], 'ends', { differs: { ws: 'it leaves the target to the application' } }),

  // ---- Host
  row('§3.2', 'no Host', 'GET /health HTTP/1.1\r\n\r\n', bad, 'ends', { differs: { websockets: noHost } }),
  row('§3.2', 'two Hosts', get('Host: h\r\n'), bad, 'ends', { differs: { ws: "Node's parser keeps the first", websockets: noHost } }),
  ...['a b', 'a/b', 'user@h', 'h:port', 'h:1:2', '[::1', 'h\\'].map((host) =>
    row('§3.2', `Host: ${host}`, `GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`, bad, 'ends', { differs: { ws: 'it leaves the value to the application', websockets: noHost } }),
  ),
  ...['h', 'h:8080', '127.0.0.1:80', '[::1]:80', 'a-b.c_d.example', 'h:'].map((host) =>
    row('§3.2', `Host: ${host} is one`, `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, [[200]], 'ends'),
  ),

  // ---- field lines
  row('§2.2', 'bare line feeds', 'GET /health HTTP/1.1\nHost: h\n\n', bad, 'ends'),
  row('§2.2', 'one bare line feed', 'GET /health HTTP/1.1\r\nHost: h\nX-Smuggled: yes\r\n\r\n', bad, 'ends'),
  row('§2.2', 'a bare carriage return in a value', get('X-A: b\rX-Smuggled: yes\r\n'), bad, 'ends'),
  row('§2.2', 'a bare carriage return at the end of the head', 'GET /health HTTP/1.1\r\nHost: h\r\n\r\r\n\r\n', bad, 'ends'),
  row('§2.2', 'white space before the first field', 'GET /health HTTP/1.1\r\n Host: h\r\n\r\n', bad, 'ends'),
  row('§5.1', 'a space before the colon', get('X-A : b\r\n'), bad, 'ends'),
  row('§5.1', 'a space before the colon of Transfer-Encoding', post('Transfer-Encoding : chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'), bad, 'ends'),
  row('§5.1', 'a field without a colon', get('X-A\r\n'), bad, 'ends'),
  row('§5.1', 'a field without a name', get(': b\r\n'), bad, 'ends'),
  row('§5.1', 'a name with a NUL', get('X\0A: b\r\n'), bad, 'ends'),
  row('§5.1', 'a name that is no token', get('X(A): b\r\n'), bad, 'ends'),
  row('RFC 9110 §5.5', 'a value with a NUL', get('X-A: b\0c\r\n'), bad, 'ends'),
  row('RFC 9110 §5.5', 'a value with a control character', get('X-A: b\x01c\r\n'), bad, 'ends'),
  row('§5.2', 'a folded field', get('X-A: b\r\n c\r\n'), bad, 'ends'),
  row('§5.2', 'a folded Transfer-Encoding', post('Transfer-Encoding:\r\n chunked\r\n', `0\r\n\r\n${smuggled}`), bad, 'ends'),

  // ---- bodies: ours takes none, so nothing of one may ever be read as a request
  row('§6.3', 'a body of a given length', post(`Content-Length: ${smuggled.length}\r\n`, smuggled), refused, 'ends', { differs: { ws: readsOn } }),
  row('§6.3', 'GET with a body', get(`Content-Length: ${smuggled.length}\r\n`) + smuggled, [[400, 413]], 'ends', { differs: { ws: readsOn, websockets: noBodies } }),
  row('§6.1', 'chunked and a length', post(`Content-Length: 5\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${smuggled}`), refused, 'ends'),
  row('§6.1', 'a length and chunked', post(`Transfer-Encoding: chunked\r\nContent-Length: 5\r\n`, `0\r\n\r\n${smuggled}`), refused, 'ends'),
  row('§6.1', 'GET that is chunked', get('Transfer-Encoding: chunked\r\n') + `0\r\n\r\n${smuggled}`, [[400, 413]], 'ends', { differs: { ws: readsOn, websockets: noBodies } }),
  row('§6.1', 'chunked in HTTP/1.0', `POST /health HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`, refused, 'ends'),
  ...['identity', 'chunked, gzip', 'xchunked', 'chunked, identity', '"chunked"', 'chunked;q=1', ''].map((coding) =>
    row('§6.3', `GET with the coding '${coding}', which does not end with chunked`, get(`Transfer-Encoding: ${coding}\r\n`) + smuggled, bad, 'ends', { differs: { websockets: noBodies, ...(nodeTakes.includes(coding) ? { ws: llhttp } : {}) } }),
  ),
  row('§6.1', 'chunked twice, on two lines', get('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n') + smuggled, bad, 'ends', { differs: { websockets: noBodies } }),
  row('§6.2', 'two lengths', post('Content-Length: 5\r\nContent-Length: 6\r\n', smuggled), refused, 'ends'),
  row('§6.2', 'two lengths that are the same', get('Content-Length: 0\r\nContent-Length: 0\r\n'), bad, 'ends', { differs: { websockets: noBodies } }),
  ...['-1', '+5', '5, 5', '5, 6', '0x5', '5 5', '99999999999999999999999', '5.0', ''].map((length) =>
    row('§6.2', `GET with a length of '${length}'`, get(`Content-Length: ${length}\r\n`) + smuggled, length === '5, 5' ? [[400, 413]] : bad, 'ends', { differs: { websockets: noBodies } }),
  ),
  row('§7.1', 'a chunk size that is none', post('Transfer-Encoding: chunked\r\n', `G\r\nx\r\n0\r\n\r\n${smuggled}`), refused, 'ends'),
  row('§7.1', 'a chunk size beyond all bounds', post('Transfer-Encoding: chunked\r\n', `FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n${smuggled}`), refused, 'ends'),
  row('§9.6', 'an answer arrives although the body is not read', post('Content-Length: 300000\r\n', 'x'.repeat(300_000)), refused, 'ends', { differs: { ws: readsOn } }),

  // ---- sizes and patience
  row('§5', 'one field that is too large', get(`X-A: ${'b'.repeat(70_000)}\r\n`), [[431]], 'ends', { differs: { websockets: 'it says 400' } }),
  row('§5', 'too many fields', get('X-A: b\r\n'.repeat(9_000)), [[431]], 'ends', { differs: { websockets: 'it says 400' } }),
  row('§9.5', 'a head that never ends', 'GET /health HTTP/1.1\r\nHost: h\r\n', [[408]], 'ends', { differs: { websockets: 'it waits for ten seconds, then hangs up' } }),

  // ---- the upgrade among other requests
  row('§9.3.2', 'an upgrade behind a pipelined request', get() + requestOf({}), [[200], [101]], 'goes on', { differs: { websockets: single } }),
  row('RFC 9110 §7.8', 'an upgrade with a pipelined request behind it', requestOf({}) + smuggled, bad, 'ends', { differs: { ws: 'it takes what follows for frames', websockets: 'it takes what follows for frames' } }),
];
