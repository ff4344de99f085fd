// A player as the sync lab measured Chromium: slow to start, to seek and to change its rate, deaf to
// rates close to 1, and now and then out of data.
import type { Player, PlayerEvents, PlayerReading, UserIntent } from '../../src/player/player';
import type { World } from './world';

export interface PlayerModelOptions {
  readonly startMs: number;
  readonly startJitterMs: number;
  readonly seekMs: number;
  /** As the player claims, within one per cent of 1 and beyond. */
  readonly rateDelayMs: number;
  readonly bigRateDelayMs: number;
  /** What it takes longer in truth (negative: shorter). */
  readonly rateDelayErrorMs: number;
  /** How far it goes on, unseen, when it is paused; the next start is from there. */
  readonly overrunMs: number;
  /** Rates within this of 1 are ignored (Chromium: 1/882). */
  readonly deadBand: number;
  /** Its medium clock against the world's, parts per million (sound cards). */
  readonly ppm: number;
  /** Error of a reading, plus or minus, seconds. */
  readonly noiseSeconds: number;
  readonly obeysRates: boolean;
  /** Rates are rounded to steps of this size; 0: not. */
  readonly rateStep: number;
  readonly refusesStart: boolean;
}

export const chromium: PlayerModelOptions = {
  startMs: 77,
  startJitterMs: 10,
  seekMs: 87,
  rateDelayMs: 77,
  bigRateDelayMs: 468,
  rateDelayErrorMs: 0,
  overrunMs: 80,
  deadBand: 1 / 882,
  ppm: 0,
  noiseSeconds: 0.00001,
  obeysRates: true,
  rateStep: 0,
  refusesStart: false,
};

export class PlayerModel implements Player {
  readonly orders: string[] = [];
  refuses: boolean;
  private events: PlayerEvents | null = null;
  private positionSeconds = 0;
  /** It would go on from so much further than it says. */
  private overrunSeconds = 0;
  private asOfMs: number;
  private actualRate = 1;
  private orderedRate = 1;
  private paused = true;
  private moving = false;
  private seekEndsMs: number | null = null;
  private stalled = false;
  private generation = 0;
  private rateChange = 0;
  private rateInEffect = 0;

  constructor(
    private readonly world: World,
    private readonly localMs: () => number,
    private readonly random: () => number,
    private readonly options: PlayerModelOptions = chromium,
    readonly durationSeconds = 7_200,
  ) {
    this.asOfMs = world.nowMs;
    this.refuses = options.refusesStart;
  }

  /** Where the picture truly is now. */
  get truthSeconds(): number {
    const ran = this.moving ? (this.world.nowMs - this.asOfMs) / 1000 : 0;
    const speed = this.actualRate * (1 + this.options.ppm * 1e-6);
    return Math.min(this.durationSeconds, this.positionSeconds + ran * speed);
  }

  get isPaused(): boolean {
    return this.paused;
  }
  get isMoving(): boolean {
    return this.moving;
  }

  read(): PlayerReading {
    const noise = this.options.noiseSeconds * (2 * this.random() - 1);
    return {
      positionSeconds: this.truthSeconds + (this.moving ? noise : 0),
      atMs: this.localMs(),
      paused: this.paused,
      seeking: this.seekEndsMs !== null,
      readyState: this.stalled ? 2 : 4,
      rate: this.orderedRate,
      durationSeconds: this.durationSeconds,
      ended: false,
      exact: this.overrunSeconds === 0,
      source: 'frame',
    };
  }

  play(): Promise<void> {
    this.orders.push('play');
    if (this.refuses) return Promise.reject(namedError('NotAllowedError'));
    return this.start();
  }

  pause(): void {
    this.orders.push('pause');
    this.stop();
  }

  seek(positionSeconds: number): void {
    this.orders.push(`seek ${positionSeconds.toFixed(2)}`);
    this.jump(positionSeconds);
  }

  setRate(rate: number): void {
    this.orders.push(`rate ${rate.toFixed(4)}`);
    this.orderedRate = rate;
    if (!this.options.obeysRates) return;
    const step = this.options.rateStep;
    const rounded = step > 0 ? Math.round(rate / step) * step : rate;
    const acts = Math.abs(rounded - 1) < this.options.deadBand ? 1 : rounded;
    const delayMs = Math.max(0, this.rateDelayMs(rate) + this.options.rateDelayErrorMs);
    const change = ++this.rateChange;
    this.world.after(this.moving ? delayMs : 0, () => {
      if (change < this.rateInEffect) return; // overtaken by a quicker one
      this.rateInEffect = change;
      this.freeze();
      this.actualRate = acts;
    });
  }

  rateDelayMs(rate: number): number {
    return Math.abs(rate - 1) > 0.0201 ? this.options.bigRateDelayMs : this.options.rateDelayMs;
  }

  attach(events: PlayerEvents): void {
    this.events = events;
  }
  detach(): void {
    this.events = null;
    this.setRate(1);
  }

  // ---- the viewer and the network --------------------------------------------------------------

  viewer(kind: UserIntent['kind'], positionSeconds = this.truthSeconds): void {
    if (kind === 'play') this.start().catch(() => undefined); // cut off by the order to wait
    if (kind === 'pause') this.stop();
    if (kind === 'seek') this.jump(positionSeconds);
    this.events?.onIntent({ kind, positionSeconds });
  }

  stall(durationMs: number): void {
    this.freeze();
    this.moving = false;
    this.stalled = true;
    this.events?.onChange();
    this.world.after(durationMs, () => {
      this.stalled = false;
      this.asOfMs = this.world.nowMs;
      this.moving = !this.paused && this.seekEndsMs === null;
      this.events?.onChange();
    });
  }

  // ---- mechanics -------------------------------------------------------------------------------

  private start(): Promise<void> {
    if (!this.paused) return Promise.resolve();
    this.paused = false;
    const generation = ++this.generation;
    const jitter = this.options.startJitterMs * (2 * this.random() - 1);
    return new Promise((resolve, reject) => {
      this.world.after(this.options.startMs + jitter, () => {
        if (generation !== this.generation) return reject(namedError('AbortError'));
        this.setMoving();
        resolve();
        this.events?.onChange();
      });
    });
  }

  private stop(): void {
    this.freeze();
    if (this.moving) this.overrunSeconds = this.options.overrunMs / 1000;
    this.generation += 1;
    this.paused = true;
    this.moving = false;
  }

  private jump(positionSeconds: number): void {
    this.freeze();
    this.positionSeconds = positionSeconds;
    this.overrunSeconds = 0;
    const wasMoving = this.moving;
    this.moving = false;
    const endsMs = this.world.nowMs + this.options.seekMs;
    this.seekEndsMs = endsMs;
    this.world.at(endsMs, () => {
      if (this.seekEndsMs !== endsMs) return;
      this.seekEndsMs = null;
      if (wasMoving || !this.paused) this.setMoving();
      this.events?.onChange();
    });
  }

  private setMoving(): void {
    if (this.paused || this.stalled || this.seekEndsMs !== null) return;
    this.freeze();
    this.positionSeconds += this.overrunSeconds;
    this.overrunSeconds = 0;
    this.moving = true;
  }

  private freeze(): void {
    this.positionSeconds = this.truthSeconds;
    this.asOfMs = this.world.nowMs;
  }
}

function namedError(name: string): Error {
  const error = new Error(name);
  error.name = name;
  return error;
}
