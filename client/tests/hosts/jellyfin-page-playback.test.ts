// @vitest-environment happy-dom
// Without the playback manager: what plays is read off the page, titles are started by the server.
import { beforeEach, expect, test, vi } from 'vitest';
import { PagePlayback } from '../../src/hosts/jellyfin-page-playback';
import { NeedsHand } from '../../src/hosts/jellyfin-playback';

const film = `${'f'.repeat(31)}1`;
const version = `${'f'.repeat(31)}2`;
const asked: string[] = [];
let answers: Record<string, unknown>;
let expire: () => void;
let shown: string | null;
let playback: PagePlayback;
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  document.body.innerHTML = '';
  asked.length = 0;
  shown = null;
  const session = { Id: 'mine', UserId: 'me', NowPlayingItem: { Id: film } };
  answers = { 'Sessions?deviceId=this%20one': [{ Id: 'old', UserId: 'other' }, session] };
  playback = new PagePlayback({
    document,
    api: { deviceId: () => 'this one', getCurrentUserId: () => 'me' },
    ask: (path) => {
      asked.push(path);
      return Promise.resolve(answers[path] ?? null);
    },
    showItem: (id) => (shown = id),
    later: (_, run) => {
      expire = run;
      return () => undefined;
    },
  });
});

function plays(address: string): void {
  document.body.innerHTML = '<video class="htmlvideoplayer"></video>';
  const video = document.querySelector('video');
  Object.defineProperty(video, 'currentSrc', { value: address });
  video?.dispatchEvent(new Event('playing'));
}

test('a stream’s address names the version and its item', () => {
  expect(playback.itemId).toBeNull();
  plays(`http://jelly/Videos/${film}/stream.mp4?Static=true&mediaSourceId=${version}#t=64`);
  expect(playback.itemId).toBe(version);
  expect([film, version, 'else'].map((id) => playback.plays(id))).toEqual([true, true, false]);
});

test('else the player’s page names the item, unless it is an old one', () => {
  plays('blob:x');
  document.body.insertAdjacentHTML(
    'beforeend',
    `<div id="videoOsdPage"><div class="videoOsdBottom"><b class="btnUserRating" data-id="${film}"></b></div></div>`,
  );
  expect(playback.itemId).toBe(film);
  document.querySelector('#videoOsdPage')?.classList.add('hide');
  expect(playback.itemId).toBeNull();
});

test('else the server is asked, and who watches is told', async () => {
  const told = vi.fn();
  const unwatch = playback.watch(told);
  plays('blob:x');
  await settled();
  expect(playback.itemId).toBe(film);
  expect(told).toHaveBeenCalled();
  unwatch();
  told.mockClear();
  document.body.innerHTML = '';
  await settled();
  expect(told).not.toHaveBeenCalled();
});

test('a title is started by the server, in the chosen version', async () => {
  const started = playback.play({ Id: film }, 50, { mediaSourceId: version });
  await settled();
  expect(asked.at(-1)).toBe(
    `Sessions/mine/Playing?playCommand=PlayNow&itemIds=${film}&startPositionTicks=50&mediaSourceId=${version}`,
  );
  plays(`http://jelly/Videos/${film}/stream.mp4`);
  await started;
  expect(shown).toBeNull();
});

test('where the server does not reach the page, the viewer gets the title’s page', async () => {
  const started = playback.play({ Id: film }, 0, {});
  await settled();
  expire();
  await expect(started).rejects.toThrow(NeedsHand);
  expect(shown).toBe(film);
  answers = {};
  await expect(playback.play({ Id: film }, 0, {})).rejects.toThrow(NeedsHand);
});

test('a converted stream is sought by the server', async () => {
  playback.seekTicks(70);
  await settled();
  expect(asked.at(-1)).toBe('Sessions/mine/Playing/Seek?seekPositionTicks=70');
});
