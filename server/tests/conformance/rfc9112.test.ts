// HTTP/1.1 by raw bytes, request smuggling first: against our server, and against the HTTP of two
// known-good libraries, whose known differences stand in the table. A difference that is none any more
// fails as well.
import assert from 'node:assert/strict';
import { frame, opcodes, type RawPeer, type Response } from './raw_peer.ts';
import { requests, type RequestRow } from './rfc9112_requests.ts';
import { testOnSubjects } from './subjects.ts';

const another = 'GET /health HTTP/1.1\r\nHost: h\r\n\r\n';

async function run(row: RequestRow, peer: RawPeer, ours: boolean): Promise<void> {
  const sends = [row.sends].flat();
  const answers: Response[] = [];
  for (const [i, bytes] of sends.entries()) {
    peer.write(Buffer.from(bytes, 'latin1'));
    if (sends.length === row.answers.length && i < sends.length - 1) answers.push((await peer.response())!);
  }
  while (answers.length < row.answers.length) {
    const response = await peer.response(row.toHead);
    assert.ok(response, `the connection ended after ${answers.length} answers`);
    answers.push(response);
  }
  for (const [i, { status }] of answers.entries()) assert.ok(row.answers[i]!.includes(status), `${status}`);
  if (ours) answers.forEach(holdToHttp);
  if (row.then === 'ends') return peer.untilEnd();
  if (answers.at(-1)!.status === 101) {
    peer.write(frame(opcodes.ping, 'here'));
    for (let heard = await peer.frame(); heard?.opcode !== opcodes.pong; heard = await peer.frame()) assert.ok(heard);
    return;
  }
  peer.write(another);
  assert.equal((await peer.response())?.status, 200);
}

/** What RFC 9110 asks of each answer. */
function holdToHttp({ status, headers }: Response): void {
  if (status === 101) return;
  assert.equal(headers.get('date')?.length, 1, 'RFC 9110 §6.6.1: Date');
  assert.equal(headers.get('content-length')?.length, 1, 'RFC 9112 §6.3: how long it is');
  if (status === 405) assert.ok(headers.has('allow'), 'RFC 9110 §15.5.6: Allow');
  if (status === 426) assert.ok(headers.has('upgrade'), 'RFC 9110 §15.5.22: Upgrade');
  if (status >= 400 && status !== 404) assert.deepEqual(headers.get('connection'), ['close'], 'RFC 9112 §9.6');
}

testOnSubjects(requests, run);
