// What the playback manager says of what plays, as we read it; the manager is a fake.
import { expect, test } from 'vitest';
import { managedPlayback } from '../../src/hosts/jellyfin-playback';
import type { ApiClient, BaseItem, MediaSource, PluginObjects } from '../../src/hosts/jellyfin-web';

const film = 'F'.repeat(32);
const version = 'a'.repeat(32);

function playing(item: BaseItem | null, source: MediaSource | null) {
  const fakeManager = {
    syncPlayEnabled: true,
    getCurrentPlayer: () => ({}),
    currentItem: () => item,
    currentMediaSource: () => source,
  };
  const objects = { playbackManager: fakeManager } as unknown as PluginObjects;
  return managedPlayback(objects, {} as ApiClient, {
    default_max_bitrate: 0,
    prefer_direct_play: true,
  });
}

test('item and version are both known, the version first', () => {
  const playback = playing({ Id: film }, { Id: version });
  expect(playback.itemId).toBe(version);
  expect([film.toLowerCase(), version].map((id) => playback.plays(id))).toEqual([true, true]);
  expect(playback.syncPlay).toBe(true);
});

test('the length is that of the version, else of the item, else not known', () => {
  const ticks = (RunTimeTicks: number) => ({ RunTimeTicks });
  const item = { Id: film, ...ticks(600_000_000) };
  expect(playing(item, ticks(500_000_000)).lengthSeconds).toBe(50);
  expect(playing(item, null).lengthSeconds).toBe(60);
  expect(playing({ Id: film }, {}).lengthSeconds).toBe(0);
});

test('nothing plays', () => {
  expect(playing(null, null)).toMatchObject({ itemId: null, lengthSeconds: 0 });
});
