// Every MUST of RFC 6455 that concerns a server, by raw bytes: against our server, and against two
// known-good libraries, whose known differences stand in the tables. A difference that is none any
// more fails as well.
import assert from 'node:assert/strict';
import { closing, frame, opcodes, type RawPeer, type Response } from './raw_peer.ts';
import { frameRows, message, type FrameRow } from './rfc6455_frames.ts';
import { handshakes, requestOf, type HandshakeRow } from './rfc6455_handshakes.ts';
import { testOnSubjects } from './subjects.ts';

const last = 'the last word';

async function shakeHands(row: HandshakeRow, peer: RawPeer): Promise<void> {
  peer.write(requestOf(row));
  const response = await peer.response();
  assert.ok(response, 'the connection ended without an answer');
  assert.ok(row.expects.includes(response.status), `${response.status}: ${response.body}`);
  for (const [name, value] of Object.entries(row.answer ?? {})) assert.equal(fieldOf(response, name), value?.toLowerCase() ?? null, name);
  if (response.status !== 101) await peer.untilEnd();
}

function fieldOf(response: Response, name: string): string | null {
  const values = response.headers.get(name);
  if (!values) return null;
  assert.equal(values.length, 1, `${name} is there ${values.length} times`);
  return values[0]!.split(',')[0]!.toLowerCase();
}

/** What the server says until it has answered the last word or closed. */
async function converse(row: FrameRow, peer: RawPeer): Promise<void> {
  peer.write(requestOf({}));
  assert.equal((await peer.response())?.status, 101);
  const answers: string[] = [];
  const pongs: string[] = [];
  let closed: number | 'none' | undefined;
  const hear = async (): Promise<boolean> => {
    const heard = await peer.frame();
    if (!heard) return false;
    if (heard.opcode === opcodes.pong) pongs.push(heard.payload.toString('latin1'));
    if (heard.opcode === opcodes.close) closed = heard.payload.length === 0 ? 'none' : heard.payload.readUInt16BE(0);
    const said = heard.opcode === opcodes.text && /"said":"(.*?)"/s.exec(heard.payload.toString())?.[1];
    if (typeof said === 'string') answers.push(said);
    return closed === undefined;
  };
  for (const step of row.sends) {
    if (step !== 'pong') peer.write(step);
    else while (pongs.length === 0 && (await hear()));
  }
  if (row.closes) {
    while (await hear());
    assert.ok(closed !== undefined && row.closes.includes(closed), `closed with ${closed}`);
    peer.write(frame(opcodes.close, closing(1000))); // the answer to a close, if it was not ours
    await peer.untilEnd();
  } else {
    peer.write(frame(opcodes.text, message(last)));
    while (answers.at(-1) !== last && (await hear()));
    assert.equal(answers.pop(), last, `closed with ${closed}`);
    assert.deepEqual(answers, row.answers ?? []);
    assert.deepEqual(pongs, row.pongs ?? []);
  }
}

testOnSubjects(handshakes, shakeHands);
testOnSubjects(frameRows, converse);
