// What the interface is given besides the party: the page's video, address, clock and clipboard. The
// host (hosts/page.ts) provides the real things, tests fake ones.
import type { Party } from '../session/party-state';
import type { Library, Video } from './library';
import type { Route } from './route';
import type { Store } from './store';

/** The video element and what is loaded into it. */
export interface Screen {
  readonly element: HTMLVideoElement;
  /** What is loaded; null: nothing. Stays when the room has gone: playback goes on. */
  readonly video: Store<Video | null>;
  /** True while the loaded video cannot be played. */
  readonly failed: Store<boolean>;
  /** Unloads. */
  stop(): void;
  /** The viewer asked for it; in a room the engine decides what becomes of it. */
  play(): void;
  pause(): void;
  seek(positionSeconds: number): void;
}

export interface SignIn {
  /** `needed`: the server asks for a token; `refused`: the one given was not accepted. */
  readonly state: Store<{ readonly needed: boolean; readonly refused: boolean }>;
  submit(token: string): void;
}

/** Beeps that are on until they are stopped; the first may lie ahead. */
export interface Beeps {
  /** When the first beep leaves the browser, by the party's local clock, as far as it knows. */
  firstBeatMs(): number;
  stop(): void;
}

export interface Environment {
  readonly party: Party;
  readonly screen: Screen;
  readonly signIn: SignIn;
  readonly library: Store<Library>;
  readonly reloadLibrary: () => void;
  readonly route: Store<Route>;
  /** Changes the address; `replace`: without a step in the history. */
  readonly navigate: (route: Route, how: 'push' | 'replace') => void;
  /** The full address that invites to a room; a private one is opened by its ticket. */
  readonly inviteUrl: (roomId: string, ticket: string | null) => string;
  /** Resolves to false where the page may not write to the clipboard. */
  readonly copyText: (text: string) => Promise<boolean>;
  /** The party's local clock, milliseconds. */
  readonly nowMs: () => number;
  /** Calls `run` once after `delayMs`; returns what cancels it. */
  readonly later: (delayMs: number, run: () => void) => () => void;
  /** Beeps once per period with this viewer's film silent; rejects where there is no sound. */
  readonly startBeeps: (periodMs: number) => Promise<Beeps>;
  readonly setTitle: (title: string) => void;
}
