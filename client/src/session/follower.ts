// Makes one player follow the timelines of a room: reads it, compares, gives it orders.
//
// step() looks at the player as it is *now* and does the one thing that brings it nearer to where
// it should be; it remembers only what it ordered and has not seen the end of. So it makes no
// difference why the player is where it is: a late join, a stall, a viewer's finger and a wake from
// sleep all lead through the same few branches. Call it whenever something changed and when the
// time it returned has come.
//
// Rendezvous. A player that seeks while it runs goes on whenever its pipeline and its network let it,
// tens to hundreds of milliseconds from where it should be, and takes seconds to be walked in by rates.
// So whoever has to be elsewhere is paused, brought to where the timeline will be when the player
// is sure to be ready, and let go at that instant: it comes in at once, within the few milliseconds by
// which a start strays.
import type { Player, PlayerReading } from '../player/player';
import {
  initialDrift,
  interrupted,
  orderedRate,
  steer,
  withRate,
  type DriftState,
} from '../sync/drift-controller';
import { latencySince, learnLatency, priorLatency, type Latency } from '../sync/latency';
import { positionAt } from '../protocol/timeline';
import { goalAt, isJump, type Goal, type Latencies } from '../sync/scheduler';
import { pictureAt, timelineAt, type Track } from '../sync/timeline';
import type { SyncReading } from './party-state';

/** Local time to server time and back; null while the clock is unknown. */
export interface ServerClock {
  toServerMs(localMs: number): number;
  toLocalMs(serverMs: number): number;
}

export interface FollowerEvents {
  /** The browser refuses to start without a click. */
  onRefused(): void;
}

export interface OrderCounts {
  play: number;
  pause: number;
  seek: number;
  rate: number;
}

/** What was ordered and has not been seen to end. */
interface Order {
  readonly kind: 'play' | 'seek';
  readonly atMs: number;
  readonly fromSeconds: number;
  readonly rate: number;
  /** When the player was first seen to have obeyed; it then settles before it is measured. */
  readonly obeyedAtMs: number | null;
  /** Was nothing in its way, so that its lag teaches the latency? */
  readonly clean: boolean;
}

/** Sync lab: the first frames after a start stray by some ms, from a quarter second on they do not. */
const SETTLE_MS = 250;
const TICK_MS = 200;
const SETTLING_TICK_MS = 50;
/** Events of the player come in crowds; the controller needs each moment once. */
const STEER_SPACING_MS = 150;
/** A resting player shows the right frame at 24 frames a second and slower. */
const REST_TOLERANCE_SECONDS = 0.02;
/** A player that will not rest where it is told (a key frame, its end) is left alone so long. */
const REST_RETRY_MS = 5_000;
/** A start this late is caught up by rate; a later one is worth a new rendezvous. */
const LATE_START_SECONDS = 0.2;
/** Ahead by more than the lead of a rendezvous and this, the player is in the wrong place. */
const WAIT_SLACK_SECONDS = 0.5;
/** Then it starts where it is, and the drift controller, which spaces its seeks, takes over. */
const RENDEZVOUS_TRIES = 2;
const PREPARE_MAX_MS = 3_000;
const IN_STEP_SECONDS = 0.025;
/** A host that has sought by itself and is so near need not seek again. */
const JUMP_MIN_SECONDS = 0.06;
/** play() answers; a browser that keeps it open for longer has forgotten it. */
const PLAY_ANSWER_MS = 5_000;

export class Follower {
  readonly counts: OrderCounts = { play: 0, pause: 0, seek: 0, rate: 0 };
  private startLatency: Latency = priorLatency(77);
  /** From a seek while resting to the player being ready to start. */
  private prepareLatency: Latency = priorLatency(250);
  private drift: DriftState;
  private order: Order | null = null;
  private playAnswerDueMs = -Infinity;
  private restSeek: { readonly seconds: number; readonly atMs: number } | null = null;
  private rendezvousTries = 0;
  private steeredAtMs = -Infinity;
  private heldUntilMs = -Infinity;
  private refused = false;
  private view: Pick<SyncReading, 'offsetMs' | 'state' | 'rate'> = {
    offsetMs: null,
    state: 'idle',
    rate: 1,
  };

  constructor(
    private readonly player: Player,
    nowMs: number,
    private readonly events: FollowerEvents,
  ) {
    this.drift = initialDrift(1, nowMs);
  }

  get sync(): Pick<SyncReading, 'offsetMs' | 'state' | 'rate'> {
    return this.view;
  }

  get latencies(): Latencies {
    const startMs = this.startLatency.valueMs;
    return { startMs, rendezvousMs: 1.5 * this.prepareLatency.valueMs + 50 + startMs };
  }

  get blocked(): boolean {
    return this.refused;
  }

  /** Leaves the player as the viewer put it until then: their command is under way. */
  hold(untilMs: number): void {
    this.heldUntilMs = untilMs;
  }

  /** Is the player left alone? */
  get held(): boolean {
    return this.heldUntilMs > -Infinity;
  }

  /** The viewer clicked: the browser allows a start from here on. Call it inside the click. */
  allow(nowMs: number): void {
    this.refused = false;
    this.startPlaying(this.player.read(), 1, nowMs, false);
  }

  /** Does what is due now. Returns the local time of the next look, null: only when told. */
  step(track: Track, clock: ServerClock | null, nowMs: number): number | null {
    const reading = this.player.read();
    const goal = clock && goalAt(track, clock.toServerMs(nowMs), this.latencies);
    if (!clock || !goal || this.refused || reading.readyState === 0) {
      this.show('idle', null);
      return null;
    }
    if (nowMs < this.heldUntilMs) return this.heldUntilMs;
    this.heldUntilMs = -Infinity;
    const nextMs = goal.timeline.playing
      ? this.stepPlaying(reading, goal, track, clock, nowMs)
      : this.stepResting(reading, goal, nowMs);
    const changeMs = goal.changesAtMs === null ? Infinity : clock.toLocalMs(goal.changesAtMs);
    const dueMs = Math.min(nextMs ?? Infinity, Math.max(changeMs, nowMs + 1));
    return Number.isFinite(dueMs) ? dueMs : null;
  }

  // ---- at rest ---------------------------------------------------------------------------------

  private stepResting(reading: PlayerReading, goal: Goal, nowMs: number): number | null {
    this.pause(reading);
    this.order = this.order?.kind === 'seek' ? this.order : null;
    this.setRate(goal.timeline.rate);
    this.drift = interrupted(this.drift, goal.timeline.rate);
    if (reading.seeking) return this.wait('seeking', null, nowMs);
    if (reading.readyState >= 3) this.learnPrepare(nowMs);

    const target = withinMedium(goal.restSeconds, reading);
    const offset = reading.positionSeconds - target;
    const there = reading.exact && Math.abs(offset) <= REST_TOLERANCE_SECONDS;
    if (!there && this.maySeekToRest(target, nowMs)) {
      this.restSeek = { seconds: target, atMs: nowMs };
      this.seekTo(target, goal.timeline.rate, nowMs);
      return this.wait('seeking', null, nowMs);
    }
    this.show(reading.readyState >= 3 ? 'in-step' : 'buffering', offset);
    return null;
  }

  private maySeekToRest(target: number, nowMs: number): boolean {
    const { restSeek } = this;
    return (
      restSeek?.seconds !== target ||
      nowMs - restSeek.atMs > REST_RETRY_MS ||
      this.order?.kind === 'play'
    );
  }

  /** A seek while resting has ended: how long until the player could start? */
  private learnPrepare(nowMs: number): void {
    if (this.order?.kind !== 'seek') return;
    const tookMs = Math.min(nowMs - this.order.atMs, PREPARE_MAX_MS);
    this.prepareLatency = learnLatency(this.prepareLatency, tookMs);
    this.order = null;
  }

  // ---- playing ---------------------------------------------------------------------------------

  private stepPlaying(
    reading: PlayerReading,
    goal: Goal,
    track: Track,
    clock: ServerClock,
    nowMs: number,
  ): number | null {
    this.restSeek = null;
    const picture = (localMs: number): number =>
      pictureAt(
        goal.timeline,
        Math.max(clock.toServerMs(localMs), goal.early ? goal.timeline.atMs : -Infinity),
        reading.durationSeconds,
      );
    if (picture(nowMs) >= reading.durationSeconds && reading.durationSeconds > 0) {
      this.show('idle', null);
      return null; // the timeline has run out of this medium
    }
    if (reading.paused) {
      const movesMs = clock.toServerMs(nowMs + this.latencies.startMs);
      return this.start(reading, positionAt(goal.timeline, movesMs), goal, picture, nowMs);
    }
    if (reading.seeking) {
      this.drift = interrupted(this.drift, orderedRate(this.drift));
      return this.wait('seeking', null, nowMs);
    }
    if (reading.readyState < 3) {
      this.drift = interrupted(this.drift, orderedRate(this.drift));
      if (this.order) this.order = { ...this.order, clean: false };
      return this.wait('buffering', null, nowMs);
    }
    return this.keepUp(reading, goal, track, clock, picture, nowMs);
  }

  /**
   * Brings a paused player to a rendezvous with the timeline, and lets it go at that instant.
   * @param dueSeconds where it should be when it moves if it is told now; before a jump's instant that
   *     lies before the place to jump to.
   */
  private start(
    reading: PlayerReading,
    dueSeconds: number,
    goal: Goal,
    picture: (localMs: number) => number,
    nowMs: number,
  ): number | null {
    if (nowMs < this.playAnswerDueMs) return this.wait('settling', null, nowMs);
    if (reading.seeking) return this.wait('seeking', null, nowMs);
    if (reading.readyState >= 3) this.learnPrepare(nowMs);
    const { rate } = goal.timeline;
    const lateSeconds = dueSeconds - reading.positionSeconds;
    const tooLate = lateSeconds > LATE_START_SECONDS && this.rendezvousTries < RENDEZVOUS_TRIES;
    const tooEarly = -lateSeconds > this.latencies.rendezvousMs / 1000 + WAIT_SLACK_SECONDS;
    if (reading.ended || tooLate || tooEarly) {
      if (this.order?.kind === 'seek') return this.wait('seeking', null, nowMs);
      return this.rendezvous(reading, rate, picture, nowMs);
    }
    if (reading.readyState < 3 && lateSeconds <= 0) return this.wait('buffering', null, nowMs);
    const waitMs = (-lateSeconds / rate) * 1000;
    if (waitMs > 1) {
      this.show('settling', null);
      return nowMs + waitMs;
    }
    this.startPlaying(reading, rate, nowMs, reading.readyState >= 3);
    return this.wait('settling', null, nowMs);
  }

  /** Sends a player, paused, to where the timeline will be when it is ready to be let go. */
  private rendezvous(
    reading: PlayerReading,
    rate: number,
    picture: (localMs: number) => number,
    nowMs: number,
  ): number {
    this.rendezvousTries += 1;
    this.pause(reading);
    const there = picture(nowMs + this.latencies.rendezvousMs);
    this.seekTo(withinMedium(there, reading), rate, nowMs);
    return this.wait('seeking', null, nowMs);
  }

  private startPlaying(reading: PlayerReading, rate: number, nowMs: number, clean: boolean): void {
    this.setRate(rate);
    this.counts.play += 1;
    this.playAnswerDueMs = nowMs + PLAY_ANSWER_MS;
    this.order = {
      kind: 'play',
      atMs: nowMs,
      fromSeconds: reading.positionSeconds,
      rate,
      obeyedAtMs: null,
      clean,
    };
    this.player.play().then(
      () => (this.playAnswerDueMs = -Infinity),
      (reason: unknown) => {
        this.playAnswerDueMs = -Infinity;
        if (!isRefusal(reason)) return; // interrupted by a pause or a seek: the next step sees it
        this.refused = true;
        this.events.onRefused();
      },
    );
  }

  /** Running: wait until it has settled, learn from it, then correct. */
  private keepUp(
    reading: PlayerReading,
    goal: Goal,
    track: Track,
    clock: ServerClock,
    picture: (localMs: number) => number,
    nowMs: number,
  ): number | null {
    this.rendezvousTries = 0;
    const { timeline } = goal;
    const before = timelineAt(track, clock.toServerMs(nowMs));
    if (goal.early && before?.playing && isJump(before, timeline)) {
      const there = Math.abs(reading.positionSeconds - timeline.positionSeconds);
      return there < JUMP_MIN_SECONDS
        ? this.wait('seeking', null, nowMs)
        : this.rendezvous(reading, timeline.rate, picture, nowMs);
    }
    if (this.order) {
      const { order } = this;
      if (order.obeyedAtMs === null) this.order = { ...order, obeyedAtMs: nowMs };
      const settledMs = (order.obeyedAtMs ?? nowMs) + SETTLE_MS;
      if (nowMs < settledMs || reading.atMs <= order.atMs)
        return this.wait('settling', null, nowMs);
      this.learnFrom(order, reading);
      this.order = null;
    }

    if (nowMs < this.steeredAtMs + STEER_SPACING_MS) return this.steeredAtMs + TICK_MS;
    this.steeredAtMs = nowMs;
    const target = picture(reading.atMs);
    const errorSeconds = reading.positionSeconds - target;
    const { action, state } = steer(
      this.drift,
      { errorSeconds, atMs: reading.atMs, timelineRate: timeline.rate },
      nowMs,
      {
        rateDelayMs: (rate) => this.player.rateDelayMs(rate),
        seekLatencyMs: this.latencies.rendezvousMs,
      },
    );
    this.drift = state;
    if (action.kind === 'seek') return this.rendezvous(reading, timeline.rate, picture, nowMs);
    if (action.kind === 'rate') {
      this.counts.rate += 1;
      this.player.setRate(action.rate);
    }
    this.show(Math.abs(errorSeconds) <= IN_STEP_SECONDS ? 'in-step' : 'correcting', errorSeconds);
    return nowMs + TICK_MS;
  }

  private learnFrom(order: Order, reading: PlayerReading): void {
    if (!order.clean) return;
    const observed = latencySince(order.atMs, order.fromSeconds, reading, order.rate);
    this.startLatency = learnLatency(this.startLatency, observed);
  }

  // ---- orders ----------------------------------------------------------------------------------

  private pause(reading: PlayerReading): void {
    if (reading.paused) return;
    this.counts.pause += 1;
    this.player.pause();
  }

  private seekTo(seconds: number, rate: number, nowMs: number): void {
    this.setRate(rate);
    this.drift = interrupted(this.drift, rate);
    this.counts.seek += 1;
    this.order = {
      kind: 'seek',
      atMs: nowMs,
      fromSeconds: seconds,
      rate,
      obeyedAtMs: null,
      clean: false,
    };
    this.player.seek(seconds);
  }

  private setRate(rate: number): void {
    if (orderedRate(this.drift) === rate) return;
    this.drift = withRate(this.drift, rate);
    this.counts.rate += 1;
    this.player.setRate(rate);
  }

  private wait(state: SyncReading['state'], errorSeconds: number | null, nowMs: number): number {
    this.show(state, errorSeconds);
    return nowMs + SETTLING_TICK_MS;
  }

  private show(state: SyncReading['state'], errorSeconds: number | null): void {
    const offsetMs = errorSeconds === null ? null : errorSeconds * 1000;
    this.view = { state, offsetMs, rate: orderedRate(this.drift) };
  }
}

function withinMedium(seconds: number, reading: PlayerReading): number {
  const end = reading.durationSeconds > 0 ? reading.durationSeconds : Infinity;
  return Math.max(0, Math.min(seconds, end));
}

function isRefusal(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'NotAllowedError';
}
