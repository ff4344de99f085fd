// The sync lab: how far apart real browsers are, on networks as they are. See bench/README.md.
//
// Usage: node bench/sync-lab/run.ts [--profile NAME]... [--runs 5] [--windows 3] [--seconds 60]
//          [--play-only] [--seed 1] [--out build/sync-lab]
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeClip } from './clip.ts';
import { analyse, medians, type Analysis, type Figures } from './metrics.ts';
import { holdParty } from './party.ts';
import { profileNames } from './profiles.ts';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values: flags } = parseArgs({
  options: {
    profile: { type: 'string', multiple: true },
    runs: { type: 'string', default: '5' },
    windows: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    'play-only': { type: 'boolean', default: false },
    out: { type: 'string', default: join(repository, 'build/sync-lab') },
  },
});
const [runCount, windows, seconds, seed] = [flags.runs, flags.windows, flags.seconds, flags.seed].map(
  Number,
) as [number, number, number, number];
const media = join(repository, 'build/sync-lab/media');
await makeClip(media);
await mkdir(flags.out, { recursive: true });

const profiles: Record<string, Figures & { runs: Figures[] }> = {};
const analyses: Record<string, Analysis[]> = {};
let failed = 0;
for (const profile of flags.profile ?? profileNames) {
  const done: Analysis[] = [];
  for (let run = 1; run <= runCount; run++) {
    const say = (line: string): void => console.log(`${profile} ${run}/${runCount}: ${line}`);
    try {
      const analysis = analyse(
        await holdParty({
          ...{ profile, windows, seconds, media, say },
          seed: seed + run,
          playOnly: flags['play-only'],
          kind: 'chromium',
          query: '',
          withoutFrameCallbacks: false,
        }),
      );
      done.push(analysis);
      console.log(JSON.stringify(analysis.figures, (_, v: unknown) => typeof v === 'number' ? Number(v.toFixed(3)) : v));
    } catch (error) {
      failed += 1;
      console.error(`${profile} ${run}/${runCount} FAILED: ${(error as Error).stack}`);
    }
  }
  analyses[profile] = done;
  const runs = done.map(({ figures }) => figures);
  if (runs.length > 0) profiles[profile] = { ...medians(runs), runs };
  await writeFile(join(flags.out, 'report.json'), `${JSON.stringify({ profiles }, null, 2)}\n`);
}
process.exitCode = failed > 0 ? 1 : 0;
