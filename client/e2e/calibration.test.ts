// Measuring one's sound by ear and tap: a viewer whose finger comes 180 ms after the beeps and with the
// light gets a dial of 180 ms, while the party goes on for the other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { Visit, until } from './windows.ts';

const PERIOD_MS = 1_000;
const DELAY_MS = 180;

interface Beats {
  /** The first beep and a flash, milliseconds since the epoch; null: not yet. */
  beepAtMs: (() => number) | null;
  flashAtMs: number | null;
}
type WithBeats = typeof globalThis & { owpTestBeats: Beats };

/** Call before the page is opened: from then on it knows when it beeps and flashes. */
async function recordBeats(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const beats: Beats = { beepAtMs: null, flashAtMs: null };
    (globalThis as WithBeats).owpTestBeats = beats;
    globalThis.AudioContext = class extends AudioContext {
      override createBufferSource(): AudioBufferSourceNode {
        const source = super.createBufferSource();
        const start = source.start.bind(source);
        source.start = (atSeconds = 0) => {
          start(atSeconds);
          beats.beepAtMs = () => {
            const { contextTime = 0, performanceTime = 0 } = this.getOutputTimestamp();
            return performance.timeOrigin + performanceTime + (atSeconds - contextTime) * 1_000;
          };
        };
        return source;
      }
    };
    const padIn = (root: Document | ShadowRoot): Element | null => {
      const inner = [...root.querySelectorAll('*')].flatMap((at) => at.shadowRoot ?? []);
      return inner.reduce(
        (found: Element | null, at) => found ?? padIn(at),
        root.querySelector('#pad'),
      );
    };
    const watching = setInterval(() => {
      const pad = padIn(document);
      if (!pad) return;
      clearInterval(watching);
      new MutationObserver(() => {
        if (pad.classList.contains('lit'))
          beats.flashAtMs ??= performance.timeOrigin + performance.now();
      }).observe(pad, { attributes: true });
    }, 100);
  });
}

const beepAt = (page: Page): Promise<number | null> =>
  page.evaluate(() => (globalThis as WithBeats).owpTestBeats.beepAtMs?.() ?? null);
const flashAt = (page: Page): Promise<number | null> =>
  page.evaluate(() => (globalThis as WithBeats).owpTestBeats.flashAtMs);

/** Presses space at every beat and `lateMs` after it, until the round is over. */
async function tapAlong(
  page: Page,
  beatAtMs: number,
  lateMs: number,
  over: () => Promise<boolean>,
) {
  const beats = Math.ceil((Date.now() - beatAtMs - lateMs) / PERIOD_MS);
  let atMs = beatAtMs + lateMs + Math.max(1, beats) * PERIOD_MS;
  for (; !(await over()); atMs += PERIOD_MS) {
    await sleep(Math.max(0, atMs - Date.now()));
    await page.keyboard.press('Space');
  }
}

void test('a finger 180 ms late sets the dial to that', { timeout: 120_000 }, async (t) => {
  const visit = await Visit.start(t);
  const [ada, ben] = [await visit.open('Ada'), await visit.open('Ben')];
  await recordBeats(ben.page);
  await ben.page.reload();
  await ada.startParty();
  await ben.joinFromList();
  await ada.untilMembers(2);
  await ada.press('Play');
  await ben.untilPaused(false);

  const { page } = ben;
  await page.getByRole('button', { name: 'Sound delay' }).click();
  await page.getByRole('button', { name: 'Measure it…' }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await until('it beeps', async () => (await beepAt(page)) !== null);
  const muted = (): Promise<boolean> =>
    page.locator('video').evaluate((video) => (video as HTMLVideoElement).muted);
  assert.equal(await muted(), true, 'the film is silent beside the beeps');
  await sleep(PERIOD_MS);
  const looking = (text: string) => () => page.getByText(text).first().isVisible();
  await tapAlong(page, (await beepAt(page)) ?? NaN, DELAY_MS, looking('every flash'));
  assert.equal(await muted(), false, 'and has its sound back');
  await until('it flashes', async () => (await flashAt(page)) !== null);
  await ben.picture('calibration');
  await tapAlong(page, (await flashAt(page)) ?? NaN, 0, looking('Your sound is'));

  const said = await page.getByText('Your sound is').first().textContent();
  const delayMs = Number(/(\d+) ms late/.exec(said ?? '')?.[1]);
  t.diagnostic(said ?? '');
  assert.ok(Math.abs(delayMs - DELAY_MS) <= 30, said ?? '');
  await page.getByRole('button', { name: 'Set the dial' }).click();
  const { earlierMs } = (await ben.state()).sync;
  assert.ok(Math.abs(earlierMs - delayMs) <= 2.5, `the dial is at ${earlierMs}`);
  assert.equal((await ada.video()).paused, false, 'the party went on');
  assert.equal((await ada.state()).sync.earlierMs, 0);
});
