// The quality that an administrator wants for parties. jellyfin-web takes the bitrate of a start from
// the user's settings, and offers no other way; so for the moment of the start, and in memory only, its
// settings answer with the administrator's. A viewer who has chosen a quality keeps it: what is
// replaced is the automatic choice.
import type { Choices } from '../jellyfin/session';
import type { AppSettings, BaseItem, MediaSource, PluginObjects } from './jellyfin-web';

/** As the plugin's `Info` has it. */
export interface Quality {
  /** Bits a second; 0: none set. */
  readonly default_max_bitrate: number;
  /** A file that the device plays as it is, is not converted for its bitrate. */
  readonly prefer_direct_play: boolean;
}

/** More than any file has. */
const UNLIMITED = 1_000_000_000;

/** Runs `play` with the bitrate that is wanted for this item on this device. */
export async function playWithin(
  quality: Quality,
  objects: Pick<PluginObjects, 'playbackManager' | 'appSettings'>,
  item: BaseItem,
  { mediaSourceId }: Choices,
  play: () => Promise<unknown>,
): Promise<void> {
  const { playbackManager, appSettings } = objects;
  let limit = quality.default_max_bitrate;
  if (limit > 0 && quality.prefer_direct_play) {
    const versions = await withBitrate(appSettings, UNLIMITED, () =>
      playbackManager.getPlaybackMediaSources(item),
    ).catch((): MediaSource[] => []);
    const wanted = versions.filter(({ Id }) => mediaSourceId === undefined || Id === mediaSourceId);
    const asItIs = wanted.find((version) => version.SupportsDirectPlay === true);
    limit = Math.max(limit, asItIs?.Bitrate ?? 0);
  }
  await (limit > 0 ? withBitrate(appSettings, limit, play) : play());
}

/** The settings' own answers while ours stand in for them. Starts may overlap: the last one puts back. */
let own: Pick<AppSettings, keyof AppSettings> | null = null;
let starts = 0;

/** Runs one start while the settings' automatic choice for videos is this bitrate. */
async function withBitrate<Result>(
  settings: AppSettings,
  bitrate: number,
  run: () => Promise<Result>,
): Promise<Result> {
  own ??= {
    enableAutomaticBitrateDetection: settings.enableAutomaticBitrateDetection.bind(settings),
    maxStreamingBitrate: settings.maxStreamingBitrate.bind(settings),
  };
  const theirs = own;
  starts += 1;
  settings.enableAutomaticBitrateDetection = (inNetwork, type, value) =>
    type === 'Video' && value === undefined
      ? false
      : theirs.enableAutomaticBitrateDetection(inNetwork, type, value);
  settings.maxStreamingBitrate = (inNetwork, type, value) =>
    type === 'Video' &&
    value === undefined &&
    theirs.enableAutomaticBitrateDetection(inNetwork, type)
      ? bitrate
      : theirs.maxStreamingBitrate(inNetwork, type, value);
  try {
    return await run();
  } finally {
    starts -= 1;
    if (starts === 0) {
      Object.assign(settings, own);
      own = null;
    }
  }
}
