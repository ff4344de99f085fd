// Sound that comes late: one viewer's player runs ahead of the party, and comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PartyDebug } from '../src/session/deps.ts';
import { framesOf, positionAt } from './frames.ts';
import { Visit, until, type Window } from './windows.ts';

async function aheadMs(one: Window, other: Window): Promise<number> {
  const [ours, theirs] = await Promise.all([framesOf(one.page), framesOf(other.page)]);
  const lastMs = Math.min(ours.at(-1)?.atMs ?? 0, theirs.at(-1)?.atMs ?? 0);
  const apart: number[] = [];
  for (let agoMs = 0; agoMs < 1_500; agoMs += 50) {
    const [here, there] = [positionAt(ours, lastMs - agoMs), positionAt(theirs, lastMs - agoMs)];
    if (here !== undefined && there !== undefined) apart.push((here - there) * 1_000);
  }
  apart.sort((a, b) => a - b);
  return apart[Math.floor(apart.length / 2)] ?? NaN;
}

async function turnTo(window: Window, earlierMs: number): Promise<void> {
  await window.page.getByRole('button', { name: 'Sound delay' }).click();
  await window.page.getByRole('slider', { name: 'play earlier' }).fill(String(earlierMs));
  await window.page.getByRole('button', { name: 'Close', exact: true }).click();
}

void test('a dial of 200 ms, and back without a jump', { timeout: 120_000 }, async (t) => {
  const visit = await Visit.start(t);
  const [ada, ben] = [await visit.open('Ada'), await visit.open('Ben')];
  await ada.startParty();
  await ben.joinFromList();
  await ada.untilMembers(2);
  await ada.press('Play');
  await visit.assertInStep([ada, ben]);
  const seeks = (): Promise<number> =>
    ben.page.evaluate(
      () =>
        (globalThis as unknown as { owpDebug: { engine: PartyDebug } }).owpDebug.engine.orders.seek,
    );
  const before = await seeks();

  for (const earlierMs of [200, 0]) {
    await turnTo(ben, earlierMs);
    await until(`${earlierMs} ms apart`, async () => {
      await sleep(250);
      return Math.abs((await aheadMs(ben, ada)) - earlierMs) <= 30;
    });
    await ben.untilText('In step');
  }
  assert.equal(await seeks(), before, 'no seek');
  assert.equal(await ben.page.evaluate(() => localStorage.getItem('owp.earlierMs')), '0');
});
