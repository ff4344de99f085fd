// Parties inside Jellyfin: the real plugin with the real server in a stand-in of Jellyfin, and people who
// click. With JELLYFIN_WEB (a built jellyfin-web) in its real client, else on a page of the same shape.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Jellyfin, film, secret, sequel, type Name } from './jellyfin.ts';
import { assertInStep, until, type Window } from './windows.ts';

const details = (id: string): string => `/details?id=${id}&serverId=${'5'.repeat(32)}`;
let jellyfin: Jellyfin;
const windows: Window[] = [];

async function open(name: Name, route: string): Promise<Window> {
  const window = await jellyfin.open(name, route);
  windows.push(window);
  return window;
}

async function leaveAll(): Promise<void> {
  for (const window of windows.splice(0)) {
    const { trouble } = window;
    await window.picture(`jellyfin-${window.name}`).catch(() => undefined);
    await window.close().catch(() => undefined);
    assert.deepEqual(trouble, [], 'no exception in the page');
  }
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

/** The title whose stream is in the player. */
async function playingId(window: Window): Promise<string | undefined> {
  const video = window.page.locator('video');
  if ((await video.count()) !== 1) return undefined;
  const address = await video.evaluate((element) => (element as HTMLVideoElement).currentSrc);
  return /videos\/([0-9a-f]{32})/iu.exec(address)?.[1];
}

before(async () => {
  jellyfin = await Jellyfin.start();
});
after(async () => {
  await leaveAll();
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
  await leaveAll();
});

void test('the party follows its host to another title', { timeout: 120_000 }, async (t) => {
  const ada = await host('Ada');
  const ben = await joinFromHome('Ben');
  await play(ada);
  await assertInStep(t, [ada, ben], 3);
  await ada.page.evaluate((to) => (location.hash = `#${to}`), details(sequel));
  await ada.page.locator('[data-owp=details]:visible').click();
  for (const window of [ada, ben]) {
    const there = async (): Promise<boolean> =>
      (await window.state()).room?.mediaId === sequel && (await playingId(window)) === sequel;
    await until(`${window.name} is at the other title`, there);
  }
  await play(ada);
  await assertInStep(t, [ada, ben], 3);
  await leaveAll();
});

void test('a party starts from the player, too', { timeout: 60_000 }, async () => {
  const ada = await open('Ada', details(film));
  await ada.page.locator('.btnPlay:visible').first().click();
  await ada.page.locator('video').waitFor();
  await ada.page.mouse.move(300, 300);
  await ada.page.locator('[data-owp=osd]').click();
  await ada.page.getByRole('button', { name: /start a party/iu }).click();
  await inRoom(ada);
  assert.equal((await ada.state()).room?.mediaId, film);
  await leaveAll();
});

void test('an invitation leads into the party', { timeout: 60_000 }, async () => {
  const ada = await host('Ada');
  const room = (await ada.state()).room?.id ?? '';
  const cleo = await open('Cléo 🎬', `/home?owp=${room}`);
  await inRoom(cleo);
  await ada.untilMembers(2);
  assert.deepEqual(
    (await ada.state()).room?.members.map(({ name }) => name),
    ['Ada', 'Cléo 🎬'],
  );
  await leaveAll();
});

void test('who may not see the title is told so', { timeout: 60_000 }, async () => {
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
  await leaveAll();
});

void test(
  'the server in the plugin is killed: the film goes on, and the next party works',
  { timeout: 120_000 },
  async (t) => {
    const ada = await host('Ada');
    await play(ada);
    await until('it plays', async () => !(await ada.video()).paused);
    const { process_id } = await jellyfin.server();
    process.kill(process_id, 'SIGKILL');
    await until('there is a new one', async () => {
      const server = await jellyfin.server();
      return server.phase === 'ready' && server.process_id !== process_id;
    });
    await until('Ada is connected again', async () => {
      const { connection, room } = await ada.state();
      return connection.kind === 'online' && room === null;
    });
    assert.equal((await ada.video()).paused, false);
    await leaveAll();
    const again = await host('Ada');
    const ben = await joinFromHome('Ben');
    await play(again);
    await assertInStep(t, [again, ben], 3);
    await leaveAll();
  },
);
