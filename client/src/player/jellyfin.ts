// The video element of Jellyfin's player as a player.
//
// It is an HTML5 player but for two things. A converted stream that is no HLS begins at zero wherever
// in the title it was started (`StartTimeTicks` in its address), so positions are moved by that start;
// its length is that of what has come so far, so the title's is asked of Jellyfin; and to seek in it is
// to ask Jellyfin for another stream. And Jellyfin may put another
// stream into the element at any time (another sound track, another quality): what the element says
// until that plays was nobody's wish.
import { Html5Player, type Html5Deps } from './html5';
import type { Player, PlayerEvents, PlayerReading } from './player';

export const TICKS_PER_SECOND = 10_000_000;
/** An answer further off than this was a seek, not the same place in another stream. */
const SAME_PLACE_SECONDS = 3;

export interface JellyfinPlayerDeps extends Pick<Html5Deps, 'nowMs'> {
  /** Jellyfin's own seek, for streams that have to be started anew. */
  readonly seekTicks: (ticks: number) => void;
  /** Of the title, as Jellyfin knows it; 0: not known. */
  readonly lengthSeconds: () => number;
}

export class JellyfinPlayer implements Player {
  private readonly inner: Html5Player;
  /** Another stream was put in and does not play yet. */
  private changing = false;
  /** The place that another stream was asked for; null: none was. */
  private wantedSeconds: number | null = null;
  private shownSeconds = 0;
  private detachListeners: () => void = () => undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly deps: JellyfinPlayerDeps,
  ) {
    this.inner = new Html5Player(video, {
      nowMs: deps.nowMs,
      // hls.js feeds a blob; the browser's own HLS has the playlist's address
      isHls: () => /^blob:|\.m3u8(?:\?|$)/iu.test(video.currentSrc),
    });
  }

  read(): PlayerReading {
    const reading = this.inner.read();
    const { currentSrc } = this.video;
    const startSeconds = streamStartSeconds(currentSrc);
    return {
      ...reading,
      positionSeconds: this.wantedSeconds ?? reading.positionSeconds + startSeconds,
      seeking: reading.seeking || this.wantedSeconds !== null,
      // To have it exact, Jellyfin would have to start the stream anew
      exact: reading.exact || isConverted(currentSrc),
      durationSeconds: isConverted(currentSrc)
        ? this.deps.lengthSeconds()
        : reading.durationSeconds,
    };
  }

  play(): Promise<void> {
    return this.inner.play();
  }

  pause(): void {
    this.inner.pause();
  }

  seek(positionSeconds: number): void {
    if (!isConverted(this.video.currentSrc)) return this.inner.seek(positionSeconds);
    this.wantedSeconds = positionSeconds;
    this.deps.seekTicks(Math.round(positionSeconds * TICKS_PER_SECOND));
  }

  setRate(rate: number): void {
    this.inner.setRate(rate);
  }

  rateDelayMs(rate: number): number {
    return this.inner.rateDelayMs(rate);
  }

  attach(events: PlayerEvents): void {
    this.detach();
    const { video } = this;
    const handlers: readonly [string, () => void][] = [
      ['timeupdate', () => this.remember()],
      ['emptied', () => (this.changing = true)],
      ['playing', () => this.onPlaying(events)],
    ];
    for (const [name, handler] of handlers) video.addEventListener(name, handler);
    this.detachListeners = () => {
      for (const [name, handler] of handlers) video.removeEventListener(name, handler);
    };
    this.remember();
    this.inner.attach({
      onIntent: (intent) => {
        if (this.changing || this.wantedSeconds !== null) return;
        const positionSeconds = intent.positionSeconds + streamStartSeconds(video.currentSrc);
        events.onIntent({ ...intent, positionSeconds });
      },
      onChange: () => events.onChange(),
      onAutoplayRefused: () => events.onAutoplayRefused(),
    });
  }

  detach(): void {
    this.detachListeners();
    this.detachListeners = () => undefined;
    this.inner.detach();
    this.changing = false;
    this.wantedSeconds = null;
  }

  private remember(): void {
    if (!this.changing && !this.video.seeking) this.shownSeconds = this.read().positionSeconds;
  }

  /** The other stream plays. If it does so elsewhere, and not by our order, the viewer sought. */
  private onPlaying(events: PlayerEvents): void {
    if (!this.changing) return;
    this.changing = false;
    const ordered = this.wantedSeconds !== null;
    this.wantedSeconds = null;
    const { positionSeconds } = this.read();
    const sought = Math.abs(positionSeconds - this.shownSeconds) > SAME_PLACE_SECONDS;
    if (!ordered && sought && isConverted(this.video.currentSrc))
      events.onIntent({ kind: 'seek', positionSeconds });
    this.remember();
    events.onChange();
  }
}

/** Where in the title the stream of this address begins. */
function streamStartSeconds(address: string): number {
  if (!isConverted(address)) return 0;
  const ticks = Number(query(address).get('starttimeticks') ?? 0);
  return Number.isFinite(ticks) && ticks > 0 ? ticks / TICKS_PER_SECOND : 0;
}

/** A stream that Jellyfin makes as it goes, in one piece: there is nothing in it to seek to. */
function isConverted(address: string): boolean {
  if (!/\/videos\/[^?]*\/stream/iu.test(address)) return false;
  const parameters = query(address);
  return parameters.get('static') !== 'true' && parameters.get('copytimestamps') !== 'true';
}

/**
 * Names and values in small letters: Jellyfin's own spelling has changed more than once. It adds where
 * to begin as a fragment, `#t=64`.
 */
function query(address: string): Map<string, string> {
  const text = address.split('#')[0]?.split('?')[1] ?? '';
  return new Map(
    [...new URLSearchParams(text)].map(([name, value]) => [
      name.toLowerCase(),
      value.toLowerCase(),
    ]),
  );
}
