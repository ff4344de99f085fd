// What friends do when all goes well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { clipTitle, Visit, until, type Window } from './windows.ts';

async function assertSamePlace(windows: Window[], share: number): Promise<void> {
  const look = async (): Promise<boolean> => {
    const videos = await Promise.all(windows.map((window) => window.video()));
    const positions = videos.map((video) => video.position);
    return (
      Math.max(...positions) - Math.min(...positions) < 0.1 &&
      videos.every((video) => Math.abs(video.position / video.duration - share) < 0.05)
    );
  };
  await until(`all pictures at ${share * 100} %`, look);
}

void test('two: create, join, play, pause, seek, chat, leave', { timeout: 180_000 }, async (t) => {
  const visit = await Visit.start(t);
  const [ada, ben] = [await visit.open('Ada'), await visit.open('Ben')];
  await ada.startParty();
  await ben.joinFromList();
  await ada.untilMembers(2);

  await ada.press('Play');
  await visit.assertInStep([ada, ben]);

  await ada.press('Pause');
  for (const window of [ada, ben]) await window.untilPaused(true);
  const stopped = await Promise.all([ada.video(), ben.video()]);
  const apart = Math.abs(stopped[0].position - stopped[1].position);
  assert.ok(apart < 0.1, `paused ${apart} s apart`);

  await ada.seekTo(0.5);
  await assertSamePlace([ada, ben], 0.5);
  for (const window of [ada, ben]) assert.equal((await window.video()).paused, true);

  await ada.press('Play');
  for (const window of [ada, ben]) await window.untilPaused(false);
  await ada.seekTo(0.2);
  await assertSamePlace([ada, ben], 0.2);
  await visit.assertInStep([ada, ben]);

  const markup = `<img src=x onerror="document.title='taken'"><b>hi</b>`;
  await ben.page.getByLabel('Message').fill(markup);
  await ben.page.getByRole('button', { name: 'Send' }).click();
  for (const window of [ada, ben]) {
    await window.page.getByText(markup, { exact: true }).first().waitFor();
    assert.equal(await window.page.locator('img[src=x]').count(), 0);
    assert.doesNotMatch(await window.page.title(), /taken/);
  }
  await ada.page.getByLabel('Message').fill('Hello Ben');
  await ada.page.getByLabel('Message').press('Enter');
  await ben.untilText('Hello Ben');

  await ben.press('Leave');
  await ben.untilText('Open rooms');
  await ada.untilMembers(1);
  assert.equal((await ada.video()).paused, false, 'the host watches on');
});

void test('four: link, late join, then the host leaves', { timeout: 180_000 }, async (t) => {
  const visit = await Visit.start(t);
  const ada = await visit.open('Ada');
  await ada.startParty();
  const { hash } = new URL(ada.page.url());
  assert.match(hash, /^#\/room\/[0-9a-f-]{36}$/);
  const ben = await visit.open('Ben', { hash });
  await ben.acceptInvitation();
  await ben.untilInRoom();
  const cleo = await visit.open('Cleo');
  await cleo.joinFromList();
  await ada.press('Play');
  await visit.assertInStep([ada, ben, cleo]);

  const dan = await visit.open('Dan', { hash });
  await dan.acceptInvitation();
  await dan.untilInRoom();
  await visit.assertInStep([ada, ben, cleo, dan]);

  await ada.press('Leave');
  for (const window of [ben, cleo, dan]) {
    await window.untilText('The party is over');
    const before = await window.video();
    await sleep(1_000);
    assert.ok((await window.video()).position > before.position, 'the video plays on');
  }
});

void test('a private party is entered by its link alone', { timeout: 120_000 }, async (t) => {
  const visit = await Visit.start(t);
  const [ada, ben] = [await visit.open('Ada'), await visit.open('Ben')];
  await ada.startParty(clipTitle, true);
  await ada.untilText('Private');
  const { search, hash } = await ada.copyInvite();
  assert.match(hash, /^#\/room\/[0-9a-f-]{36}\/[0-9a-f]{32}$/);
  assert.equal(search, '', 'no server log has the ticket');
  await ben.untilText('Nobody is watching right now');

  const cleo = await visit.open('Cleo', { hash });
  await cleo.acceptInvitation();
  await cleo.untilMembers(2);
  assert.equal(await cleo.page.getByRole('button', { name: 'Copy invite link' }).count(), 0);
  await cleo.page.reload();
  await cleo.acceptInvitation();
  await cleo.untilMembers(3); // her former seat is held for a minute

  const dan = await visit.open('Dan', { hash: hash.slice(0, hash.lastIndexOf('/')) });
  await dan.acceptInvitation();
  await dan.untilText('This room does not exist any more.');
  await ada.press('Play');
  await visit.assertInStep([ada, cleo], 3);
});

void test('HLS keeps step as well', { timeout: 120_000 }, async (t) => {
  const visit = await Visit.start(t);
  const query = '&hls';
  const [ada, ben] = [await visit.open('Ada', { query }), await visit.open('Ben', { query })];
  const playlists = ben.page.waitForRequest(/\.m3u8$/);
  await ada.startParty();
  await ben.joinFromList();
  await playlists;
  await ada.press('Play');
  await visit.assertInStep([ada, ben]);
});
