// Parties inside Jellyfin: the real plugin with the real server in a stand-in of Jellyfin, and people who
// click. With JELLYFIN_WEB (a built jellyfin-web) in its real client, else on a page of the same shape.
import assert from 'node:assert/strict';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import {
  Jellyfin,
  film,
  otherVersion,
  people,
  pilot,
  secondEpisode,
  secret,
  sequel,
  type Name,
} from './jellyfin.ts';
import { assertInStep, until, untilInStep, type Window } from './windows.ts';

const details = (id: string): string => `/details?id=${id}&serverId=${'5'.repeat(32)}`;
let jellyfin: Jellyfin;
const windows: Window[] = [];

async function open(name: Name, route: string): Promise<Window> {
  const window = await jellyfin.open(name, route);
  windows.push(window);
  return window;
}

async function leaveAll(): Promise<void> {
  const left = windows.splice(0);
  for (const window of left) {
    await window.picture(`jellyfin-${window.name}`).catch(() => undefined);
    await window.close().catch(() => undefined);
  }
  for (const { trouble } of left) assert.deepEqual(trouble, [], 'no exception in the page');
}

/** Starts a party from a title's page; it waits, paused, for others. */
async function host(name: Name, id = film): Promise<Window> {
  const window = await open(name, details(id));
  await window.page.locator('[data-owp=details]:visible').click();
  await inRoom(window);
  return window;
}

async function joinFromHome(name: Name): Promise<Window> {
  const window = await open(name, '/home');
  await window.page.locator('[data-owp=home] button').first().click();
  await inRoom(window);
  return window;
}

async function inRoom(window: Window): Promise<void> {
  await window.page.waitForFunction(() => 'owpDebug' in globalThis);
  const look = async (): Promise<boolean> =>
    (await window.state()).room !== null && (await window.page.locator('video').count()) === 1;
  await until(`${window.name} is in the party, with its title in the player`, look);
}

/** As a click on Jellyfin's own button, or its slider, ends: at the element. */
async function play(window: Window): Promise<void> {
  await window.page.locator('video').evaluate((video) => (video as HTMLVideoElement).play());
}
async function seek(window: Window, seconds: number): Promise<void> {
  await window.page.locator('video').evaluate((video, to) => {
    (video as HTMLVideoElement).currentTime = to;
  }, seconds);
}

/** The address of what is in the player; empty: nothing is. */
async function stream(window: Window): Promise<string> {
  const video = window.page.locator('video');
  if ((await video.count()) !== 1) return '';
  return video.evaluate((element) => (element as HTMLVideoElement).currentSrc);
}

/** The title whose stream is in the player. */
async function playingId(window: Window): Promise<string | undefined> {
  return /videos\/([0-9a-f]{32})/iu.exec(await stream(window))?.[1];
}

/** Where in the title the stream begins that is in the player, seconds. */
async function streamStart(window: Window): Promise<number> {
  return Number(/StartTimeTicks=(\d+)/u.exec(await stream(window))?.[1] ?? 0) / 10_000_000;
}

/** A button of Jellyfin's player, which shows them to who moves the mouse. */
async function press(window: Window, button: string): Promise<void> {
  await window.page.mouse.move(200, 300);
  await window.page.mouse.move(260, 340);
  await window.page.locator(`${button}:visible`).first().click();
}

/** As a button of Jellyfin's asks its server. */
async function ask(window: Window, path: string): Promise<void> {
  const headers = { Authorization: `MediaBrowser Token="${people[window.name as Name].token}"` };
  await fetch(`${jellyfin.address}${path}`, { method: 'POST', headers });
}

async function untilAllAt(windows: readonly Window[], mediaId: string): Promise<void> {
  for (const window of windows) {
    const there = async (): Promise<boolean> =>
      (await window.state()).room?.mediaId === mediaId && (await playingId(window)) === mediaId;
    await until(`${window.name} is at the title`, there);
  }
}

before(async () => {
  jellyfin = await Jellyfin.start();
});
// After a failure too: whoever stayed would be in the way of the next party
afterEach(leaveAll);
after(async () => {
  await jellyfin.stop();
});

void test('two people watch in step, and seek together', { timeout: 120_000 }, async (t) => {
  const ada = await host('Ada');
  const ben = await joinFromHome('Ben');
  await ada.untilMembers(2);
  await play(ada);
  await assertInStep(t, [ada, ben], 3);
  await seek(ada, 40);
  await until('Ben is there too', async () => (await ben.video()).position > 39);
  await assertInStep(t, [ada, ben], 3);
});

void test('the party follows its host to another title', { timeout: 120_000 }, async (t) => {
  const ada = await host('Ada');
  const ben = await joinFromHome('Ben');
  await play(ada);
  await assertInStep(t, [ada, ben], 3);
  await ada.page.evaluate((to) => (location.hash = `#${to}`), details(sequel));
  await ada.page.locator('[data-owp=details]:visible').click();
  await untilAllAt([ada, ben], sequel);
  await play(ada);
  await assertInStep(t, [ada, ben], 3);
});

void test('the host skips the intro for all', { timeout: 120_000 }, async (t) => {
  const ada = await host('Ada', pilot);
  const ben = await joinFromHome('Ben');
  await play(ada);
  await until('the intro plays', async () => (await ada.video()).position > 2.5);
  await press(ada, '.skip-button');
  for (const window of [ada, ben])
    await until(`${window.name} is past it`, async () => (await window.video()).position > 29);
  await assertInStep(t, [ada, ben], 3);
});

void test('the next episode is the next of all', { timeout: 120_000 }, async (t) => {
  const ada = await host('Ada', pilot);
  const ben = await joinFromHome('Ben');
  await play(ada);
  await assertInStep(t, [ada, ben], 3);
  await press(ada, '.btnNextTrack');
  await untilAllAt([ada, ben], secondEpisode);
  await play(ada);
  await assertInStep(t, [ada, ben], 3);
});

const busy =
  process.env['OWP_QUIET_MACHINE'] === undefined &&
  'a busy machine does not convert fast enough: by name, on a quiet one';
void test(
  'a film converted for one of them keeps step',
  { timeout: 180_000, skip: busy },
  async (t) => {
    const ada = await host('Ada');
    await seek(ada, 20);
    const cleo = await joinFromHome('Cléo 🎬');
    await ada.untilMembers(2);
    await play(ada);
    await untilInStep(t, [ada, cleo], 3, streamStart);
    assert.ok((await streamStart(cleo)) > 15, 'the conversion began where the party was');
    await seek(ada, 60);
    await until('another conversion', async () => (await streamStart(cleo)) > 58);
    await untilInStep(t, [ada, cleo], 3, streamStart);
  },
);

void test(
  'version, sound and subtitles are those chosen on the page',
  { timeout: 120_000 },
  async () => {
    const ada = await open('Ada', details(sequel));
    const asked: string[] = [];
    ada.page.on('request', (request) => {
      if (request.url().includes('/PlaybackInfo'))
        asked.push(request.url() + (request.postData() ?? ''));
    });
    const choose = (list: string, value: string) =>
      ada.page.locator(`#itemDetailPage:not(.hide) .${list}`).selectOption(value);
    await choose('selectSource', otherVersion);
    await choose('selectAudio', '2');
    await choose('selectSubtitles', '3');
    await ada.page.locator('[data-owp=details]:visible').click();
    await inRoom(ada);
    const ben = await joinFromHome('Ben');
    const wanted = new RegExp(`mediaSourceId=${otherVersion}`, 'iu');
    for (const window of [ada, ben])
      await until(`${window.name} plays it`, async () => wanted.test(await stream(window)));
    for (const choice of ['AudioStreamIndex', 'SubtitleStreamIndex']) {
      const value = choice === 'AudioStreamIndex' ? 2 : 3;
      assert.match(asked.at(-1) ?? '', new RegExp(`${choice}(?:=|":"?)${value}`, 'u'));
    }
  },
);

void test('who is in a group of SyncPlay is in no party', { timeout: 120_000 }, async () => {
  const ada = await host('Ada');
  const ben = await joinFromHome('Ben');
  await ada.untilMembers(2);
  await play(ada);
  await ask(ben, '/SyncPlay/New');
  await ada.untilMembers(1);
  assert.equal((await ben.state()).room, null);
  await ben.untilText('SyncPlay is in use');
  await ask(ben, '/SyncPlay/Leave');
  await ben.page.getByRole('button', { name: 'Try again' }).click();
  await ben.page.getByRole('button', { name: /^Join/u }).click();
  await ada.untilMembers(2);
});

void test('a party starts from the player, too', { timeout: 120_000 }, async () => {
  const ada = await open('Ada', details(film));
  await ada.page.locator('.btnPlay:visible').first().click();
  await ada.page.locator('video').waitFor();
  await ada.page.mouse.move(300, 300);
  await ada.page.locator('[data-owp=osd]').click();
  await ada.page.getByRole('button', { name: /start a party/iu }).click();
  await inRoom(ada);
  assert.equal((await ada.state()).room?.mediaId, film);
});

void test('an invitation leads into the party', { timeout: 120_000 }, async () => {
  const ada = await host('Ada');
  const room = (await ada.state()).room?.id ?? '';
  const cleo = await open('Cléo 🎬', `/home?owp=${room}`);
  await inRoom(cleo);
  await ada.untilMembers(2);
  assert.deepEqual(
    (await ada.state()).room?.members.map(({ name }) => name),
    ['Ada', 'Cléo 🎬'],
  );
});

void test('who may not see the title is told so', { timeout: 120_000 }, async () => {
  const ada = await host('Ada', secret);
  const room = (await ada.state()).room?.id ?? '';
  const ben = await open('Ben', `/home?owp=${room}`);
  await ben.page.waitForFunction(() => 'owpDebug' in globalThis);
  await ben.untilText(/may not see the title of this party/u);
  assert.equal(await ben.page.locator('video').count(), 0);
  assert.equal((await ben.page.content()).includes('The Hidden Room'), false);
  // The server itself refuses, whatever a page says.
  const heard = await ben.page.evaluate(async (wanted) => {
    const address = `/socket/OpenWatchParty/ws?ApiKey=token-ben`;
    const socket = new WebSocket(new URL(address, location.href.replace(/^http/u, 'ws')));
    const lines: string[] = [];
    const say = (type: string): void =>
      socket.send(JSON.stringify({ type, room: wanted, ts: 0, payload: {} }));
    socket.onopen = (): void => {
      for (const type of ['list_rooms', 'join_room']) say(type);
    };
    return await new Promise<string>((resolve) => {
      socket.onmessage = ({ data }): void => {
        lines.push(String(data));
        if (String(data).includes('"error"')) resolve(lines.join('\n'));
      };
      socket.onclose = (): void => resolve(lines.join('\n'));
    });
  }, room);
  assert.match(heard, /MEDIA_FORBIDDEN/u);
  assert.equal(heard.includes(secret), false);
});

/** Two people watch; `fault` takes the server from them; the party goes on in another room of the new one. */
async function assertGoesOn(t: TestContext, fault: () => Promise<unknown>): Promise<void> {
  const ada = await host('Ada');
  const ben = await joinFromHome('Ben');
  await ada.untilMembers(2);
  await play(ada);
  await assertInStep(t, [ada, ben], 3);
  const before = { room: (await ada.state()).room?.id, ...(await ada.video()) };
  const fromMs = Date.now();
  await fault();
  for (const window of [ada, ben]) {
    const back = async (): Promise<boolean> => {
      const { room } = await window.state();
      return room !== null && room.id !== before.room && room.members.length === 2;
    };
    await until(`${window.name} is in the party again`, back, 60_000);
  }
  await assertInStep(t, [ada, ben], 3);
  const lostSeconds =
    (Date.now() - fromMs) / 1_000 - ((await ada.video()).position - before.position);
  assert.ok(lostSeconds < 5, `the film stood still for ${lostSeconds.toFixed(1)} s`);
  assert.equal((await ada.state()).room?.amHost, true);
}

void test('the server in the plugin is killed: the party goes on', { timeout: 180_000 }, (t) =>
  assertGoesOn(t, async () => {
    const { process_id } = await jellyfin.server();
    process.kill(process_id, 'SIGKILL');
    await until('there is a new one', async () => {
      const server = await jellyfin.server();
      return server.phase === 'ready' && server.process_id !== process_id;
    });
  }),
);

void test('Jellyfin restarts: the party goes on', { timeout: 180_000 }, (t) =>
  assertGoesOn(t, () => jellyfin.restart()),
);
