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
// Skew. The middles M = (F + B) / 2 lie around o, off by half the difference of the delays. A line
// through them, o + s t, is fitted by least squares with a prior on the slope (crystals: 0, give or
// take SKEW_SD):
//
//     minimise  sum w (M - o - s t)^2 / v  +  (s / SKEW_SD)^2
//
// v is the variance of M, from the median deviation; w are Tukey's weights, which make nothing of a
// retransmission's 200 ms. The prior is what makes one formula right everywhere: a wired path knows
// the slope after seconds, a jittery one lets it rest at nearly 0 for a minute instead of
// extrapolating its noise. The covariance of (o, s) says how good the line is now.
//
// Envelope. Queues add to a delay, they never take away. So the least F and the greatest B (less the
// slope), taken *separately*, come from two moments without queue, and the middle of the gap is the
// offset; nobody needs to have had luck in both directions at once. Its error is the distance of
// the few samples next to the extremes, and the slope's error times the age of the extremes.
// The slope shows here too: of all strips that keep the F above and the B below, the one with the
// greatest vertical gap. The gap is a concave function of the slope, and how far the slope can go
// before the gap has lost as much as the extremes are uncertain by is the error of this slope.
// Both slopes are blended by the inverse of their variances.
//
// If jitter is symmetric, as on some radio links, extremes are rare and far out, and the line is
// better. Both know how good they are; they are blended by the inverse of their variances, so
// whichever fits the shape of the delays wins.
//
// No filter sees asymmetry of the path itself: `boundMs`, half the least gap, is the proof;
// `uncertaintyMs` is the expected error if both directions are alike.
//
// Change. The window would remember an old route for long. When the last CHANGE_COUNT delays of a
// direction all lie beyond what the older ones showed, the older ones go. When a single exchange
// contradicts the estimate (the clock slept, or the server is another), all but it goes.
//
// Sources: Cristian 1989; Moon, Skelly, Towsley 1999 (envelopes); Beaton, Tukey 1974; RFC 5905.

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
/** What crystals of computers differ by, one standard deviation: ms per ms. */
const SKEW_SD = 1e-4;
/** A line wants some more samples than it has parameters. */
const LINE_SAMPLES_MIN = 4;
/** Extremes among fewer samples are no envelope whose slope would tell. */
const STRIP_SAMPLES_MIN = 12;
/** Beyond so many standard deviations a sample counts for nothing (Tukey: 95 % efficient). */
const TUKEY_REACH = 4.685;
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
  if (count < 16) return 125; // eight a second at first
  if (count < 32) return 500;
  const wellKnown = estimate !== null && estimate.uncertaintyMs < 0.25;
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
  const newest = samples.at(-1);
  if (!newest) return emptyClockFilter;

  const line = fitLine(points, skewBefore);
  const { skew, skewError } = blendSkews(line, points);
  const { above, below } = delays(points, skew);
  const gap = least(above) + least(below);
  const envelope = (least(above) - least(below)) / 2;
  const ageMs = extremesAgeMs(points, skew);

  const envelopeError =
    Math.hypot(spacing(above), spacing(below), skewError * ageMs) / 2 + RESOLUTION_MS;
  const lineError = line.offsetError + RESOLUTION_MS;
  const trust = lineError ** 2 / (lineError ** 2 + envelopeError ** 2);

  const blend = trust * envelope + (1 - trust) * line.offset;
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
        trust * envelopeError + (1 - trust) * lineError,
      ),
      boundMs: Math.max(0, gap / 2) + Math.abs(offsetMs - envelope),
      roundTripMs: Math.max(0, gap),
      sampleCount: samples.length,
    },
  };
}

interface Line {
  /** At the newest sample. */
  readonly offset: number;
  readonly skew: number;
  /** Standard deviations of both. */
  readonly offsetError: number;
  readonly skewError: number;
}

/** The line through the middles; too few of them say nothing of it. */
function fitLine(points: readonly Point[], skewBefore: number): Line {
  const middles = points.map((point) => (point.forward + point.backward) / 2);
  const around = quantile(sorted(middles), 0.5); // small numbers for the sums below
  let line: Line = {
    offset: around,
    skew: skewBefore,
    offsetError: UNKNOWN_MS,
    skewError: SKEW_SD,
  };
  if (points.length < LINE_SAMPLES_MIN) return line;
  for (let round = 0; round < 3; ++round) {
    const residual = (point: Point, index: number): number =>
      (middles[index] ?? NaN) - line.offset - line.skew * point.t;
    const sizes = sorted(points.map((point, index) => Math.abs(residual(point, index))));
    // 1.4826 makes the median deviation a standard deviation; few samples know it badly.
    const sd = 1.4826 * quantile(sizes, 0.5) * (1 + 2 / points.length) + RESOLUTION_MS;
    let [w, wt, wtt, wm, wtm] = [0, 0, 1 / SKEW_SD ** 2, 0, 0];
    points.forEach((point, index) => {
      const outness = Math.min(1, Math.abs(residual(point, index)) / (TUKEY_REACH * sd));
      const weight = ((1 - outness ** 2) / sd) ** 2;
      const middle = (middles[index] ?? NaN) - around;
      w += weight;
      wt += weight * point.t;
      wtt += weight * point.t ** 2;
      wm += weight * middle;
      wtm += weight * point.t * middle;
    });
    const determinant = w * wtt - wt ** 2;
    line = {
      offset: around + (wtt * wm - wt * wtm) / determinant,
      skew: clamp((w * wtm - wt * wm) / determinant, -SKEW_MAX, SKEW_MAX),
      offsetError: Math.sqrt(wtt / determinant),
      skewError: Math.sqrt(w / determinant),
    };
  }
  return line;
}

/** The line's slope and that of the widest strip, each for what it is worth here. */
function blendSkews(line: Line, points: readonly Point[]): Pick<Line, 'skew' | 'skewError'> {
  if (points.length < STRIP_SAMPLES_MIN) return line;
  const strip = widestStrip(points);
  const trust = line.skewError ** 2 / (line.skewError ** 2 + strip.skewError ** 2);
  return {
    skew: trust * strip.skew + (1 - trust) * line.skew,
    skewError: trust * strip.skewError + (1 - trust) * line.skewError,
  };
}

/** The slope of the widest strip, and how far it can go until the strip has lost what is uncertain. */
function widestStrip(points: readonly Point[]): Pick<Line, 'skew' | 'skewError'> {
  let [low, high] = [-SKEW_MAX, SKEW_MAX];
  // Each round keeps two thirds: 24 rounds leave 1e-3 * (2/3)^24 = 6e-8.
  for (let round = 0; round < 24; ++round) {
    const left = low + (high - low) / 3;
    const right = high - (high - low) / 3;
    if (gapAt(points, left) < gapAt(points, right)) low = left;
    else high = right;
  }
  const skew = (low + high) / 2;
  const { above, below } = delays(points, skew);
  const slackMs = spacing(above) + spacing(below) + RESOLUTION_MS;
  const enough = gapAt(points, skew) - slackMs;
  const reach = (direction: number): number => {
    let [inside, outside] = [0, 2 * SKEW_MAX];
    for (let round = 0; round < 10; ++round) {
      const middle = (inside + outside) / 2;
      if (gapAt(points, skew + direction * middle) >= enough) inside = middle;
      else outside = middle;
    }
    return outside;
  };
  return { skew, skewError: (reach(-1) + reach(1)) / 2 };
}

function gapAt(points: readonly Point[], slope: number): number {
  let above = Infinity;
  let below = -Infinity;
  for (const { t, forward, backward } of points) {
    const rise = slope * t;
    if (forward - rise < above) above = forward - rise;
    if (backward - rise > below) below = backward - rise;
  }
  return above - below;
}

/** How old the two samples are, on average, that the envelope rests on. */
function extremesAgeMs(points: readonly Point[], skew: number): number {
  let [above, aboveAt, below, belowAt] = [Infinity, 0, -Infinity, 0];
  for (const { t, forward, backward } of points) {
    if (forward - skew * t < above) [above, aboveAt] = [forward - skew * t, t];
    if (backward - skew * t > below) [below, belowAt] = [backward - skew * t, t];
  }
  return -(aboveAt + belowAt) / 2;
}

/** Forth above the offset at the newest sample, and back below it, for a slope; ascending. */
function delays(
  points: readonly Point[],
  skew: number,
): { readonly above: Sorted; readonly below: Sorted } {
  return {
    above: sorted(points.map((point) => point.forward - skew * point.t)),
    below: sorted(points.map((point) => skew * point.t - point.backward)),
  };
}

/** How far the least value is from where the next ones suggest the floor: its expected error. */
function spacing(ascending: Sorted): number {
  const reach = Math.min(ascending.length - 1, 4);
  if (reach < 1) return UNKNOWN_MS;
  return (quantileAt(ascending, reach) - least(ascending)) / reach;
}

/** Ascending; typed arrays sort numbers several times faster than arrays do. */
type Sorted = Float64Array;
const sorted = (values: readonly number[]): Sorted => Float64Array.from(values).sort();
const quantileAt = (ascending: Sorted, index: number): number => ascending[index] ?? NaN;
const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(high, value));
const least = (ascending: Sorted): number => quantileAt(ascending, 0);

function quantile(ascending: Sorted, share: number): number {
  const place = (ascending.length - 1) * share;
  const below = Math.floor(place);
  const low = quantileAt(ascending, below);
  const high = ascending[below + 1] ?? low;
  return low + (high - low) * (place - below);
}
