// What we use of jellyfin-web 10.10 to 12, as far as we use it. Its own names and shapes.

/** An item of the library. */
export interface BaseItem {
  readonly Id: string;
  readonly ServerId?: string;
  readonly Name?: string;
  readonly Type?: string;
  readonly MediaType?: string;
  readonly IsFolder?: boolean;
  readonly SeriesName?: string;
  readonly ParentIndexNumber?: number;
  readonly IndexNumber?: number;
  readonly RunTimeTicks?: number | null;
  readonly ImageTags?: Readonly<Record<string, string>>;
  readonly BackdropImageTags?: readonly string[];
  readonly ParentBackdropItemId?: string;
  readonly ParentBackdropImageTags?: readonly string[];
  readonly MediaSources?: readonly MediaSource[];
}

/** A version of an item; its id is that of an item, too, where it is a file of the library. */
export interface MediaSource {
  readonly Id?: string;
  /** Bits a second of the file. */
  readonly Bitrate?: number | null;
  readonly RunTimeTicks?: number | null;
  readonly SupportsDirectPlay?: boolean;
}

/** The connection to the Jellyfin server; another object after every change of server. */
export interface ApiClient {
  /** With the base URL, without a slash at the end. */
  serverAddress(): string;
  accessToken(): string | null | undefined;
  getCurrentUserId(): string | null | undefined;
  serverId(): string;
  deviceId(): string;
  getItem(userId: string, itemId: string): Promise<BaseItem>;
}

export interface PlayOptions {
  readonly ids: readonly string[];
  readonly serverId: string;
  readonly startPositionTicks: number;
  readonly mediaSourceId?: string;
  readonly audioStreamIndex?: number;
  readonly subtitleStreamIndex?: number;
  readonly fullscreen: boolean;
}

/** Jellyfin's player of the moment; only handed back to the manager. */
export type WebPlayer = object;

export interface PlaybackManager {
  readonly syncPlayEnabled?: boolean;
  /** Resolves once it has started. */
  play(options: PlayOptions): Promise<unknown>;
  seek(ticks: number): void;
  getCurrentPlayer(): WebPlayer | null | undefined;
  currentItem(player: WebPlayer): BaseItem | null | undefined;
  currentMediaSource(player: WebPlayer): MediaSource | null | undefined;
  /** The versions of an item as the server would play them on this device at the bitrate that is set. */
  getPlaybackMediaSources(item: BaseItem): Promise<readonly MediaSource[]>;
}

/** What the user set for this browser. Each reads without `value`, and writes with it. */
export interface AppSettings {
  enableAutomaticBitrateDetection(inNetwork: boolean, mediaType: string, value?: boolean): boolean;
  maxStreamingBitrate(inNetwork: boolean, mediaType: string, value?: number): number;
}

/** The handler gets the event, then what the sender adds. */
export interface Events {
  on(sender: object, name: string, handler: (...values: unknown[]) => void): void;
  off(sender: object, name: string, handler: (...values: unknown[]) => void): void;
}

/** What jellyfin-web constructs a plugin with. */
export interface PluginObjects {
  readonly events: Events;
  readonly playbackManager: PlaybackManager;
  readonly appSettings: AppSettings;
}
