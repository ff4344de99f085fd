// The sync lab: how far apart real browsers are, on networks as they are. See bench/README.md.
//
// Usage: node bench/sync-lab/run.ts [NAME...] [--runs 5] [--windows 3] [--seconds 60] [--play-only]
//          [--no-old] [--seed 1] [--out build/sync-lab]
//   NAME: lan, home, wan, bad, mixed, firefox, current-time, truth, hls (default: all)
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { clipDescription, makeClip } from './clip.ts';
import { analyse, medians, troubleOf, type Analysis, type Figures } from './metrics.ts';
import { holdParty } from './party.ts';
import { compare, describeNetworks, htmlReport, type Reported } from './report.ts';
import { scenarios, type Scenario } from './scenarios.ts';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    profile: { type: 'string', multiple: true, default: [] },
    runs: { type: 'string', default: '5' },
    windows: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    'play-only': { type: 'boolean', default: false },
    'no-old': { type: 'boolean', default: false },
    out: { type: 'string', default: join(repository, 'build/sync-lab') },
  },
});

const names = [...positionals, ...flags.profile];
const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
const runCount = wholeNumber('runs', flags.runs, 1);
const windows = wholeNumber('windows', flags.windows, 2);
const seconds = wholeNumber('seconds', flags.seconds, 5);
const seed = wholeNumber('seed', flags.seed, 0);
if (unknown.length > 0)
  fail(`no scenario ${unknown.join(', ')}; there are: ${scenarios.map((s) => s.name).join(' ')}`);

const media = await makeClip(join(repository, 'build/sync-lab'));
await mkdir(flags.out, { recursive: true });

const reported: Reported[] = [];
let failures = 0;
for (const scenario of scenarios) {
  if (names.length > 0 && !names.includes(scenario.name)) continue;
  const analyses: Analysis[] = [];
  for (let run = 1; run <= runCount; run++) {
    const analysis = await measure(scenario, run);
    if (analysis) analyses.push(analysis);
  }
  if (analyses.length > 0)
    reported.push({
      scenario,
      analyses,
      medians: medians(analyses.map(({ figures }) => figures)),
    });
  await write();
}
for (const { scenario, medians: found } of reported) {
  console.log(`\n${scenario.name}`);
  for (const [key = '', value = '', limit = '', met = ''] of compare(scenario.name, found))
    console.log(`  ${key.padEnd(36)} ${value.padStart(9)}  ${limit.padEnd(9)} ${met}`);
}
if (failures > 0) fail(`${failures} run(s) failed`);

async function measure(scenario: Scenario, run: number): Promise<Analysis | null> {
  const label = `${scenario.name} ${run}/${runCount}`;
  try {
    const record = await holdParty({
      scenario: { ...scenario, ...(flags['play-only'] && { script: 'play' }) },
      ...{ windows, seconds, media },
      seed: seed + run,
      withOldClient: scenario.part === 'profiles' && !flags['no-old'],
      say: (line) => console.log(`${label}: ${line}`),
    });
    const analysis = analyse(record);
    console.log(`${label}: ${inShort(analysis.figures)}`);
    for (const trouble of troubleOf(analysis.figures)) console.log(`${label}: NOTE ${trouble}`);
    if (record.truthCheck) console.log(`${label}: ${JSON.stringify(record.truthCheck)}`);
    return analysis;
  } catch (error) {
    failures += 1;
    console.error(`${label} FAILED: ${(error as Error).stack}`);
    return null;
  }
}

function inShort(figures: Figures): string {
  const { steady_p95_ms: p95, steady_max_ms: max, dropped_frames: dropped } = figures;
  const { converge_after_play_s: converged, busy_share: busy, old_p95_ms: old } = figures;
  return (
    `p95 ${p95?.toFixed(1)} ms, max ${max?.toFixed(1)} ms, converged after ${converged?.toFixed(2)} s, ` +
    `old client p95 ${old?.toFixed(1) ?? '—'} ms, ${dropped} frames dropped, CPU ${(100 * busy).toFixed(0)} %`
  );
}

async function write(): Promise<void> {
  const parts: Record<string, Record<string, object>> = { profiles: {}, players: {}, truth: {} };
  for (const { scenario, analyses, medians: found } of reported)
    (parts[scenario.part] ??= {})[scenario.name] = {
      ...found,
      ...(scenario.part === 'truth' && { witnesses: analyses.map((a) => a.record.truthCheck) }),
      runs: analyses.map(({ figures }) => ({ ...figures, trouble: troubleOf(figures) })),
    };
  const [any] = reported.flatMap(({ analyses }) => analyses);
  const machine = any?.record.load;
  const commit = execFileSync('git', ['-C', repository, 'rev-parse', '--short', 'HEAD']);
  const about = {
    commit: commit.toString().trim(),
    machine: machine && { cpu: machine.cpu, cores: machine.cores },
    clip: clipDescription,
    ...{ windows, seconds, seed },
  };
  await writeFile(
    join(flags.out, 'report.json'),
    `${JSON.stringify({ ...about, ...parts }, null, 2)}\n`,
  );
  const lines = [
    `commit ${about.commit}, ${machine?.cores} cores of ${machine?.cpu}`,
    `${windows} windows, ${seconds} s of undisturbed play, ${clipDescription}`,
    ...describeNetworks(),
  ];
  await writeFile(join(flags.out, 'report.html'), htmlReport(reported, lines));
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    fail(`--${flag} wants a whole number from ${least}`);
  return value;
}

function fail(why: string): never {
  console.error(`sync-lab: ${why}`);
  process.exit(1);
}
