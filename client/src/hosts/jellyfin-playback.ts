// What plays in Jellyfin, and how to make it play something. Two ways: by the playback manager that
// jellyfin-web hands to plugins (here), or, where it handed us none, by what its page and server show
// (jellyfin-page-playback.ts).
import type { Choices } from '../jellyfin/session';
import { TICKS_PER_SECOND } from '../player/jellyfin';
import { playWithin, type Quality } from './jellyfin-quality';
import type { ApiClient, BaseItem, MediaSource, PluginObjects } from './jellyfin-web';

export interface JellyfinPlayback {
  /** What is in the player: the version of the item, where that is an item of its own. Null: nothing. */
  readonly itemId: string | null;
  /** How long that is; 0: not known. */
  readonly lengthSeconds: number;
  /** Jellyfin's own SyncPlay has the player. */
  readonly syncPlay: boolean;
  /** Whether this is in the player: the item, or the version of it that plays. */
  plays(itemId: string): boolean;
  /** Rejects if it can't be started; with `NeedsHand` if the viewer can. */
  play(item: BaseItem, startTicks: number, choices: Choices): Promise<void>;
  seekTicks(ticks: number): void;
  /** Calls back when another item plays, or none; returns the unsubscriber. */
  watch(listener: () => void): () => void;
}

/** The title's page is open, and its own button would start it. */
export class NeedsHand extends Error {}

/** By the playback manager. */
export function managedPlayback(
  objects: PluginObjects,
  api: ApiClient,
  quality: Quality,
): JellyfinPlayback {
  const { playbackManager, events } = objects;
  const changes = ['playbackstart', 'playbackstop', 'playerchange'];
  const playing = (): { item: BaseItem; source: MediaSource | null } | null => {
    const player = playbackManager.getCurrentPlayer();
    const item = player && playbackManager.currentItem(player);
    return item ? { item, source: playbackManager.currentMediaSource(player) ?? null } : null;
  };
  const ids = (): string[] => {
    const now = playing();
    if (!now) return [];
    const { item } = now;
    const version = now.source?.Id ?? '';
    return [version, item.Id].filter(isItemId).map((id) => id.toLowerCase());
  };
  return {
    get itemId() {
      return ids()[0] ?? null;
    },
    get lengthSeconds() {
      const now = playing();
      return (now?.source?.RunTimeTicks ?? now?.item.RunTimeTicks ?? 0) / TICKS_PER_SECOND;
    },
    get syncPlay() {
      return playbackManager.syncPlayEnabled === true;
    },
    plays: (itemId) => ids().includes(itemId),
    async play(item, startPositionTicks, choices) {
      await playWithin(quality, objects, item, choices, () =>
        playbackManager.play({
          ...choices,
          ids: [item.Id],
          serverId: api.serverId(),
          startPositionTicks,
          fullscreen: true,
        }),
      );
    },
    seekTicks: (ticks) => playbackManager.seek(ticks),
    watch(listener) {
      // The manager changes what it says of itself after its handlers have run
      const soon = (): void => queueMicrotask(listener);
      for (const name of changes) events.on(playbackManager, name, soon);
      return () => {
        for (const name of changes) events.off(playbackManager, name, soon);
      };
    },
  };
}

/** Versions that are no files of the library have other ids, which mean nothing to anybody else. */
export function isItemId(id: string): boolean {
  return /^[\da-f]{32}$/iu.test(id);
}

/** An item as people call it. */
export function titleOf(item: BaseItem): string {
  const name = item.Name ?? '';
  if (item.SeriesName === undefined) return name;
  const { ParentIndexNumber: season, IndexNumber: episode } = item;
  const number = season === undefined || episode === undefined ? '' : ` ${season}×${episode}`;
  return `${item.SeriesName}${number}${name === '' ? '' : ` · ${name}`}`;
}

/** A landscape picture of an item, 16:9 as far as there is one. */
export function imageOf(item: BaseItem, serverAddress: string): string | null {
  const image = (id: string, kind: string, tag: string): string =>
    `${serverAddress}/Items/${id}/Images/${kind}?fillWidth=480&quality=90&tag=${tag}`;
  const { Thumb, Primary } = item.ImageTags ?? {};
  const backdrop = item.BackdropImageTags?.[0];
  const inherited = item.ParentBackdropImageTags?.[0];
  if (item.Type === 'Episode' && Primary !== undefined) return image(item.Id, 'Primary', Primary);
  if (backdrop !== undefined) return image(item.Id, 'Backdrop/0', backdrop);
  if (Thumb !== undefined) return image(item.Id, 'Thumb', Thumb);
  if (inherited !== undefined && item.ParentBackdropItemId !== undefined)
    return image(item.ParentBackdropItemId, 'Backdrop/0', inherited);
  return null;
}

/** Whether it is one video: no series, no folder, no music, no channel. */
export function isWatchable(item: BaseItem): boolean {
  return item.MediaType === 'Video' && item.IsFolder !== true && item.Type !== 'TvChannel';
}
