// Keeps a running player on its timeline: (state, error, time) -> change the rate, seek, or nothing.
//
// The plant. A player told to run at rate r moves away from the timeline (rate R) by r - R seconds
// a second, but only after a delay d that may depend on the rate (Chromium: 77 ms within two per
// cent, 468 ms beyond, where the pitch is preserved). A controller that reacts to the error it sees
// goes on correcting for d after the error is gone, and oscillates.
//
// The law. What was ordered but has not acted yet is known, so the error that *will* be there when
// all of it has acted is known too (Smith's predictor):
//
//     e' = e(t) + integral from t to now + d of (rate in effect - R)
//
// and the order is r = R - g e'. With the delay out of the loop any g converges without overshoot.
// A player that obeys sooner than assumed is corrected a little too little (what has acted counts
// as still to come), so a delay may be overestimated; one that obeys later by x oscillates only
// when g x nears pi / 2: 0.75 / s allows two seconds.
//
// The ear. Errors up to 60 ms get at most 2 %, which nobody hears; from there to 250 ms 3 to 15 %;
// a player that is further behind may run at up to 2.0, one ahead never slower than 0.85. Beyond
// the reach, half a second or more if seeks are slow here, one seek. After a seek the next must
// wait 2, 4, 8 ... 30 s: no seek loops, whatever the player does.
//
// The dead zone. Nothing is ordered while the error is within the noise of the measurement, itself
// learnt from how far the error strays while the rate rests. The step in is smaller than the step
// out, so it does not flutter. Chromium ignores rates within 1/882 of 1 where it preserves pitch,
// so the least correction is twice that.
//
// Trust. While a correction runs, the error must shrink as ordered. If twice it did not by half,
// the player does not obey: then coarse steps (players with a few fixed rates), then seeks alone;
// after a minute rates are tried again.

export type Strategy = 'fine' | 'coarse' | 'seek';

interface RateOrder {
  readonly atMs: number;
  /** From when on it acts. */
  readonly actsMs: number;
  readonly rate: number;
}
interface ObedienceCheck {
  /** From when on the order acts for sure. */
  readonly fromMs: number;
  /** The first error seen from then on, and when. */
  readonly start: { readonly errorSeconds: number; readonly atMs: number } | null;
  readonly failures: number;
}
interface Measured {
  readonly errorSeconds: number;
  readonly atMs: number;
}

export interface DriftState {
  readonly strategy: Strategy;
  readonly strategySinceMs: number;
  /** Rates ordered, oldest first; the first reaches back beyond the delay. */
  readonly orders: readonly RateOrder[];
  readonly check: ObedienceCheck | null;
  readonly last: Measured | null;
  readonly noiseSeconds: number;
  readonly lastSeekMs: number;
  /** Seeks since the player was last in reach for long. */
  readonly seekCount: number;
}

export interface DriftConfig {
  /** From an order to that rate acting. */
  readonly rateDelayMs: (rate: number) => number;
  /** Learnt: what a seek costs here; it makes the reach of rates longer. */
  readonly seekLatencyMs: number;
}

export interface DriftInput {
  /** Player minus timeline; ahead is positive. */
  readonly errorSeconds: number;
  /** Local time at which the error was true. */
  readonly atMs: number;
  readonly timelineRate: number;
}

export type DriftAction =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'rate'; readonly rate: number }
  | { readonly kind: 'seek' };

export interface DriftResult {
  readonly action: DriftAction;
  readonly state: DriftState;
}

export const RATE_MIN = 0.85;
export const RATE_MAX = 2.0;

const GAIN_PER_SECOND = 0.75;
const GENTLE = 0.02;
const GENTLE_UP_TO_SECONDS = 0.06;
const FIRM_LEAST = 0.03;
const FIRM = 0.15;
const FIRM_FROM_SECONDS = 0.25;
const REACH_MIN_SECONDS = 0.5;
const REACH_MAX_SECONDS = 3;
/** Twice Chromium's dead band of 1/882. */
const CORRECTION_MIN = 2 / 882;
const DEAD_ZONE_MIN_SECONDS = 0.002;
/** A new order is worth its while if it differs by this share of the running correction. */
const CHANGE_SHARE = 0.25;
const COARSE_STEP = 0.05;
const SEEK_SPACING_MS = 2_000;
const SEEK_SPACING_MAX_MS = 30_000;
/** In reach for so long: the last seek worked. */
const IN_REACH_MS = 5_000;
/** Readings are at most so old when the controller sees them, checks included. */
const MEMORY_MS = 5_000;
/** A new rate acts for sure this long after it should. */
const CERTAINTY_MS = 250;
const RETRY_RATES_MS = 60_000;
/** Enough movement to tell obedience from noise. */
const CHECK_MOVE_SECONDS = 0.015;

export function initialDrift(rate: number, nowMs: number): DriftState {
  return {
    strategy: 'fine',
    strategySinceMs: nowMs,
    orders: [atOnce(rate)],
    check: null,
    last: null,
    noiseSeconds: 0.001,
    lastSeekMs: -Infinity,
    seekCount: 0,
  };
}

/** The rate was set from outside, with the player at rest or about to seek. */
export function withRate(state: DriftState, rate: number): DriftState {
  return { ...state, orders: [atOnce(rate)], check: null };
}

/** The player paused, sought or stalled: what it did meanwhile tells nothing. It runs at `rate`. */
export function interrupted(state: DriftState, rate: number): DriftState {
  return { ...state, orders: [atOnce(rate)], check: null, last: null };
}

function atOnce(rate: number): RateOrder {
  return { atMs: -Infinity, actsMs: -Infinity, rate };
}

/** The rate ordered last. */
export function orderedRate(state: DriftState): number {
  return state.orders.at(-1)?.rate ?? 1;
}

export function steer(
  before: DriftState,
  input: DriftInput,
  nowMs: number,
  config: DriftConfig,
): DriftResult {
  const state = observe(before, input, nowMs, config);
  const { timelineRate } = input;
  const soonestMs = nowMs + config.rateDelayMs(timelineRate); // until then what acts goes on
  const actedMs = Math.max(soonestMs, state.orders.at(-1)?.actsMs ?? soonestMs);
  const predicted =
    input.errorSeconds + movedSeconds(state.orders, input.atMs, actedMs, timelineRate);

  if (mustSeek(state, predicted, nowMs, config)) {
    const seekCount = state.seekCount + 1;
    return {
      action: { kind: 'seek' },
      state: { ...interrupted(state, timelineRate), lastSeekMs: nowMs, seekCount },
    };
  }
  return order(state, rateFor(state, predicted, timelineRate), nowMs, config, timelineRate);
}

// ---- the law -----------------------------------------------------------------------------------

function rateFor(state: DriftState, predicted: number, timelineRate: number): number {
  const current = orderedRate(state);
  const size = Math.abs(predicted);
  const correcting = current !== timelineRate;
  if (state.strategy === 'seek') return timelineRate;

  const coarse = state.strategy === 'coarse';
  const outer = coarse ? 0.05 : Math.max(DEAD_ZONE_MIN_SECONDS, 3 * state.noiseSeconds);
  const inner = outer / (coarse ? 2 : 4);
  if (size <= (correcting ? inner : outer)) return timelineRate;

  const limit = correctionLimit(predicted);
  let correction = Math.min(limit, Math.max(CORRECTION_MIN, GAIN_PER_SECOND * size));
  if (coarse)
    correction = Math.max(COARSE_STEP, Math.round(correction / COARSE_STEP) * COARSE_STEP);
  const rate = timelineRate - Math.sign(predicted) * correction;
  const wanted = Math.min(RATE_MAX, Math.max(RATE_MIN, rate));

  const running = Math.abs(current - timelineRate);
  const sameSide = Math.sign(current - timelineRate) === Math.sign(wanted - timelineRate);
  if (sameSide && Math.abs(wanted - current) <= CHANGE_SHARE * running) return current;
  return wanted;
}

/** How far the rate may leave the timeline's for an error of this size. */
function correctionLimit(errorSeconds: number): number {
  const size = Math.abs(errorSeconds);
  if (size <= GENTLE_UP_TO_SECONDS) return GENTLE;
  const share = (size - GENTLE_UP_TO_SECONDS) / (FIRM_FROM_SECONDS - GENTLE_UP_TO_SECONDS);
  if (share <= 1) return FIRM_LEAST + share * (FIRM - FIRM_LEAST);
  if (errorSeconds > 0) return FIRM;
  return Math.min(RATE_MAX - 1, FIRM + (size - FIRM_FROM_SECONDS));
}

function order(
  state: DriftState,
  rate: number,
  nowMs: number,
  config: DriftConfig,
  timelineRate: number,
): DriftResult {
  if (rate === orderedRate(state)) return { action: { kind: 'nothing' }, state };
  const actsMs = nowMs + config.rateDelayMs(rate);
  const check: ObedienceCheck | null =
    rate === timelineRate
      ? null
      : { fromMs: actsMs + CERTAINTY_MS, start: null, failures: state.check?.failures ?? 0 };
  return {
    action: { kind: 'rate', rate },
    state: { ...withOrder(state, { atMs: nowMs, actsMs, rate }), check },
  };
}

/** Adds an order; what it overtakes never acts, what is long past is forgotten. */
function withOrder(state: DriftState, added: RateOrder): DriftState {
  const standing = state.orders.filter((held) => held.actsMs < added.actsMs);
  const orders = [...standing, added];
  const past = orders.findLastIndex((held) => held.actsMs <= added.atMs - MEMORY_MS);
  return { ...state, orders: orders.slice(Math.max(0, past)) };
}

// ---- the seek ----------------------------------------------------------------------------------

function reachSeconds(state: DriftState, config: DriftConfig): number {
  if (state.strategy === 'seek') return 0.15;
  const reach = REACH_MIN_SECONDS + config.seekLatencyMs / 1000;
  return Math.min(REACH_MAX_SECONDS, reach);
}

function mustSeek(
  state: DriftState,
  predicted: number,
  nowMs: number,
  config: DriftConfig,
): boolean {
  if (Math.abs(predicted) <= reachSeconds(state, config)) return false;
  const spacing = Math.min(SEEK_SPACING_MAX_MS, SEEK_SPACING_MS * 2 ** (state.seekCount - 1));
  return state.seekCount === 0 || nowMs - state.lastSeekMs >= spacing + config.seekLatencyMs;
}

// ---- what a reading teaches --------------------------------------------------------------------

function observe(
  state: DriftState,
  input: DriftInput,
  nowMs: number,
  config: DriftConfig,
): DriftState {
  const last = { errorSeconds: input.errorSeconds, atMs: input.atMs };
  const inReach = Math.abs(input.errorSeconds) <= reachSeconds(state, config);
  const calm = inReach && nowMs - state.lastSeekMs >= IN_REACH_MS;
  return {
    ...checkObedience(retryRates(state, nowMs), input, nowMs),
    noiseSeconds: noiseAfter(state, input),
    seekCount: calm ? 0 : state.seekCount,
    last,
  };
}

/** The spread of the error while the rate rests; a step of half a second or more is no noise. */
function noiseAfter(state: DriftState, input: DriftInput): number {
  const { last } = state;
  if (!last || input.atMs <= last.atMs) return state.noiseSeconds;
  const lastOrder = state.orders.at(-1);
  const rests =
    lastOrder?.rate === input.timelineRate && last.atMs > lastOrder.actsMs + CERTAINTY_MS;
  if (!rests) return state.noiseSeconds;
  const stray = Math.min(0.02, Math.abs(input.errorSeconds - last.errorSeconds));
  return state.noiseSeconds + 0.05 * (stray - state.noiseSeconds);
}

function checkObedience(state: DriftState, input: DriftInput, nowMs: number): DriftState {
  const { check } = state;
  if (!check || input.atMs < check.fromMs) return state;
  if (!check.start) {
    const start = { errorSeconds: input.errorSeconds, atMs: input.atMs };
    return { ...state, check: { ...check, start } };
  }
  const expected = movedSeconds(state.orders, check.start.atMs, input.atMs, input.timelineRate);
  if (Math.abs(expected) < Math.max(CHECK_MOVE_SECONDS, 10 * state.noiseSeconds)) return state;
  const share = (input.errorSeconds - check.start.errorSeconds) / expected;
  const failures = share >= 0.5 ? 0 : check.failures + 1;
  if (failures < 2) return { ...state, check: { ...check, start: null, failures } };
  // The check goes on: the next strategy may want the very rate that stands
  return {
    ...state,
    check: { ...check, start: null, failures: 0 },
    strategy: state.strategy === 'fine' ? 'coarse' : 'seek',
    strategySinceMs: nowMs,
  };
}

function retryRates(state: DriftState, nowMs: number): DriftState {
  if (state.strategy === 'fine' || nowMs - state.strategySinceMs < RETRY_RATES_MS) return state;
  return { ...state, strategy: 'fine', strategySinceMs: nowMs };
}

/** How far the rates in effect from `fromMs` to `toMs` move the player away from the timeline. */
function movedSeconds(
  orders: readonly RateOrder[],
  fromMs: number,
  toMs: number,
  timelineRate: number,
): number {
  let moved = 0;
  orders.forEach((held, index) => {
    const start = Math.max(held.actsMs, fromMs);
    const end = Math.min(orders[index + 1]?.actsMs ?? Infinity, toMs);
    if (end > start) moved += ((held.rate - timelineRate) * (end - start)) / 1000;
  });
  return moved;
}
