// How late the sound reaches the ear, from taps.
//
// A person who taps along with beeps is not on the beat: most are some 20 to 80 ms early, each in
// their own way. So there are two rounds, with the beeps as they are heard and with the flashes as
// they are seen, and what the person adds is in both:
//
//     delay = median(tap - beep) - median(tap - flash)
//
// Beats repeat, so a delay is known but for whole periods. Sound is late rather than early, so the
// one from a quarter of a period early to three quarters late is meant.
//
// The median forgives a tap that went astray. Its own error follows from the spread of the taps
// (median absolute deviation, as a normal distribution would have it) and their number.

export const TAPS_MIN = 8;
/** Taps that stray by more say nothing of a delay of some ten milliseconds. */
const SPREAD_MAX_MS = 80;
const SIGMA_PER_MEDIAN = 1.4826;
/** The median of n values of a normal distribution strays this much more than their mean. */
const MEDIAN_PER_MEAN = 1.2533;

export type Calibration =
  | { readonly kind: 'more'; readonly missing: number }
  | { readonly kind: 'scattered'; readonly spreadMs: number }
  | { readonly kind: 'delay'; readonly delayMs: number; readonly uncertaintyMs: number };

/** How long after its beat a tap came, at most half a period before it or after. */
export function lagMs(tapMs: number, firstBeatMs: number, periodMs: number): number {
  const beats = (tapMs - firstBeatMs) / periodMs;
  return (beats - Math.round(beats)) * periodMs;
}

/**
 * Both rounds: lags behind beeps that were heard, and behind flashes that were seen.
 * @param periodMs of the beats: lags wrap around at half of it.
 */
export function calibrate(
  heardMs: readonly number[],
  seenMs: readonly number[],
  periodMs: number,
): Calibration {
  const missing = Math.max(0, TAPS_MIN - heardMs.length) + Math.max(0, TAPS_MIN - seenMs.length);
  if (missing > 0) return { kind: 'more', missing };
  const [heard, seen] = [middle(heardMs, periodMs), middle(seenMs, periodMs)];
  const spreadMs = Math.max(heard.spreadMs, seen.spreadMs);
  if (spreadMs > SPREAD_MAX_MS) return { kind: 'scattered', spreadMs };
  const errorMs = (round: { spreadMs: number; count: number }): number =>
    (MEDIAN_PER_MEAN * round.spreadMs) / Math.sqrt(round.count);
  return {
    kind: 'delay',
    delayMs: lagMs(heard.lagMs - seen.lagMs, periodMs / 4, periodMs) + periodMs / 4,
    uncertaintyMs: 2 * Math.hypot(errorMs(heard), errorMs(seen)),
  };
}

/** Around the lag that has the others nearest, so that lags near half a period stay together. */
function middle(
  lags: readonly number[],
  periodMs: number,
): { lagMs: number; spreadMs: number; count: number } {
  const around = (center: number): number[] => lags.map((lag) => lagMs(lag, center, periodMs));
  const farness = (center: number): number => median(around(center).map(Math.abs));
  const center = lags.reduce((best, lag) => (farness(lag) < farness(best) ? lag : best));
  const rest = around(center);
  const shift = median(rest);
  const spreadMs = SIGMA_PER_MEDIAN * median(rest.map((lag) => Math.abs(lag - shift)));
  return { lagMs: center + shift, spreadMs, count: lags.length };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}
