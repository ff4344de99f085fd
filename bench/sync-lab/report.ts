// What the lab found, for people: a page with a table against the figures that are wanted, and for
// each profile the plots of its first run.
import { troubleOf, type Analysis, type Figures } from './metrics.ts';
import { drawPlot, type Line, type Plot } from './plot.ts';
import { networkOf, profileNames } from './profiles.ts';
import type { Scenario } from './scenarios.ts';

/** What each profile should reach (issue 5); `mixed` has no figures of its own. */
export const wanted: Record<string, Partial<Record<keyof Figures, number>>> = {
  lan: want(3, 20, 0.3, 1.5, 0.35, 0.01, 0.5),
  home: want(5, 20, 0.5, 2, 0.4, 0.01, 2),
  wan: want(12, 42, 1, 3, 0.7, 0.02, 6),
  bad: want(40, 100, 3, 6, 1.5, 0.03, 20),
  firefox: { steady_p95_ms: 15, controller_seeks: 0 },
  'current-time': { steady_p95_ms: 15, controller_seeks: 0 },
  hls: { steady_p95_ms: 15, controller_seeks: 0 },
};

function want(
  steadyP95: number,
  steadyMax: number,
  converge: number,
  lateJoin: number,
  press: number,
  rate: number,
  clock: number,
): Partial<Record<keyof Figures, number>> {
  return {
    steady_p95_ms: steadyP95,
    steady_max_ms: steadyMax,
    converge_after_play_s: converge,
    late_join_s: lateJoin,
    press_to_picture_s: press,
    controller_seeks: 0,
    rate_max_deviation: rate,
    clock_error_p95_ms: clock,
  };
}

/** A row of the console and of the page: figure, wanted, and whether it is met. */
export function compare(name: string, figures: Figures): string[][] {
  return Object.entries(figures).map(([key, value]) => {
    const limit = wanted[name]?.[key as keyof Figures];
    const said = typeof value === 'number' ? String(Number(value.toFixed(3))) : '—';
    if (limit === undefined) return [key, said, '', ''];
    const isMet = typeof value === 'number' && value <= limit;
    return [key, said, `≤ ${limit}`, isMet ? 'met' : 'MISSED'];
  });
}

export interface Reported {
  readonly scenario: Scenario;
  readonly medians: Figures;
  readonly analyses: readonly Analysis[];
}

export function htmlReport(reported: readonly Reported[], about: string[]): string {
  const sections = reported.map(({ scenario, medians, analyses }) => {
    const rows = compare(scenario.name, medians)
      .map(
        ([key, value, limit, met]) =>
          `<tr class="${met}"><td>${key}<td>${value}<td>${limit}<td>${met}</tr>`,
      )
      .join('');
    const [first] = analyses;
    const witnesses = analyses
      .flatMap(({ record }) => record.truthCheck ?? [])
      .map((check) => `<p>Witnesses of the truth: <code>${JSON.stringify(check)}</code></p>`)
      .join('');
    const troubles = analyses.flatMap(({ figures }, index) =>
      troubleOf(figures).map((trouble) => `<li>run ${index + 1}: ${trouble}`),
    );
    return (
      `<h2>${scenario.name}</h2><p>Medians of ${analyses.length} run(s); the plots are of the first.</p>` +
      `<ul>${troubles.join('')}</ul>${witnesses}` +
      `<table><tr><th>figure<th>is<th>wanted<th></tr>${rows}</table>${first ? plotsOf(first) : ''}`
    );
  });
  return (
    '<!doctype html><meta charset="utf-8"><title>Sync lab</title><style>body{font:15px sans-serif;' +
    'max-width:1040px;margin:2em auto}td,th{padding:2px 12px;text-align:left}.MISSED{color:#b91c1c;' +
    'font-weight:bold}.met{color:#047857}svg{display:block;margin:1em 0}</style>' +
    `<h1>Sync lab</h1><ul>${about.map((line) => `<li>${line}`).join('')}</ul>${sections.join('')}`
  );
}

function plotsOf({ record, offsets, zeroMs }: Analysis): string {
  const seconds = (atMs: number): number => (atMs - zeroMs) / 1000;
  const members = record.old ? [...record.members, record.old] : record.members;
  const last = offsets.at(-1)?.atMs ?? zeroMs;
  const frame: Omit<Plot, 'title' | 'unit' | 'lines' | 'reach' | 'middle'> = {
    marks: record.phases.map(({ name, fromMs }) => [seconds(fromMs), name] as const),
    fromSeconds: 0,
    toSeconds: seconds(last),
  };
  // From the host: the mean of all would follow the old member about.
  const offsetLines = members.slice(1).map((member, index): Line => ({
    name: member.name,
    points: offsets.map(({ atMs, each }) => {
      const [host, own] = [each[0], each[index + 1]];
      const isKnown = host !== undefined && own !== undefined;
      return [seconds(atMs), isKnown ? own - host : undefined] as const;
    }),
  }));
  const rateLines = members.map((member): Line => ({
    name: member.name,
    points: member.recording.samples
      .filter(({ atMs }) => atMs >= zeroMs && atMs <= last)
      .map(({ atMs, rate, paused }) => [seconds(atMs), paused ? undefined : rate] as const),
  }));
  const seekMarks = members.flatMap((member) =>
    member.recording.events
      .filter(({ name, atMs }) => name === 'seeking' && atMs >= zeroMs)
      .map(({ atMs }) => [seconds(atMs), `${member.name} seeks`] as const),
  );
  const about = { unit: 'ms', middle: 0 };
  return [
    drawPlot({ ...frame, ...about, title: 'Offset from the host', lines: offsetLines, reach: 100 }),
    drawPlot({ ...frame, ...about, title: 'The same, closer', lines: offsetLines, reach: 10 }),
    drawPlot({
      ...frame,
      ...about,
      title: 'The same after play',
      lines: offsetLines,
      reach: 50,
      toSeconds: Math.min(8, frame.toSeconds),
    }),
    drawPlot({
      ...frame,
      title: 'Rate, and seeks',
      unit: '×',
      lines: rateLines,
      reach: 0.05,
      middle: 1,
      marks: seekMarks,
    }),
  ].join('');
}

/** One line about a profile's network, in words. */
export function describeNetworks(): string[] {
  return profileNames
    .filter((name) => name !== 'mixed')
    .map((name) => {
      const { roundTripMs, jitterMs, loss, upShare } = networkOf(name, 0);
      return (
        `${name}: round trip ${roundTripMs} ± ${jitterMs} ms, ${100 * loss} % of segments lost, ` +
        `${100 * upShare} % of it on the way up`
      );
    });
}
