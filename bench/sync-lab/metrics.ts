// From what the windows recorded to the figures of the report.
import { framesPerSecond } from './clip.ts';
import type { Member } from './member.ts';
import type { PartyRecord, Phase } from './party.ts';
import { invisibleMs } from './profiles.ts';
import { offsetsOver, placeAt, runsOf, type Offsets, type Run } from './truth.ts';

export const frameMs = 1000 / framesPerSecond;
/** What converges after a start may take, in the worst profile: steady play begins then. */
const steadyAfterMs = 3_000;

/** null: this run did not have that part, or it never came to pass. */
export interface Figures {
  readonly steady_p95_ms: number | null;
  readonly steady_max_ms: number | null;
  readonly steady_median_ms: number | null;
  readonly converge_after_play_s: number | null;
  readonly late_join_s: number | null;
  readonly press_to_picture_s: number | null;
  readonly controller_seeks: number | null;
  readonly rate_max_deviation: number | null;
  readonly clock_error_p95_ms: number | null;
  /** With what no filter can see still in it. */
  readonly clock_error_with_asymmetry_p95_ms: number | null;
  /** Apart by so much although all clocks are right: half the difference of the two ways, between the
   * members where it is largest and smallest. No filter can see it. */
  readonly invisible_between_members_ms: number;
  readonly converge_after_pause_s: number | null;
  readonly converge_after_seek_s: number | null;
  readonly converge_after_starving_s: number | null;
  readonly converge_after_hiding_s: number | null;
  /** What the interface shows against the truth. */
  readonly indicator_error_p95_ms: number | null;
  readonly indicator_within_uncertainty: number | null;
  /** From the host to the member with the old system's controller, steady play. */
  readonly old_p95_ms: number | null;
  readonly old_max_ms: number | null;
  readonly old_seeks: number | null;
  readonly old_rate_max_deviation: number | null;
  /** The old member's offset from the host, over that of the worst of ours from it; p95. */
  readonly old_over_new: number | null;
  /** Of the truth: how far frames lie from their line (root mean square). */
  readonly truth_residual_ms: number | null;
  readonly dropped_frames: number | null;
  /** Longest time without a new frame in any window, steady play. */
  readonly longest_gap_ms: number | null;
  /** Of the instants of steady play, at how many all pictures ran. */
  readonly covered: number | null;
  readonly emulator_late_p95_ms: number;
  readonly busy_share: number;
  readonly stolen_share: number;
}

export interface Analysis {
  readonly figures: Figures;
  /** Every 50 ms over the whole run, for the plots; the old member comes last. */
  readonly offsets: readonly Offsets[];
  readonly record: PartyRecord;
  /** When the host pressed play: second 0 of the plots. */
  readonly zeroMs: number;
}

export function analyse(record: PartyRecord): Analysis {
  const { members, phases } = record;
  const runs = members.map((member) => runsOf(member.recording.frames));
  const phase = (name: string): Phase | undefined => phases.find((p) => p.name === name);
  const play = phase('play');
  if (!play) throw new Error('the run has no play');
  const pressMs = pressIn(members[0], play);
  const movingMs = runs.map((r) => startAfter(r, pressMs));
  const steadyFrom = Math.min(...movingMs) + steadyAfterMs;
  const steadyTo = play.toMs - 200;
  const steady = offsetsOver(runs, steadyFrom, steadyTo);
  const spreads = steady.flatMap(({ spreadMs }) => (spreadMs === undefined ? [] : [spreadMs]));
  const isSteady = (atMs: number): boolean => atMs >= steadyFrom && atMs <= steadyTo;

  const clockErrors: number[] = [];
  const rawClockErrors: number[] = [];
  const indicator: { error: number; within: boolean }[] = [];
  const rates: number[] = [];
  members.forEach((member, index) => {
    const bias = invisibleMs(member.options.network);
    for (const sample of member.recording.samples) {
      if (!isSteady(sample.atMs)) continue;
      rates.push(Math.abs(sample.rate - 1));
      const { engine } = sample;
      if (engine?.serverMs == null) continue;
      const trueServerMs = sample.atMs + record.serverClock.offsetMs;
      rawClockErrors.push(Math.abs(engine.serverMs - trueServerMs));
      clockErrors.push(Math.abs(engine.serverMs - trueServerMs - bias));
      const place = placeAt(runs[index] ?? [], sample.atMs);
      const shown = parseShown(engine.shown);
      if (!place || !engine.timeline || !shown) continue;
      const { positionSeconds, atMs, rate } = engine.timeline;
      const target = positionSeconds + (rate * (trueServerMs + bias - atMs)) / 1000;
      const error = Math.abs(shown.offsetMs - 1000 * (place.seconds - target));
      // What is shown is rounded to whole milliseconds.
      indicator.push({ error, within: error <= shown.uncertaintyMs + 0.5 });
    }
  });

  const seeks = members.flatMap((member, index) =>
    member.recording.events.filter(
      ({ name, atMs }) =>
        name === 'seeking' && atMs > (movingMs[index] ?? Infinity) && atMs < play.toMs,
    ),
  );
  const residuals = runs.flatMap((r) =>
    steady.flatMap(({ atMs }) => placeAt(r, atMs)?.residualMs ?? []),
  );
  const dropped = members.map((member) => {
    const samples = member.recording.samples.filter(({ atMs }) => isSteady(atMs));
    return (samples.at(-1)?.dropped ?? 0) - (samples[0]?.dropped ?? 0);
  });

  const gaps = members.flatMap(({ recording }) => {
    const frames = recording.frames.filter(({ atMs }) => isSteady(atMs));
    return frames.slice(1).map(({ atMs }, index) => atMs - (frames[index]?.atMs ?? atMs));
  });

  const converge = (name: string, from: (p: Phase) => number): number | null => {
    const part = phase(name);
    return part ? convergedSeconds(runs, from(part), part.toMs - 200) : null;
  };
  const firstMoving = (p: Phase): number =>
    Math.min(...runs.map((r) => startAfter(r, pressIn(members[0], p))));
  const invisible = members.map((member) => invisibleMs(member.options.network));
  const worstOfOurs = Math.max(
    ...runs
      .slice(1)
      .map((r) => percentile(distances(runs[0] ?? [], r, steadyFrom, steadyTo), 0.95) ?? NaN),
  );
  const oldRuns = record.old && runsOf(record.old.recording.frames);
  const oldDistances = oldRuns ? distances(runs[0] ?? [], oldRuns, steadyFrom, steadyTo) : [];
  const oldSteady = record.old?.recording.samples.filter(({ atMs }) => isSteady(atMs)) ?? [];
  const oldP95 = percentile(oldDistances, 0.95);
  const figures: Figures = {
    steady_p95_ms: percentile(spreads, 0.95),
    steady_max_ms: percentile(spreads, 1),
    steady_median_ms: percentile(spreads, 0.5),
    converge_after_play_s: converge('play', firstMoving),
    late_join_s: converge('late join', (p) => pressIn(members[1], p)),
    press_to_picture_s: finite((Math.max(...movingMs) - pressMs) / 1000),
    controller_seeks: seeks.length,
    rate_max_deviation: percentile(rates, 1),
    clock_error_p95_ms: percentile(clockErrors, 0.95),
    clock_error_with_asymmetry_p95_ms: percentile(rawClockErrors, 0.95),
    invisible_between_members_ms: Math.max(...invisible) - Math.min(...invisible),
    converge_after_pause_s: converge('play again', firstMoving),
    converge_after_seek_s: converge('seek', (p) => pressIn(members[0], p)),
    converge_after_starving_s: converge('fed again', (p) => p.fromMs),
    converge_after_hiding_s: converge('back in sight', (p) => p.fromMs),
    indicator_error_p95_ms: percentile(
      indicator.map(({ error }) => error),
      0.95,
    ),
    indicator_within_uncertainty:
      indicator.length === 0
        ? null
        : indicator.filter(({ within }) => within).length / indicator.length,
    old_p95_ms: oldP95,
    old_max_ms: percentile(oldDistances, 1),
    old_seeks:
      record.old?.recording.events.filter(({ name, atMs }) => name === 'seeking' && isSteady(atMs))
        .length ?? null,
    old_rate_max_deviation: percentile(
      oldSteady.map(({ rate }) => Math.abs(rate - 1)),
      1,
    ),
    // Below half a millisecond the truth itself ends.
    old_over_new: oldP95 === null ? null : finite(oldP95 / Math.max(0.5, worstOfOurs)),
    truth_residual_ms: percentile(residuals, 0.5),
    dropped_frames: dropped.reduce((sum, count) => sum + count, 0),
    longest_gap_ms: percentile(gaps, 1),
    covered: steady.length === 0 ? null : spreads.length / steady.length,
    emulator_late_p95_ms: record.lateness.p95Ms,
    busy_share: record.load.busyShare,
    stolen_share: record.load.stolenShare,
  };
  const end = phases.at(-1)?.toMs ?? play.toMs;
  const drawn = oldRuns ? [...runs, oldRuns] : runs;
  const offsets = offsetsOver(drawn, play.fromMs, end);
  return { figures, offsets, record, zeroMs: pressMs };
}

/** `In step +12 ms ± 3 ms` as the interface shows it, in numbers. */
export function parseShown(
  text: string | null,
): { offsetMs: number; uncertaintyMs: number } | null {
  const [, offset, uncertainty] = /([+−]?\d+) ms\s*± (\d+) ms/.exec(text ?? '') ?? [];
  if (offset === undefined || uncertainty === undefined) return null;
  return { offsetMs: Number(offset.replace('−', '-')), uncertaintyMs: Number(uncertainty) };
}

/** How far two windows were apart, every 50 ms. */
function distances(
  one: readonly Run[],
  other: readonly Run[],
  fromMs: number,
  toMs: number,
): number[] {
  return offsetsOver([one, other], fromMs, toMs).flatMap(({ spreadMs }) => spreadMs ?? []);
}

/** When the person pressed in that part: the first click there. */
function pressIn(member: Member | undefined, phase: Phase): number {
  const press = member?.recording.events.find(
    ({ name, atMs }) => name === 'click' && atMs >= phase.fromMs && atMs <= phase.toMs,
  );
  if (!press) throw new Error(`nobody pressed anything in "${phase.name}"`);
  return press.atMs;
}

/** When the picture began to move for good after `atMs`. */
function startAfter(runs: readonly Run[], atMs: number): number {
  return runs.find((run) => run.fromMs >= atMs || run.toMs > atMs + 1_000)?.fromMs ?? Infinity;
}

/** From `fromMs` until all pictures are within one frame and stay so; null: not before `toMs`. */
function convergedSeconds(
  runs: readonly (readonly Run[])[],
  fromMs: number,
  toMs: number,
): number | null {
  if (!Number.isFinite(fromMs)) return null;
  const offsets = offsetsOver(runs, fromMs, toMs, 20);
  const lastBad = offsets.findLastIndex(
    ({ spreadMs }) => spreadMs === undefined || spreadMs > frameMs,
  );
  const first = offsets[lastBad + 1];
  return first ? (first.atMs - fromMs) / 1000 : null;
}

export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** What makes a run's figures worth less: the machine's doing, not the client's. */
export function troubleOf(figures: Figures): string[] {
  const { dropped_frames: dropped, covered, emulator_late_p95_ms: late } = figures;
  const { busy_share: busy, stolen_share: stolen, longest_gap_ms: gap } = figures;
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  return [
    ...(dropped
      ? [`${dropped} frames were dropped: this machine cannot decode that many films`]
      : []),
    ...(gap !== null && gap > 150 ? [`a picture stood still for ${gap.toFixed(0)} ms`] : []),
    ...(busy > 0.9 ? [`the CPU was ${percent(busy)} busy`] : []),
    ...(stolen > 0.02 ? [`${percent(stolen)} of the CPU were stolen by the host`] : []),
    ...(late > 1 ? [`the emulated network was up to ${late.toFixed(1)} ms late (p95)`] : []),
    ...(covered !== null && covered < 0.95
      ? [`all pictures ran in only ${percent(covered)} of steady play`]
      : []),
  ];
}

/** The median of each figure over the runs that have it. */
export function medians(runs: readonly Figures[]): Figures {
  const keys = Object.keys(runs[0] ?? {}) as (keyof Figures)[];
  const middle = (key: keyof Figures): number | null => {
    const values = runs.flatMap((run) => run[key] ?? []).sort((a, b) => a - b);
    const [low, high] = [values[(values.length - 1) >> 1], values[values.length >> 1]];
    return low === undefined || high === undefined ? null : (low + high) / 2;
  };
  return Object.fromEntries(keys.map((key) => [key, middle(key)])) as unknown as Figures;
}
