// What the engine is given instead of globals. hosts/ provides the real things, tests fake ones.
import type { Player } from '../player/player';
import type { Party } from './party-state';
import type { ClockEstimate } from '../sync/clock-filter';
import type { Timeline } from '../sync/timeline';

/** Local, monotonic, milliseconds with a fraction (performance.now). Never the wall clock. */
export interface Clock {
  nowMs(): number;
}

export interface Timers {
  /** Calls `run` once, not before `delayMs` have passed. Returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export interface TransportEvents {
  onOpen(): void;
  /** `receivedAtMs`: when the bytes arrived, on the same clock as Clock.nowMs (event.timeStamp). */
  onMessage(text: string, receivedAtMs: number): void;
  /** Once, also when the connection never opened (then with code 1006). */
  onClose(code: number, reason: string): void;
}

/** One connection, open or opening. After close() no event comes any more. */
export interface Transport {
  send(text: string): void;
  close(code?: number, reason?: string): void;
}
export type OpenTransport = (url: string, events: TransportEvents) => Transport;

/** Null: go without (auth off). `refused`: the last token was not accepted, get a new one. */
export type TokenProvider = (refused: boolean) => Promise<string | null>;

export interface PartyDeps {
  readonly openTransport: OpenTransport;
  readonly clock: Clock;
  readonly timers: Timers;
  /** 0 up to (not including) 1. */
  readonly random: () => number;
  /** Of the session server: ws:// or wss://, path included. */
  readonly url: string;
  readonly userName: string;
  /** Where the viewer's dial stands: PartyCommands.playEarlier. */
  readonly earlierMs: number;
  readonly token: TokenProvider;
}

/** What tests and the sync lab measure; not for the user interface. */
export interface PartyDebug {
  readonly clock: ClockEstimate | null;
  /** Server time now, milliseconds since the epoch. Null before the first exchange. */
  readonly serverNowMs: number | null;
  /** The timeline in force now; a later one may be scheduled. */
  readonly timeline: Timeline | null;
  /** Where the player should be now, seconds. */
  readonly targetSeconds: number | null;
  /** The player's distance from it, ahead positive. */
  readonly offsetMs: number | null;
  readonly rate: number;
  /** How many orders the player got so far. */
  readonly orders: {
    readonly play: number;
    readonly pause: number;
    readonly seek: number;
    readonly rate: number;
  };
  /** Learnt: play() to the picture moving; being sent elsewhere to the picture moving there. */
  readonly startLatencyMs: number;
  readonly rendezvousMs: number;
}

export interface PartyEngine extends Party {
  /** The player of the room's media once it is there; null: none (any more). */
  setPlayer(player: Player | null): void;
  /** The page came into view or went out of it (members then show as away). */
  setVisible(visible: boolean): void;
  readonly debug: PartyDebug;
}
