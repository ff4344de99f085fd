// Makes build/client/: one IIFE bundle for the watch page, with static/ (HTML, CSS, fonts) beside it.
// `--watch` rebuilds at every change.
import { cp, mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const client = fileURLToPath(new URL('..', import.meta.url));
const out = fileURLToPath(new URL('../../build/client/', import.meta.url));
const watch = process.argv.includes('--watch');

const options = {
  absWorkingDir: client,
  entryPoints: { owp: 'src/hosts/page.ts', 'owp-jellyfin': 'src/hosts/jellyfin.ts' },
  outdir: out,
  bundle: true,
  format: 'iife',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  minify: !watch,
  sourcemap: watch ? 'inline' : 'linked',
  legalComments: 'linked',
  logLevel: 'info',
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await cp(`${client}/static`, out, { recursive: true });

if (watch) await (await context(options)).watch();
else await build(options);
