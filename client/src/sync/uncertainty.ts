// How far the offset that is shown may be from the truth (±, about 19 times out of 20).
//
// Three causes that know nothing of each other, so that their squares add up:
//
//     clock        the expected error of the clock's estimate; twice that covers 95 %
//     measurement  the picture's position jumps about from reading to reading; drift control moves
//                  it slowly, so half the variance of successive differences is that of a reading
//     path         which part of a round trip is the way there cannot be seen. Ways that divide no
//                  worse than 60 to 40 are wrong by a tenth of the round trip
//
// The median of the differences is used, so that one seek among them does not count.

const READINGS_MAX = 16;
const READINGS_MIN = 4;
/** Before there are enough readings: half a frame at 24 frames a second. */
const NOISE_PRIOR_MS = 10;
const PATH_SHARE = 0.1;
/** Of a normal distribution: standard deviation over median absolute value. */
const SIGMA_PER_MEDIAN = 1.4826;

/** The last offsets that were measured, milliseconds. */
export type Readings = readonly number[];

export function withReading(readings: Readings, offsetMs: number): Readings {
  return [...readings, offsetMs].slice(-READINGS_MAX);
}

/** Standard deviation of one reading, milliseconds. */
export function noiseOf(readings: Readings): number {
  if (readings.length < READINGS_MIN) return NOISE_PRIOR_MS;
  const steps = readings
    .slice(1)
    .map((reading, index) => Math.abs(reading - (readings[index] ?? reading)))
    .sort((a, b) => a - b);
  const median = steps[Math.floor(steps.length / 2)] ?? 0;
  return (SIGMA_PER_MEDIAN * median) / Math.SQRT2;
}

/** @param clockMs the expected error of the clock. */
export function offsetUncertaintyMs(
  clockMs: number,
  roundTripMs: number,
  readings: Readings,
): number {
  return Math.hypot(2 * clockMs, 2 * noiseOf(readings), PATH_SHARE * roundTripMs);
}
