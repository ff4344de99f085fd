// Instructions for one message on each path of the server, and what they may be at most
// (bench/budgets.json). Instructions do not depend on what else the machine does, so a path that got
// longer shows on any machine, at once.
//
//     node bench/micro/budgets.ts            the counts beside their budgets
//     node bench/micro/budgets.ts --renew    writes the counts as the new budgets
//
// The program must have been built: tools/build release owp-count
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Budgets {
  /** Whose code was counted; another compiler's has other counts. */
  readonly compiler: string;
  /** How much a path may grow before its budget has to be renewed, which a reviewer sees. */
  readonly marginPercent: number;
  readonly instructionsPerMessage: Readonly<Record<string, number>>;
}
export type Counts = ReadonlyMap<string, number>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = join(root, 'bench/budgets.json');
const messages = 1000; // as in count.cpp
const run = promisify(execFile);
const renew = 'node bench/micro/budgets.ts --renew (after tools/build release owp-count)';

export const readBudgets = async () => JSON.parse(await readFile(file, 'utf8')) as Budgets;

/** Counts on every path. */
export async function measure(program = join(root, 'build/release/owp-count')): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'owp-count-'));
  try {
    const out = `--callgrind-out-file=${join(folder, 'out')}`;
    await run('valgrind', ['--tool=callgrind', out, program], { maxBuffer: 1 << 26 });
    const counts = new Map<string, number>();
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'utf8');
      const path = /^desc: Trigger: Client Request: (.+)$/m.exec(text)?.[1];
      const total = /^(?:summary|totals): (\d+)$/m.exec(text)?.[1];
      if (path && total) counts.set(path, Math.round(Number(total) / messages));
    }
    return counts;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What is wrong with a path's count, as a sentence that says what to do; undefined: nothing. */
export function breach(path: string, counts: Counts, budgets: Budgets): string | undefined {
  const budget = budgets.instructionsPerMessage[path];
  const count = counts.get(path);
  if (count === undefined) return `No path is called ${path} any more. Renew the budgets: ${renew}`;
  if (budget === undefined) return `${path} (${count} instructions) has no budget. Renew: ${renew}`;
  if (count <= budget * (1 + budgets.marginPercent / 100)) return undefined;
  const grown = (100 * (count / budget - 1)).toFixed(1);
  return (
    `${path} takes ${count} instructions for one message, ${grown} % more than the ${budget} of its budget` +
    ` (allowed: ${budgets.marginPercent} %). If it must be so, say why in the commit and renew: ${renew}.` +
    ` The budgets hold for ${budgets.compiler}.`
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const counts = await measure();
  const before = await readBudgets();
  for (const [path, count] of [...counts].sort()) {
    const budget = before.instructionsPerMessage[path];
    const change = budget ? `${(100 * (count / budget - 1)).toFixed(1).padStart(7)} %` : '      new';
    console.log(`${path.padEnd(36)} ${String(count).padStart(9)} ${change}`);
  }
  if (process.argv.includes('--renew')) {
    const { stdout } = await run('g++', ['--version']);
    const renewed: Budgets = {
      compiler: stdout.split('\n')[0] ?? '',
      marginPercent: before.marginPercent,
      instructionsPerMessage: Object.fromEntries([...counts].sort()),
    };
    await writeFile(file, `${JSON.stringify(renewed, null, 2)}\n`);
  }
}
