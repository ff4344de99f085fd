// The administrator's bitrate holds for a start, and leaves nothing behind in the user's settings.
import { beforeEach, expect, test } from 'vitest';
import { playWithin } from '../../src/hosts/jellyfin-quality';
import type { AppSettings, MediaSource, PlaybackManager } from '../../src/hosts/jellyfin-web';

class FakeSettings implements AppSettings {
  automatic = true;
  enableAutomaticBitrateDetection(): boolean {
    return this.automatic;
  }
  maxStreamingBitrate(): number {
    return 3_000_000;
  }
}

let settings: FakeSettings;
let versions: MediaSource[];
const item = { Id: 'film' };

beforeEach(() => {
  settings = new FakeSettings();
  versions = [];
});

/** The bitrate that a start finds, and what is found after it. */
async function bitrateAt(limit: number, prefersDirectPlay: boolean): Promise<number> {
  const playbackManager = {
    getPlaybackMediaSources: () => Promise.resolve(versions),
  } as unknown as PlaybackManager;
  const quality = { default_max_bitrate: limit, prefer_direct_play: prefersDirectPlay };
  const objects = { playbackManager, appSettings: settings };
  let seen = 0;
  await playWithin(quality, objects, item, {}, () => {
    const { appSettings }: { appSettings: AppSettings } = objects;
    const automatic = appSettings.enableAutomaticBitrateDetection(true, 'Video');
    seen = automatic ? -1 : appSettings.maxStreamingBitrate(true, 'Video');
    return Promise.resolve();
  });
  expect(settings.enableAutomaticBitrateDetection()).toBe(settings.automatic);
  expect(settings.maxStreamingBitrate()).toBe(3_000_000);
  return seen;
}

test('without a bitrate Jellyfin chooses', async () => {
  expect(await bitrateAt(0, true)).toBe(-1);
});

test('the bitrate takes the place of the automatic choice', async () => {
  expect(await bitrateAt(8_000_000, false)).toBe(8_000_000);
});

test('a viewer’s own choice stays', async () => {
  settings.automatic = false;
  expect(await bitrateAt(8_000_000, false)).toBe(3_000_000);
});

test('a file that plays as it is may have more, one that has to be converted may not', async () => {
  versions = [{ Id: 'film', Bitrate: 20_000_000, SupportsDirectPlay: true }];
  expect(await bitrateAt(8_000_000, true)).toBe(20_000_000);
  expect(await bitrateAt(8_000_000, false)).toBe(8_000_000);
  versions = [{ Id: 'film', Bitrate: 20_000_000, SupportsDirectPlay: false }];
  expect(await bitrateAt(8_000_000, true)).toBe(8_000_000);
});
