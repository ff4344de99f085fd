// A party in a Jellyfin that is set up otherwise: its config.json has no list of plugins, so that
// jellyfin-web hands us nothing; or it lies below a base URL that no address can show as it is.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Jellyfin, film, type Start } from './jellyfin.ts';
import { assertInStep, until, type Window } from './windows.ts';

async function inRoom(window: Window): Promise<void> {
  const look = async (): Promise<boolean> =>
    (await window.state()).room !== null && (await window.page.locator('video').count()) === 1;
  await until(`${window.name} is in the party, with its title in the player`, look);
}

async function hostJoinPlayAndSeek(t: TestContext, start: Start): Promise<void> {
  const jellyfin = await Jellyfin.start(start);
  t.after(() => jellyfin.stop());
  const windows: Window[] = [];
  t.after(() => Promise.all(windows.map((window) => window.close())));

  const ada = await jellyfin.open('Ada', `/details?id=${film}&serverId=${'5'.repeat(32)}`);
  windows.push(ada);
  await ada.page.locator('[data-owp=details]:visible').click();
  await inRoom(ada);
  const ben = await jellyfin.open('Ben', '/home');
  windows.push(ben);
  await ben.page.locator('[data-owp=home] button').first().click();
  await inRoom(ben);

  await ada.untilMembers(2);
  await ada.page.locator('video').evaluate((video) => (video as HTMLVideoElement).play());
  await assertInStep(t, [ada, ben], 3);
  await ada.page.locator('video').evaluate((video) => {
    (video as HTMLVideoElement).currentTime = 40;
  });
  await until('Ben is there too', async () => (await ben.video()).position > 39);
  await assertInStep(t, [ada, ben], 3);
  for (const { trouble } of windows) assert.deepEqual(trouble, [], 'no exception in the page');
}

const others: readonly (readonly [string, Start])[] = [
  ['without a list of plugins', { listed: false }],
  ['below a base URL of odd characters', { flags: ['--base-url', '/my films+é'] }],
];
for (const [name, start] of others)
  void test(`${name}, two people host, join, play and seek`, { timeout: 120_000 }, (t) =>
    hostJoinPlayAndSeek(t, start),
  );
