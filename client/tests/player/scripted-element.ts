// A scripted element: no browser, but a stand-in for HTMLVideoElement that does what a test has it do.
// Orders take effect at once, as the standard says (HTML, "media elements"); the events that tell of
// them come when the test lets them (`flush`), as a browser's event loop would.

interface Frame {
  readonly mediaTime: number;
  readonly expectedDisplayTime: number;
}

export class ScriptedElement extends EventTarget {
  paused = true;
  ended = false;
  seeking = false;
  readyState = 4;
  duration = 7_200;
  currentSrc = '';
  preservesPitch = true;
  refuses = false;
  /** Start and end of what can be sought. */
  range: readonly [number, number] | null = [0, 7_200];
  /** What was asked of the element, in order. */
  readonly orders: string[] = [];
  private position = 0;
  private asOfMs: number;
  private rate = 1;
  private readonly due: string[] = [];

  constructor(readonly nowMs: () => number) {
    super();
    this.asOfMs = nowMs();
  }

  /** The type that players know it by. */
  get asVideo(): HTMLVideoElement {
    return this as unknown as HTMLVideoElement;
  }

  // ---- as the element shows itself -------------------------------------------------------------

  get currentTime(): number {
    const moves = !this.paused && !this.seeking && this.readyState >= 3;
    return this.position + (moves ? ((this.nowMs() - this.asOfMs) / 1000) * this.rate : 0);
  }
  set currentTime(seconds: number) {
    this.orders.push(`seek ${seconds}`);
    this.jump(seconds);
  }

  get playbackRate(): number {
    return this.rate;
  }
  set playbackRate(rate: number) {
    this.orders.push(`rate ${rate}`);
    this.turn(rate);
  }

  get seekable(): Pick<TimeRanges, 'length' | 'start' | 'end'> {
    const { range } = this;
    return {
      length: range ? 1 : 0,
      start: () => range?.[0] ?? NaN,
      end: () => range?.[1] ?? NaN,
    };
  }

  play(): Promise<void> {
    this.orders.push('play');
    if (this.refuses) return Promise.reject(namedError('NotAllowedError'));
    this.start();
    return Promise.resolve();
  }

  pause(): void {
    this.orders.push('pause');
    this.stop();
  }

  // ---- what happens to it ----------------------------------------------------------------------

  /** The viewer at the browser's own controls. */
  viewerPlays(): void {
    this.start();
  }
  viewerPauses(): void {
    this.stop();
  }
  viewerSeeks(seconds: number): void {
    this.jump(seconds);
  }
  viewerSetsRate(rate: number): void {
    this.turn(rate);
  }

  /** A seek comes to its end. */
  land(): void {
    if (!this.seeking) return;
    this.asOfMs = this.nowMs();
    this.seeking = false;
    this.due.push('seeked');
  }

  /** Lets the events come that are due. */
  flush(): void {
    for (const name of this.due.splice(0)) this.dispatchEvent(new Event(name));
  }

  /** The medium runs to its end and pauses there. */
  end(): void {
    this.freeze();
    this.position = this.duration;
    this.ended = true;
    this.paused = true;
    this.due.push('pause', 'ended');
  }

  private start(): void {
    if (!this.paused) return;
    this.asOfMs = this.nowMs();
    this.paused = false;
    this.due.push('play', 'playing');
  }

  private stop(): void {
    if (this.paused) return;
    this.freeze();
    this.paused = true;
    this.due.push('pause');
  }

  private jump(seconds: number): void {
    const [start, end] = this.range ?? [0, this.duration];
    this.freeze();
    this.position = Math.min(Math.max(seconds, start), end);
    this.seeking = true;
    this.due.push('seeking');
  }

  private turn(rate: number): void {
    if (rate === this.rate) return;
    this.freeze();
    this.rate = rate;
    this.due.push('ratechange');
  }

  private freeze(): void {
    this.position = this.currentTime;
    this.asOfMs = this.nowMs();
  }
}

/** One that also tells of every frame, as most browsers do. */
export class FrameTellingElement extends ScriptedElement {
  private readonly callbacks = new Map<number, (nowMs: number, frame: Frame) => void>();
  private callbackCount = 0;

  requestVideoFrameCallback(callback: (nowMs: number, frame: Frame) => void): number {
    this.callbacks.set(++this.callbackCount, callback);
    return this.callbackCount;
  }
  cancelVideoFrameCallback(id: number): void {
    this.callbacks.delete(id);
  }
  get framesAwaited(): number {
    return this.callbacks.size;
  }

  /** A frame is shown, so far (seconds) from where currentTime says that the picture is. */
  showFrame(lagSeconds: number): void {
    const waiting = [...this.callbacks.values()];
    this.callbacks.clear();
    const frame = {
      mediaTime: this.currentTime + lagSeconds,
      expectedDisplayTime: this.nowMs(),
    };
    for (const callback of waiting) callback(this.nowMs(), frame);
  }
}

function namedError(name: string): Error {
  return Object.assign(new Error(name), { name });
}
