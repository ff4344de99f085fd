// What time is it at the server? From exchanges of four timestamps to an offset and its error.
//
// One exchange: sent at c1 (client), received s2, answered s3 (server), arrived c4 (client). With
// the unknown offset o = server - client and the delays f >= 0 forth and b >= 0 back:
//
//     F = s2 - c1 = o + f        lies above o
//     B = s3 - c4 = o - b        lies below o
//
// so every exchange by itself proves B <= o <= F. Over time o is a straight line (the clocks tick
// at slightly different speeds, at most some 100 ppm), all F lie above it, all B below.
//
// Envelope. Queues add to a delay, they never take away. So the least F and the greatest B,
// taken *separately*, come from two moments without queue, and the middle of the gap is the
// offset; nobody needs to have had luck in both directions at once. With a slope: of all strips
// that keep the F above and the B below, the one with the greatest vertical gap; the gap is a
// concave function of the slope, so a ternary search finds it. Within some ten seconds the slope
// is worth less than its noise and is taken as known (0 at first).
//
// Median. If jitter is symmetric, as on some radio links, extremes are rare and far out, and the
// middle of all (F + B) / 2 is better. Both know how good they are: the envelope by the
// distance of the few samples next to the extremes, the median by the spread of all. They are
// blended by the inverse of their variances, so whichever fits the shape of the delays wins.
//
// No filter sees asymmetry of the path itself: `boundMs`, half the least gap, is the proof;
// `uncertaintyMs` is the expected error if both directions are alike.
//
// Change. The window would remember an old route for long. When the last CHANGE_COUNT delays of a
// direction all lie beyond what the older ones showed, the older ones go. When a single exchange
// contradicts the estimate (the clock slept, or the server is another), all but it goes.
//
// Sources: Cristian 1989; Moon, Skelly, Towsley 1999 (lower hull with skew); RFC 5905.

/** One exchange; client times are local milliseconds, server times milliseconds since the epoch. */
export interface ClockSample {
  readonly clientSendMs: number;
  readonly serverReceiveMs: number;
  readonly serverTransmitMs: number;
  readonly clientReceiveMs: number;
}

export interface ClockEstimate {
  /** Server time minus local time, true at local `atMs`. */
  readonly offsetMs: number;
  readonly atMs: number;
  /** Milliseconds that the server's clock gains per local millisecond. */
  readonly skew: number;
  /** Expected error (one standard deviation) if the path is symmetric. */
  readonly uncertaintyMs: number;
  /** The offset is proven within plus or minus this, whatever the path. */
  readonly boundMs: number;
  /** Least delay forth and back together. */
  readonly roundTripMs: number;
  readonly sampleCount: number;
}

export interface ClockFilter {
  /** Oldest first, within the window. */
  readonly samples: readonly ClockSample[];
  readonly skew: number;
  readonly estimate: ClockEstimate | null;
}

export const emptyClockFilter: ClockFilter = { samples: [], skew: 0, estimate: null };

/** Long enough to see 1 ppm through 0.1 ms of noise, short enough that the drift is a line. */
const WINDOW_MS = 120_000;
const SAMPLES_MAX = 128;
/** From here on the slope is better estimated than taken as known (sync lab, table of filters). */
const SKEW_SPAN_MS = 25_000;
const SKEW_SAMPLES_MIN = 12;
/** Quartz is within 100 ppm; the server's steers another 500 ppm at the very most (NTP slew). */
const SKEW_MAX = 5e-4;
/** Six in a row beyond the outer fifth of the older ones: by chance once in 15,625 windows. */
const CHANGE_COUNT = 6;
const CHANGE_QUANTILE = 0.8;
const CHANGE_MARGIN_MS = 1;
/** The step of the fastest clock that stamps: errors below it are not known to anybody. */
const RESOLUTION_MS = 0.005;
/** An error so large that the other method, or the proof, decides. */
const UNKNOWN_MS = 1e6;

interface Point {
  /** Local time relative to the newest sample. */
  readonly t: number;
  readonly forward: number;
  readonly backward: number;
}

/** Takes in one exchange. One that is impossible (negative round trip, not finite) is ignored. */
export function addSample(filter: ClockFilter, sample: ClockSample): ClockFilter {
  const roundTrip =
    sample.clientReceiveMs -
    sample.clientSendMs -
    (sample.serverTransmitMs - sample.serverReceiveMs);
  if (!Number.isFinite(roundTrip) || roundTrip < 0) return filter;

  const kept = contradicts(filter.estimate, sample) ? [] : filter.samples;
  const skewBefore = kept.length === 0 ? 0 : filter.skew;
  const since = sample.clientReceiveMs - WINDOW_MS;
  const samples = dropOldRoute(
    [...kept.filter((held) => held.clientReceiveMs >= since), sample].slice(-SAMPLES_MAX),
    skewBefore,
  );
  return fit(samples, skewBefore);
}

/** Server time at local `localMs`, milliseconds since the epoch. */
export function serverTimeAt(estimate: ClockEstimate, localMs: number): number {
  return localMs + offsetAt(estimate, localMs);
}

/** Local time at which the server's clock shows `serverMs`. */
export function localTimeAt(estimate: ClockEstimate, serverMs: number): number {
  const ahead = serverMs - serverTimeAt(estimate, estimate.atMs);
  return estimate.atMs + ahead / (1 + estimate.skew);
}

function offsetAt(estimate: ClockEstimate, localMs: number): number {
  return estimate.offsetMs + estimate.skew * (localMs - estimate.atMs);
}

/** How long to wait before exchange number `count` (from 0), `random` from 0 to 1. */
export function exchangeDelayMs(
  count: number,
  estimate: ClockEstimate | null,
  random: number,
): number {
  if (count === 0) return 0;
  if (count < 8) return 125; // eight in the first second
  const wellKnown = count >= 24 && estimate !== null && estimate.uncertaintyMs < 1;
  // A tenth more or less, so that the clients of a room never ask in step.
  return (wellKnown ? 5_000 : 2_000) * (0.9 + 0.2 * random);
}

/** Does what this exchange proves exclude the estimate? The clocks drift, so it ages. */
function contradicts(estimate: ClockEstimate | null, sample: ClockSample): boolean {
  if (!estimate) return false;
  const ageMs = Math.max(0, sample.clientReceiveMs - estimate.atMs);
  const slack = estimate.boundMs + SKEW_MAX * ageMs + CHANGE_MARGIN_MS;
  const offset = offsetAt(estimate, sample.clientReceiveMs);
  const forward = sample.serverReceiveMs - sample.clientSendMs;
  const backward = sample.serverTransmitMs - sample.clientReceiveMs;
  return forward < offset - slack || backward > offset + slack;
}

function toPoints(samples: readonly ClockSample[]): Point[] {
  const newest = samples.at(-1)?.clientReceiveMs ?? 0;
  return samples.map((sample) => ({
    t: sample.clientReceiveMs - newest,
    forward: sample.serverReceiveMs - sample.clientSendMs,
    backward: sample.serverTransmitMs - sample.clientReceiveMs,
  }));
}

/** Forgets what is older than the last CHANGE_COUNT samples if these tell of another route. */
function dropOldRoute(samples: readonly ClockSample[], skew: number): readonly ClockSample[] {
  if (samples.length < 2 * CHANGE_COUNT) return samples;
  const points = toPoints(samples);
  const forward = points.map((point) => point.forward - skew * point.t);
  const back = points.map((point) => skew * point.t - point.backward);
  return hasShifted(forward) || hasShifted(back) ? samples.slice(-CHANGE_COUNT) : samples;
}

function hasShifted(delays: readonly number[]): boolean {
  const older = sorted(delays.slice(0, -CHANGE_COUNT));
  const recent = delays.slice(-CHANGE_COUNT);
  const high = quantile(older, CHANGE_QUANTILE) + CHANGE_MARGIN_MS;
  const low = quantile(older, 1 - CHANGE_QUANTILE) - CHANGE_MARGIN_MS;
  return recent.every((delay) => delay > high) || recent.every((delay) => delay < low);
}

function fit(samples: readonly ClockSample[], skewBefore: number): ClockFilter {
  const points = toPoints(samples);
  const oldest = points[0];
  const newest = samples.at(-1);
  if (!oldest || !newest) return emptyClockFilter;

  const estimable = -oldest.t >= SKEW_SPAN_MS && points.length >= SKEW_SAMPLES_MIN;
  const skew = estimable ? widestSlope(points) : skewBefore;

  const above = sorted(points.map((point) => point.forward - skew * point.t));
  const below = sorted(points.map((point) => skew * point.t - point.backward));
  const middles = sorted(
    points.map((point) => (point.forward + point.backward) / 2 - skew * point.t),
  );
  const gap = least(above) + least(below);
  const envelope = (least(above) - least(below)) / 2;
  const median = quantile(middles, 0.5);

  const envelopeError = Math.hypot(spacing(above), spacing(below)) / 2 + RESOLUTION_MS;
  const medianError = medianDeviation(middles) + RESOLUTION_MS;
  const trust = medianError ** 2 / (medianError ** 2 + envelopeError ** 2);

  const blend = trust * envelope + (1 - trust) * median;
  const offsetMs = clamp(blend, -least(below), least(above));

  return {
    samples,
    skew,
    estimate: {
      offsetMs,
      atMs: newest.clientReceiveMs,
      skew,
      uncertaintyMs: Math.min(
        gap / 2 + RESOLUTION_MS,
        trust * envelopeError + (1 - trust) * medianError,
      ),
      boundMs: Math.max(0, gap / 2) + Math.abs(offsetMs - envelope),
      roundTripMs: Math.max(0, gap),
      sampleCount: samples.length,
    },
  };
}

/** The slope of the widest strip between the points above and those below. */
function widestSlope(points: readonly Point[]): number {
  let low = -SKEW_MAX;
  let high = SKEW_MAX;
  // Each round keeps two thirds: 40 rounds leave 1e-3 * (2/3)^40 = 1e-10 of the span.
  for (let round = 0; round < 40; ++round) {
    const left = low + (high - low) / 3;
    const right = high - (high - low) / 3;
    if (gapAt(points, left) < gapAt(points, right)) low = left;
    else high = right;
  }
  return (low + high) / 2;
}

function gapAt(points: readonly Point[], slope: number): number {
  let above = Infinity;
  let below = -Infinity;
  for (const point of points) {
    above = Math.min(above, point.forward - slope * point.t);
    below = Math.max(below, point.backward - slope * point.t);
  }
  return above - below;
}

/** How far the least value is from where the next ones suggest the floor: its expected error. */
function spacing(ascending: readonly number[]): number {
  const reach = Math.min(ascending.length - 1, 4);
  if (reach < 1) return UNKNOWN_MS;
  return (quantileAt(ascending, reach) - least(ascending)) / reach;
}

/** Standard error of the median, from the median absolute deviation. */
function medianDeviation(ascending: readonly number[]): number {
  if (ascending.length < 4) return UNKNOWN_MS;
  const middle = quantile(ascending, 0.5);
  const deviation = quantile(sorted(ascending.map((value) => Math.abs(value - middle))), 0.5);
  // 1.4826 makes it a standard deviation, 1.2533 is the median's loss against the mean.
  return (1.4826 * 1.2533 * deviation) / Math.sqrt(ascending.length);
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const quantileAt = (ascending: readonly number[], index: number): number => ascending[index] ?? NaN;
const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(high, value));
const least = (ascending: readonly number[]): number => quantileAt(ascending, 0);

function quantile(ascending: readonly number[], share: number): number {
  const place = (ascending.length - 1) * share;
  const below = Math.floor(place);
  const low = quantileAt(ascending, below);
  const high = ascending[below + 1] ?? low;
  return low + (high - low) * (place - below);
}
