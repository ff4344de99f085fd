// What the user interface shows and what it may ask for. The engine (party.ts) owns the state and
// publishes a new immutable PartyState after every change; the UI holds none of its own truth.

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online' }
  /** Lost; the next try is at `nextTryAtMs` (local clock, performance.now). */
  | { readonly kind: 'reconnecting'; readonly attempt: number; readonly nextTryAtMs: number }
  /** Given up: a code said so. `message` is for people. */
  | { readonly kind: 'stopped'; readonly code: string; readonly message: string };

export interface RoomEntry {
  readonly id: string;
  readonly name: string;
  readonly hostName: string;
  readonly count: number;
  readonly mediaId: string | null;
  readonly playing: boolean;
}

export type MemberStatus = 'ready' | 'playing' | 'buffering' | 'away';

export interface Member {
  readonly clientId: string;
  readonly name: string;
  readonly isHost: boolean;
  readonly isMe: boolean;
  readonly status: MemberStatus;
  readonly offsetMs: number | null;
  readonly delayMs: number | null;
}

export interface ChatLine {
  readonly id: number;
  readonly clientId: string;
  readonly userName: string;
  readonly text: string;
  readonly mine: boolean;
  /** Server time, milliseconds since the epoch. */
  readonly atMs: number;
}

export interface SyncReading {
  /** The player's distance from where it should be; ahead is positive. Null while unknown. */
  readonly offsetMs: number | null;
  /** How far `offsetMs` may be from the truth (±). Null while the offset or the clock is unknown. */
  readonly uncertaintyMs: number | null;
  /** The viewer's dial: where it should be lies this much ahead of the party; negative: behind. */
  readonly earlierMs: number;
  /** How well the clock is known (±). Null before the first exchange. */
  readonly clockUncertaintyMs: number | null;
  readonly roundTripMs: number | null;
  readonly state: 'idle' | 'settling' | 'in-step' | 'correcting' | 'seeking' | 'buffering';
  readonly rate: number;
}

/** Of who has no player in a party. */
export const idleSync: SyncReading = {
  offsetMs: null,
  uncertaintyMs: null,
  earlierMs: 0,
  clockUncertaintyMs: null,
  roundTripMs: null,
  state: 'idle',
  rate: 1,
};

export interface RoomView {
  readonly id: string;
  readonly name: string;
  readonly mediaId: string | null;
  /** In nobody's list, and opened by an invite ticket alone. */
  readonly isPrivate: boolean;
  readonly amHost: boolean;
  readonly members: readonly Member[];
  readonly playing: boolean;
  /** Names of those a pending play waits for; empty: nothing pends. */
  readonly waitingFor: readonly string[];
  readonly chat: readonly ChatLine[];
}

export interface Notice {
  readonly id: number;
  readonly kind: 'info' | 'warning' | 'error';
  /** Stable code (codes.json or 'ROOM_CLOSED', 'HOST_ONLY', 'JOINED', 'LEFT' …). */
  readonly code: string;
  /** In English; the interface has its own words for the codes that it knows. */
  readonly text: string;
  /** Whom it is about, where it is about somebody. */
  readonly name?: string;
}

export interface PartyState {
  readonly connection: ConnectionState;
  readonly userName: string;
  /** null: auth is off or not yet known. */
  readonly signedIn: boolean | null;
  readonly rooms: readonly RoomEntry[];
  readonly room: RoomView | null;
  readonly sync: SyncReading;
  /** The browser refused to start by itself: the UI shows "click to join in" and calls joinIn(). */
  readonly needsClick: boolean;
  readonly notices: readonly Notice[];
}

export interface PartyCommands {
  setUserName(name: string): void;
  createRoom(mediaId: string, startPositionSeconds: number, isPrivate?: boolean): void;
  /** `ticket`: what an invite to a private room brought along. */
  joinRoom(roomId: string, ticket?: string | null): void;
  leaveRoom(): void;
  closeRoom(): void;
  /** Host of a private room only: a fresh ticket to it. Null: none came, and a notice says why. */
  createInvite(): Promise<string | null>;
  /** Host only: the room goes on with that title, paused there. */
  setMedia(mediaId: string, startPositionSeconds: number): void;
  sendChat(text: string): void;
  /** From a click handler: start the player now that the browser allows it. */
  joinIn(): void;
  dismissNotice(id: number): void;
  /** The viewer's dial: play this much earlier than the party (negative: later). */
  playEarlier(earlierMs: number): void;
  /** Forget the wait and try to connect at once. */
  reconnectNow(): void;
}

export interface Party extends PartyCommands {
  readonly state: PartyState;
  /** Calls back after every change; returns the unsubscriber. */
  subscribe(listener: (state: PartyState) => void): () => void;
  dispose(): void;
}
