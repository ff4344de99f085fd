// The short form of the lab, part of `make test`: two windows, two networks, the script without
// starving and hiding. Bounds are wide, for a machine that others use too: they tell a broken sync from
// a working one, not a good one from a better (`make sync-lab` does).
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeClip } from './clip.ts';
import { analyse, type Figures } from './metrics.ts';
import { holdParty } from './party.ts';
import { scenarios } from './scenarios.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../build/sync-lab');
let media = '';

const bounds: Record<string, Partial<Record<keyof Figures, number>>> = {
  lan: {
    steady_p95_ms: 25,
    steady_max_ms: 100,
    converge_after_play_s: 4,
    converge_after_seek_s: 8,
    late_join_s: 10,
    press_to_picture_s: 2.5,
    controller_seeks: 0,
    rate_max_deviation: 0.05,
    clock_error_p95_ms: 10,
  },
  wan: {
    steady_p95_ms: 40,
    steady_max_ms: 120,
    converge_after_play_s: 6,
    converge_after_seek_s: 8,
    late_join_s: 10,
    press_to_picture_s: 3.5,
    controller_seeks: 0,
    rate_max_deviation: 0.05,
    clock_error_p95_ms: 20,
  },
};

before(async () => {
  media = await makeClip(folder);
});

for (const [name, limits] of Object.entries(bounds))
  void test(`two windows in step on ${name}`, { timeout: 180_000 }, async (t) => {
    const scenario = scenarios.find((s) => s.name === name);
    assert.ok(scenario);
    const record = await holdParty({
      scenario: { ...scenario, script: 'short' },
      ...{ windows: 2, seconds: 20, media, seed: 1, withOldClient: false },
      say: (line) => t.diagnostic(line),
    });
    const { figures } = analyse(record);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `short-${name}.json`), JSON.stringify(figures, null, 2));
    for (const [key, limit] of Object.entries(limits)) {
      const value = figures[key as keyof Figures];
      t.diagnostic(`${key} ${value?.toFixed(3) ?? 'never'} (at most ${limit})`);
    }
    for (const [key, limit] of Object.entries(limits)) {
      const value = figures[key as keyof Figures];
      assert.ok(value !== null && value <= limit, `${key} is ${value}, wanted at most ${limit}`);
    }
  });
