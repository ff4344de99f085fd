// Every MUST of RFC 6455 that concerns a server, by raw bytes: against our server, and against two
// known-good libraries, whose known differences stand in the tables. A difference that is none any
// more fails as well.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { closing, frame, opcodes, RawPeer, type Response } from './raw_peer.ts';
import { frameRows, message, type FrameRow } from './rfc6455_frames.ts';
import { handshakes, requestOf, type HandshakeRow } from './rfc6455_handshakes.ts';
import { starters, type Subject } from './subjects.ts';

const last = 'the last word';

/** Runs a row, or sees that a known difference is still one. */
async function check(row: FrameRow | HandshakeRow, subject: Subject, peer: RawPeer, run: () => Promise<void>): Promise<void> {
  const why = subject.name === 'owp-server' ? undefined : row.differs?.[subject.name];
  if (why === undefined) return run();
  peer.waitMs = 500; // for what it is known not to do
  await assert.rejects(run, undefined, `does not differ any more: ${why}`);
}

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

for (const start of starters)
  describe(start.name, () => {
    let subject: Subject;
    before(async () => {
      subject = await start();
    });
    after(() => subject.stop());
    const rows: [FrameRow | HandshakeRow, (peer: RawPeer) => Promise<void>][] = [
      ...handshakes.map((row) => [row, (peer: RawPeer) => shakeHands(row, peer)] as const),
      ...frameRows.map((row) => [row, (peer: RawPeer) => converse(row, peer)] as const),
    ] as never;
    for (const [row, run] of rows) {
      if (row.oursOnly && start !== starters[0]) continue;
      test(`${row.section} ${row.title}`, async () => {
        const peer = await RawPeer.connect(subject.port);
        try {
          await check(row, subject, peer, () => run(peer));
        } finally {
          peer.destroy();
        }
      });
    }
  });
