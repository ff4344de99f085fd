// What plays in Jellyfin, and how to make it play something. Two ways: by the playback manager that
// jellyfin-web hands to plugins, or, where it handed us none, by what its page and server show.
import type { ApiClient, BaseItem, PluginObjects } from './jellyfin-web';

export interface JellyfinPlayback {
  /** The item in the player; null: none. */
  readonly itemId: string | null;
  /** Jellyfin's own SyncPlay has the player. */
  readonly syncPlay: boolean;
  /** Rejects if it can't be started. */
  play(itemId: string, startTicks: number): Promise<void>;
  seekTicks(ticks: number): void;
  /** Calls back when another item plays, or none; returns the unsubscriber. */
  watch(listener: () => void): () => void;
}

/** By the playback manager. */
export function managedPlayback(
  { playbackManager, events }: PluginObjects,
  api: ApiClient,
): JellyfinPlayback {
  const changes = ['playbackstart', 'playbackstop', 'playerchange'];
  return {
    get itemId() {
      const player = playbackManager.getCurrentPlayer();
      return (player && playbackManager.currentItem(player)?.Id.toLowerCase()) ?? null;
    },
    get syncPlay() {
      return playbackManager.syncPlayEnabled === true;
    },
    async play(itemId, startTicks) {
      await playbackManager.play({
        ids: [itemId],
        serverId: api.serverId(),
        startPositionTicks: startTicks,
        fullscreen: true,
      });
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
