// The least that a thing must offer to count as a player. State is never assumed after an order:
// it is read back when the player reports. Every adapter passes tests/player/conformance.ts.

/** What a player is doing, read at one moment. */
export interface PlayerReading {
  /** Where the picture is, seconds; true at `atMs`. */
  readonly positionSeconds: number;
  /** Local clock (performance.now) milliseconds at which `positionSeconds` was true. */
  readonly atMs: number;
  readonly paused: boolean;
  readonly seeking: boolean;
  /** HTMLMediaElement.readyState, 0 to 4. */
  readonly readyState: number;
  readonly rate: number;
  readonly durationSeconds: number;
  readonly ended: boolean;
  /** False: it was stopped since its last seek, and would go on up to 0.1 s from what it says. */
  readonly exact: boolean;
  /** 'frame': from requestVideoFrameCallback; 'time': from currentTime. */
  readonly source: 'frame' | 'time';
}

/** What the viewer did at the controls (never what our own orders caused). */
export type UserIntent =
  | { readonly kind: 'play'; readonly positionSeconds: number }
  | { readonly kind: 'pause'; readonly positionSeconds: number }
  | { readonly kind: 'seek'; readonly positionSeconds: number };

export interface PlayerEvents {
  /** The viewer asked for something. The player must not have acted on it (intercepted), or is put
   * back by the next order. */
  onIntent(intent: UserIntent): void;
  /** Something about the reading changed abruptly (seeked, waiting, canplay, ratechange, ended…). */
  onChange(): void;
  /** The browser refused to start with sound (autoplay policy): a click is needed. */
  onAutoplayRefused(): void;
}

export interface Player {
  read(): PlayerReading;
  /** Resolves when the player runs; rejects with a DOMException 'NotAllowedError' if refused. */
  play(): Promise<void>;
  pause(): void;
  seek(positionSeconds: number): void;
  /** 0.25 to 4; pitch is kept where it could be heard. */
  setRate(rate: number): void;
  /** From setRate(rate) to the new rate acting. */
  rateDelayMs(rate: number): number;
  /** From now on the viewer's actions are reported and (unless `applyLocally`) undone. */
  attach(events: PlayerEvents): void;
  /** Back to an ordinary player: rate 1, no interception. Playback goes on. */
  detach(): void;
}
