// What the interface inside Jellyfin shows besides the party itself, and what it may ask for. The host
// (hosts/) owns the state; the interface holds none of its own truth.
import type { Party } from '../session/party-state';
import type { Beeps } from '../ui/environment';

/** What stands in the way of watching together, beyond the connection, which tells of itself. */
export type Problem =
  /** Jellyfin's own SyncPlay is in use: two cannot steer one player. */
  | 'sync-play'
  /** The signed-in user may not see the title of the party. */
  | 'not-allowed'
  /** The title is there but its playback did not start. */
  | 'not-playable'
  /** Only the viewer can start the title; its page is open. */
  | 'press-play';

/** What a media id stands for. */
export interface Title {
  readonly name: string;
  /** A landscape picture; null: it has none. */
  readonly imageUrl: string | null;
  /** Whether it is one video: no series, no folder, no music. */
  readonly watchable: boolean;
}

/** What to play a title with; what is left out is for Jellyfin to choose. */
export interface Choices {
  /** The version. */
  readonly mediaSourceId?: string;
  readonly audioStreamIndex?: number;
  readonly subtitleStreamIndex?: number;
}

export interface JellyfinSession {
  readonly party: Party;
  /** Jellyfin did not hand us its player: less works. */
  readonly limited: boolean;
  readonly problem: Problem | null;
  /** The item in Jellyfin's player; null: none. */
  readonly playingId: string | null;
  /** What is known of an item. Null: not yet, it is asked for and subscribers hear of it; or never. */
  title(itemId: string): Title | null;
  /** Plays the item and starts a party with it; in a party that one hosts, takes the party there. */
  watchTogether(itemId: string, choices?: Choices, isPrivate?: boolean): void;
  /** Joins a party: its title is opened in the player. Of the party one is in: opens it again. */
  join(roomId: string, ticket?: string | null): void;
  inviteUrl(roomId: string, ticket: string | null): string;
  /** Forgets the problem and tries again. */
  retry(): void;
  /** Calls back after every change, the party's too; returns the unsubscriber. */
  subscribe(listener: () => void): () => void;
}

/** What the interface is given instead of globals. */
export interface Surface {
  readonly document: Document;
  /** The language tag that Jellyfin shows itself in. */
  readonly language: () => string;
  /** The part of the address after `#`: Jellyfin's route. */
  readonly route: () => string;
  /** The party's local clock, milliseconds. */
  readonly nowMs: () => number;
  /** Calls `run` once after `delayMs`; returns what cancels it. */
  readonly later: (delayMs: number, run: () => void) => () => void;
  /** Resolves to false where the page may not write to the clipboard. */
  readonly copyText: (text: string) => Promise<boolean>;
  /** Beeps once per period with this viewer's film silent; rejects where there is no sound. */
  readonly startBeeps: (periodMs: number) => Promise<Beeps>;
}
