// What happens to a party when something goes wrong, as its people see it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { mintToken } from '../../server/tests/conformance/harness.ts';
import { Relay } from './relay.ts';
import { clipTitle, Visit, until } from './windows.ts';

void test("the host's browser is killed: the guest watches on", { timeout: 120_000 }, async (t) => {
  const visit = await Visit.start(t);
  const [ada, ben] = [await visit.open('Ada'), await visit.open('Ben')];
  await ada.startParty();
  await ben.joinFromList();
  await ada.press('Play');
  await visit.assertInStep([ada, ben], 3);
  await ada.kill();
  await ben.untilText('The party is over');
  const before = await ben.video();
  await sleep(1_000);
  assert.ok((await ben.video()).position > before.position, 'the video plays on');
});

void test(
  "a guest's network is gone for 20 s, then back in step",
  { timeout: 180_000 },
  async (t) => {
    const visit = await Visit.start(t);
    const relay = await Relay.start(visit.server.address);
    t.after(() => relay.stop());
    const [ada, ben] = [await visit.open('Ada'), await visit.open('Ben', { at: relay.address })];
    await ada.startParty();
    await ben.joinFromList();
    await ada.press('Play');
    await visit.assertInStep([ada, ben], 3);
    const room = new URL(ben.page.url()).hash;

    relay.cut();
    await sleep(20_000);
    assert.equal((await ada.video()).paused, false, 'the host is not held up');
    relay.restore();
    const back = async (): Promise<boolean> => {
      const state = await ben.state();
      return state.connection.kind === 'online' && state.room !== null;
    };
    await until('Ben is back in the room', back, 45_000);
    assert.equal(new URL(ben.page.url()).hash, room);
    await ada.untilMembers(2);
    await visit.assertInStep([ada, ben]);
  },
);

void test('the server is killed and started anew', { timeout: 180_000 }, async (t) => {
  const visit = await Visit.start(t);
  const [ada, ben] = [await visit.open('Ada'), await visit.open('Ben')];
  await ada.startParty();
  await ben.joinFromList();
  await ada.press('Play');
  await visit.assertInStep([ada, ben], 3);
  await visit.restartServer();
  for (const window of [ada, ben]) {
    const online = async (): Promise<boolean> => {
      const state = await window.state();
      return state.connection.kind === 'online' && state.room === null;
    };
    await until(`${window.name} is in the lobby of the new server`, online, 45_000);
  }
  await ada.startParty();
  await ben.joinFromList();
  await ada.press('Play');
  await visit.assertInStep([ada, ben], 3);
});

void test('a full room says so, and nobody inside notices', { timeout: 120_000 }, async (t) => {
  const visit = await Visit.start(t, { OWP_MEMBERS_PER_ROOM: '2' });
  const [ada, ben] = [await visit.open('Ada'), await visit.open('Ben')];
  await ada.startParty();
  await ben.joinFromList();
  const cleo = await visit.open('Cleo', { hash: new URL(ada.page.url()).hash });
  await cleo.acceptInvitation();
  await cleo.untilText(/room is full/i);
  assert.equal(await cleo.page.getByRole('button', { name: 'Join the party' }).isEnabled(), true);
  await ada.untilMembers(2);
});

void test('an invite that has expired says so and what to do', { timeout: 60_000 }, async (t) => {
  const visit = await Visit.start(t, { OWP_INVITE_LIFETIME: '1s' });
  const ada = await visit.open('Ada');
  await ada.startParty(clipTitle, true);
  const { hash } = await ada.copyInvite();
  await sleep(1_100);
  const ben = await visit.open('Ben', { hash });
  await ben.acceptInvitation();
  await ben.untilText('Ask whoever sent it for a new link.');
  await ben.press('Show me the lobby');
  await ben.untilText('Nobody is watching right now');
  await ada.untilMembers(1);
});

void test(
  'a bad token is refused with a reason, a good one opens',
  { timeout: 120_000 },
  async (t) => {
    const secret = 'a secret for this test, of 32 and more bytes';
    const visit = await Visit.start(t, { JWT_SECRET: secret });
    const ada = await visit.open('Ada');
    const present = async (token: string): Promise<void> => {
      await ada.page.getByLabel('Token').fill(token);
      await ada.page.getByRole('button', { name: 'Sign in' }).click();
    };
    await present(mintToken('another secret, of 32 and more bytes, too'));
    await ada.untilText('That token was not accepted');
    await present(mintToken(secret, { name: 'Ada Lovelace' }));
    await ada.untilText('Open rooms'); // it is there before the server has said who one is
    await until(
      'the name is the token’s',
      async () => (await ada.state()).userName === 'Ada Lovelace',
    );
  },
);
