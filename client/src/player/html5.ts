// An HTMLVideoElement as a player.
//
// Reading. Where the picture is, is known best at the frames: requestVideoFrameCallback gives a
// frame's media time and when it is on the screen, a straight line to 0.003 ms (sync lab). The
// frames on a display whose refresh is no multiple of the film's stray by half a refresh, so the
// reading is the median of the last few. Without fresh frames (hidden tab, sound only, old browser)
// currentTime is read a few times instead. The two differ by some 14 ms and are never mixed.
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

/** Eight frames are a third of a second of film: half as long as a correction needs to act. */
const FRAMES_KEPT = 8;
/** Three frames of the slowest film in use (12 / s); then the tab is hidden or the picture stands. */
const FRAME_FRESH_MS = 250;
const TIME_READS = 5;
/** HLS at a seam between segments: the record lets go back up to 2 s ... */
const HLS_BACK_SECONDS = 2;
/** ... and hls.js skips holes of up to half a second (its maxBufferHole). */
const HLS_FORWARD_SECONDS = 0.5;
/** A viewer's own seek is further than a frame; the least a keyboard seeks is a frame. */
const SEEK_MIN_SECONDS = 0.04;
/** What a browser makes of a position it is told: rounded to its own time scale. */
const SAME_PLACE_SECONDS = 0.1;

export class Html5Player implements Player {
  private readonly frames: Sample[] = [];
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

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly deps: Html5Deps,
  ) {}

  read(): PlayerReading {
    const { video } = this;
    const sample = this.freshFrame() ?? this.fromCurrentTime();
    return {
      ...sample,
      paused: video.paused,
      seeking: video.seeking || this.queuedSeekSeconds !== null,
      readyState: video.readyState,
      rate: video.playbackRate,
      durationSeconds: Number.isFinite(video.duration) ? video.duration : 0,
      ended: video.ended,
      source: sample.source,
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
    this.frames.length = 0;
    this.video.currentTime = positionSeconds;
  }

  setRate(rate: number): void {
    this.orderedRate = rate;
    this.frames.splice(0, this.frames.length - 1); // a line of two slopes has no median
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
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
    this.queuedSeekSeconds = null;
    this.playsDue = 0;
    this.pausesDue = 0;
    this.seekDueSeconds = null;
    this.setRate(1);
  }

  // ---- reading ---------------------------------------------------------------------------------

  private watchFrames(): void {
    if (!('requestVideoFrameCallback' in this.video)) return; // Firefox before 132
    this.frameRequest = this.video.requestVideoFrameCallback((_, frame) => {
      this.frames.push({ positionSeconds: frame.mediaTime, atMs: frame.expectedDisplayTime });
      if (this.frames.length > FRAMES_KEPT) this.frames.shift();
      this.watchFrames();
    });
  }

  private freshFrame(): (Sample & { source: 'frame' }) | null {
    const { video } = this;
    const newest = this.frames.at(-1);
    if (!newest || video.paused || video.seeking) return null;
    if (this.deps.nowMs() - newest.atMs > FRAME_FRESH_MS) return null;
    return { ...alongLine(this.frames, newest.atMs, video.playbackRate), source: 'frame' };
  }

  private fromCurrentTime(): Sample & { source: 'time' } {
    const { video, deps } = this;
    if (video.paused || video.seeking)
      return { positionSeconds: video.currentTime, atMs: deps.nowMs(), source: 'time' };
    const reads = Array.from({ length: TIME_READS }, () => ({
      positionSeconds: video.currentTime,
      atMs: deps.nowMs(),
    }));
    return { ...alongLine(reads, deps.nowMs(), video.playbackRate), source: 'time' };
  }

  private remember(): void {
    if (this.video.seeking) return;
    this.before = { positionSeconds: this.video.currentTime, atMs: this.deps.nowMs() };
  }

  // ---- whose doing -----------------------------------------------------------------------------

  private onPlay(): void {
    if (this.playsDue > 0) this.playsDue -= 1;
    else this.intent('play');
    this.events?.onChange();
  }

  private onPause(): void {
    this.frames.length = 0;
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
    this.frames.length = 0;
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

  /** Nobody changes the rate but the room. */
  private onRateChange(): void {
    const { video } = this;
    if (video.playbackRate !== this.orderedRate) video.playbackRate = this.orderedRate;
    this.events?.onChange();
  }

  private intent(kind: UserIntent['kind']): void {
    this.events?.onIntent({ kind, positionSeconds: this.video.currentTime });
  }
}

/** Where a line of slope `rate` through the middle of the samples is at `atMs`. */
function alongLine(samples: readonly Sample[], atMs: number, rate: number): Sample {
  const positions = samples
    .map((sample) => sample.positionSeconds + ((atMs - sample.atMs) / 1000) * rate)
    .sort((a, b) => a - b);
  const positionSeconds = positions[Math.floor(positions.length / 2)] ?? 0;
  return { positionSeconds, atMs };
}
