// The emulated network over real sockets. No upper bounds: a busy machine is late.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Network } from './network.ts';
import { bad, home, invisibleMs, lan, networkOf, type Profile } from './profiles.ts';

async function behind(test: TestContext, profile: Profile) {
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const network = new Network();
  const target = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
  const address = await network.path(target, profile, 1);
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  await once(socket, 'connect');
  test.after(async () => {
    socket.destroy();
    echo.close();
    await network.stop();
  });
  return { network, address, socket };
}

void test('a round trip takes at least what the profile says', async (t) => {
  const { socket } = await behind(t, home);
  const startMs = performance.now();
  socket.write('hello');
  await once(socket, 'data');
  assert.ok(performance.now() - startMs >= home.roundTripMs - home.jitterMs);
});

void test('order is kept whatever the jitter and the losses', { timeout: 30_000 }, async (t) => {
  const { socket } = await behind(t, bad);
  let received = '';
  socket.on('data', (bytes: Buffer) => (received += bytes.toString()));
  let sent = '';
  for (let i = 0; i < 50; i++) {
    const piece = `${i},`;
    sent += piece;
    socket.write(piece);
    await sleep(5);
  }
  while (received.length < sent.length) await sleep(20);
  assert.equal(received, sent);
});

void test('a starved member is broken off, and served again when fed', async (t) => {
  const { network, address, socket } = await behind(t, lan);
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await network.starve(address, true);
  await closed;
  const again = connect(Number(new URL(address).port), '127.0.0.1');
  t.after(() => again.destroy());
  await once(again, 'connect');
  let heard = '';
  again.on('data', (bytes: Buffer) => (heard += bytes.toString()));
  again.write('GET /media');
  await sleep(100);
  assert.equal(heard, '');
  await network.starve(address, false);
  await once(again, 'data');
  assert.equal(heard, 'GET /media');
});

void test('what no filter sees: nothing where both ways are alike, a tenth of the round trip in bad', () => {
  assert.equal(invisibleMs(home), 0);
  assert.equal(Math.round(invisibleMs(bad)), 30);
  assert.equal(networkOf('mixed', 0).name, 'lan');
  assert.equal(networkOf('mixed', 3).name, 'bad');
  assert.throws(() => networkOf('moon', 0), /no profile moon/);
});
