// An HTMLVideoElement as a player.
//
// Reading. Two clocks tell where the picture is, and each has what the other lacks. Frames
// (requestVideoFrameCallback) say what is on the screen and when, but only in steps of the display:
// 24 frames a second on 60 Hz stray by 8 ms, by turns. currentTime runs smoothly (0.1 to 0.5 ms)
// but beside the picture, by 9 to 14 ms in Chromium. So currentTime gives the line, and the mean
// distance of the frames from it, which is a property of the browser and of no moment, moves the
// line to the picture. The two are never taken for each other.
//
// At rest. Chromium's currentTime stops with pause(), but what sound was under way goes on for some
// 80 ms, unseen, and the next start begins there. After a seek it begins where it says.
//
// Rates. Chromium with pitch preserved answers a change of rate after 468 ms, throws the line off by
// some 20 ms when it leaves 1 and lets it stray by 6 ms from then on; without, it obeys after 77 ms
// and exactly (sync lab). So the pitch is preserved only where one could hear that it is not: two
// per cent are 34 cents, half of what PAL did to every film.
//
// Whose doing was it? The element's events do not say. But every order of ours that changes
// something causes exactly one event of its kind, so orders are counted and events are charged to
// them; what is left over was the viewer. Time plays no part in it: a slow device only makes the
// same events come later.
import type { Player, PlayerEvents, PlayerReading, UserIntent } from './player';

export interface Html5Deps {
  readonly nowMs: () => number;
  /** The medium comes through hls.js or the browser's own HLS: it jumps and pauses by itself. */
  readonly isHls: () => boolean;
}

interface Sample {
  readonly positionSeconds: number;
  readonly atMs: number;
}

/** A fifth of a second of film: less than a correction needs to act. */
const TIMES_KEPT = 5;
const TIME_FRESH_MS = 400;
/** Frames that the distance from currentTime to the picture is averaged over. */
const LAG_FRAMES = 64;
/** A frame further off than this was held up: it tells about the machine, not about the browser. */
const LAG_MAX_SECONDS = 0.05;
/** HLS at a seam between segments: the record lets go back up to 2 s ... */
const HLS_BACK_SECONDS = 2;
/** ... and hls.js skips holes of up to half a second (its maxBufferHole). */
const HLS_FORWARD_SECONDS = 0.5;
/** A viewer's own seek is further than a frame; the least a keyboard seeks is a frame. */
const SEEK_MIN_SECONDS = 0.04;
/** A start that was taken back so soon played no sound yet: nothing has gone on. */
const UNDER_WAY_SECONDS = 0.05;
/** What a browser makes of a position it is told: rounded to its own time scale. */
const SAME_PLACE_SECONDS = 0.1;

const UNHEARD = 0.0201; // two per cent, and what is left of it in binary
const RATE_DELAY_MS = 77;
const RATE_DELAY_PITCH_KEPT_MS = 468;

export class Html5Player implements Player {
  /** currentTime as it was lately. */
  private readonly times: Sample[] = [];
  /** Picture minus currentTime, and over how many frames it was averaged. */
  private lagSeconds = 0;
  private lagFrames = 0;
  private frameRequest: number | null = null;
  private events: PlayerEvents | null = null;
  private detachListeners: () => void = () => undefined;
  /** Events still to come that orders of ours cause. */
  private playsDue = 0;
  private pausesDue = 0;
  private seekDueSeconds: number | null = null;
  private queuedSeekSeconds: number | null = null;
  private orderedRate = 1;
  /** Where the picture was before whatever just happened. */
  private before: Sample = { positionSeconds: 0, atMs: 0 };
  private viewerSeeks = false;
  private hasStarted = false;
  private startedSeconds = 0;
  /** See PlayerReading.exact. */
  private exact = true;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly deps: Html5Deps,
  ) {}

  read(): PlayerReading {
    const { video } = this;
    return {
      ...this.picture(),
      paused: video.paused,
      // A seek of the viewer's lasts until it is told: an order in between would be taken for it
      seeking: video.seeking || this.queuedSeekSeconds !== null || this.viewerSeeks,
      readyState: video.readyState,
      rate: video.playbackRate,
      durationSeconds: Number.isFinite(video.duration) ? video.duration : 0,
      ended: video.ended,
      exact: this.exact,
      source: this.lagFrames > 0 ? 'frame' : 'time',
    };
  }

  async play(): Promise<void> {
    if (this.video.paused) this.playsDue += 1;
    try {
      await this.video.play();
    } catch (reason) {
      if (reason instanceof Error && reason.name === 'NotAllowedError') {
        this.playsDue = 0; // refused before any event
        this.events?.onAutoplayRefused();
      }
      throw reason;
    }
  }

  /**
   * The viewer presses play; call it inside the click. A party gets to know it, and its start comes
   * with everybody's: an element that ran ahead would have to be stopped and sought back first, and
   * be late for it. Safari lets an element start later only once it has started in a click.
   */
  wishToPlay(): void {
    const mayStartLater = this.hasStarted || !('webkitSupportsPresentationMode' in this.video);
    if (this.events && mayStartLater) this.intent('play');
    // A refusal shows: the element goes on reporting that it is paused.
    else this.video.play().catch(() => undefined);
  }

  pause(): void {
    if (!this.video.paused) this.pausesDue += 1;
    this.video.pause();
  }

  /** A seek while one is under way waits for its end: pipelines drop what they get too fast. */
  seek(positionSeconds: number): void {
    if (this.video.seeking) {
      this.queuedSeekSeconds = positionSeconds;
      return;
    }
    this.seekDueSeconds = positionSeconds;
    this.times.length = 0;
    this.video.currentTime = positionSeconds;
  }

  setRate(rate: number): void {
    this.orderedRate = rate;
    this.video.preservesPitch = Math.abs(rate - 1) > UNHEARD;
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
  }

  rateDelayMs(rate: number): number {
    return Math.abs(rate - 1) > UNHEARD ? RATE_DELAY_PITCH_KEPT_MS : RATE_DELAY_MS;
  }

  attach(events: PlayerEvents): void {
    this.detach();
    this.events = events;
    const { video } = this;
    const handlers: readonly [string, () => void][] = [
      ['play', () => this.onPlay()],
      ['pause', () => this.onPause()],
      ['seeking', () => this.onSeeking()],
      ['seeked', () => this.onSeeked()],
      ['ratechange', () => this.onRateChange()],
      ['emptied', () => this.onEmptied()],
      ['timeupdate', () => this.remember()],
      ...['waiting', 'playing', 'canplay', 'stalled', 'ended', 'loadeddata', 'emptied'].map(
        (name): [string, () => void] => [name, () => events.onChange()],
      ),
    ];
    for (const [name, handler] of handlers) video.addEventListener(name, handler);
    this.detachListeners = () => {
      for (const [name, handler] of handlers) video.removeEventListener(name, handler);
    };
    this.remember();
    this.watchFrames();
  }

  detach(): void {
    if (!this.events) return;
    this.events = null;
    this.detachListeners();
    if (this.frameRequest !== null) this.video.cancelVideoFrameCallback(this.frameRequest);
    this.frameRequest = null;
    this.forgetSeeks();
    this.playsDue = 0;
    this.pausesDue = 0;
    this.setRate(1);
    this.video.preservesPitch = true;
  }

  // ---- reading ---------------------------------------------------------------------------------

  private watchFrames(): void {
    if (!('requestVideoFrameCallback' in this.video)) return; // Firefox before 132
    this.frameRequest = this.video.requestVideoFrameCallback((_, frame) => {
      const read = this.readTime();
      const shown = frame.mediaTime + this.ran(read.atMs - frame.expectedDisplayTime);
      this.learnLag(shown - read.positionSeconds);
      this.watchFrames();
    });
  }

  private learnLag(lagSeconds: number): void {
    const { video } = this;
    if (video.paused || video.seeking || Math.abs(lagSeconds) > LAG_MAX_SECONDS) return;
    this.lagFrames = Math.min(LAG_FRAMES, this.lagFrames + 1);
    this.lagSeconds += (lagSeconds - this.lagSeconds) / this.lagFrames;
  }

  /** Reads currentTime and keeps it with the last few. */
  private readTime(): Sample {
    const read = { positionSeconds: this.video.currentTime, atMs: this.deps.nowMs() };
    this.times.push(read);
    if (this.times.length > TIMES_KEPT) this.times.shift();
    return read;
  }

  private picture(): Sample {
    const read = this.readTime();
    if (this.video.paused || this.video.seeking) return read;
    const positions = this.times
      .filter((time) => read.atMs - time.atMs < TIME_FRESH_MS)
      .map((time) => time.positionSeconds + this.ran(read.atMs - time.atMs))
      .sort((a, b) => a - b);
    const median = positions[Math.floor(positions.length / 2)] ?? read.positionSeconds;
    return { positionSeconds: median + this.lagSeconds, atMs: read.atMs };
  }

  /** How far the medium goes in that time. */
  private ran(ms: number): number {
    return (ms / 1000) * this.video.playbackRate;
  }

  private remember(): void {
    if (this.video.seeking) return;
    this.before = { positionSeconds: this.video.currentTime, atMs: this.deps.nowMs() };
  }

  // ---- whose doing -----------------------------------------------------------------------------

  private onPlay(): void {
    this.hasStarted = true;
    this.startedSeconds = this.video.currentTime;
    if (this.playsDue > 0) this.playsDue -= 1;
    else this.intent('play');
    this.events?.onChange();
  }

  private onPause(): void {
    const { video } = this;
    this.times.length = 0;
    const played = Math.abs(video.currentTime - this.startedSeconds) > UNDER_WAY_SECONDS;
    this.exact &&= !played || video.ended;
    if (this.pausesDue > 0) this.pausesDue -= 1;
    else if (!this.isFalsePause()) this.intent('pause');
    this.events?.onChange();
  }

  /** The end of the medium, and HLS that has run dry, pause by themselves. */
  private isFalsePause(): boolean {
    const { video } = this;
    return video.ended || (this.deps.isHls() && (video.readyState < 3 || video.seeking));
  }

  private onSeeking(): void {
    const { video } = this;
    this.times.length = 0;
    const due = this.seekDueSeconds;
    if (due !== null && Math.abs(video.currentTime - due) <= SAME_PLACE_SECONDS)
      this.seekDueSeconds = null;
    else if (due === null || !this.isClampedTo(due)) this.viewerSeeks = this.isViewersSeek();
    else this.seekDueSeconds = null;
    this.events?.onChange();
  }

  /** An order beyond what can be sought ends at the edge. */
  private isClampedTo(due: number): boolean {
    const { seekable, currentTime } = this.video;
    if (seekable.length === 0) return true;
    const start = seekable.start(0);
    const end = seekable.end(seekable.length - 1);
    const edge = Math.min(Math.max(due, start), end);
    return edge !== due && Math.abs(currentTime - edge) <= SAME_PLACE_SECONDS;
  }

  private isViewersSeek(): boolean {
    const { video, before } = this;
    const ran = video.paused ? 0 : ((this.deps.nowMs() - before.atMs) / 1000) * this.orderedRate;
    const jump = video.currentTime - (before.positionSeconds + ran);
    if (!this.deps.isHls()) return Math.abs(jump) > SEEK_MIN_SECONDS;
    return jump <= -HLS_BACK_SECONDS || jump >= HLS_FORWARD_SECONDS;
  }

  /** A viewer drags through many places; what counts is where they let go. */
  private onSeeked(): void {
    const { video } = this;
    if (!video.seeking) this.seekDueSeconds = null;
    this.exact = true;
    this.startedSeconds = video.currentTime;
    if (this.queuedSeekSeconds !== null) {
      const next = this.queuedSeekSeconds;
      this.queuedSeekSeconds = null;
      this.viewerSeeks = false;
      this.seek(next);
      return;
    }
    if (this.viewerSeeks && !video.seeking) {
      this.viewerSeeks = false;
      this.intent('seek');
    }
    this.remember();
    this.events?.onChange();
  }

  private onEmptied(): void {
    this.forgetSeeks();
    this.exact = true;
  }

  /** What was under way in another medium does not end in this one. */
  private forgetSeeks(): void {
    this.queuedSeekSeconds = null;
    this.seekDueSeconds = null;
    this.viewerSeeks = false;
  }

  /** Nobody changes the rate but the room. */
  private onRateChange(): void {
    const { video } = this;
    if (video.playbackRate !== this.orderedRate) video.playbackRate = this.orderedRate;
  }

  private intent(kind: UserIntent['kind']): void {
    this.events?.onIntent({ kind, positionSeconds: this.video.currentTime });
  }
}
