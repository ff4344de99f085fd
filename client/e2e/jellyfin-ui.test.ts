// Our interface inside Jellyfin, in Chromium, in the layouts, sizes and themes that people have: it is
// where it belongs, it can be used by everybody (axe), and the player goes on being Jellyfin's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { AxeResults, RunOptions } from 'axe-core';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const sizes = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;
/** What jellyfin-web's own style sheets would say. */
const style = `
  html { --jf-palette-primary-main: #00a4dc; }
  html.light { --jf-palette-text-primary: #000; --jf-palette-text-secondary: rgb(0 0 0 / 87%);
    --jf-palette-background-default: #f2f2f2; --jf-palette-background-paper: #e8e8e8; }
  body { margin: 0; font: 15px sans-serif; background: #101010; color: #fff; }
  html.light body { background: #f2f2f2; color: #000; }
  .hide, [hidden] { display: none !important; }
  button { background: none; border: 0; color: inherit; min-width: 2.5em; min-height: 2.5em; }
  .videoOsdBottom { position: fixed; inset: auto 0 0 0; color: #fff; background: #000; }
  .videoPlayerContainer { position: fixed; inset: 0; background: #000; }
  .videoPlayerContainer video { width: 100%; height: 100%; }`;

let browser: Browser;
let bundle: string;

before(async () => {
  const entry = join(import.meta.dirname, 'jellyfin-ui/page.ts');
  const built = await build({ entryPoints: [entry], bundle: true, format: 'iife', write: false });
  bundle = built.outputFiles[0]?.text ?? '';
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
});
after(() => browser.close());

type Layout = 'legacy' | 'modern' | 'tv';
interface Kind {
  readonly name: string;
  readonly layout: Layout;
  readonly size: keyof typeof sizes;
  readonly light?: boolean;
  readonly language?: string;
}

async function open({
  layout,
  size,
  light = false,
  language = 'en',
}: Omit<Kind, 'name'>): Promise<Page> {
  const page = await browser.newPage({ viewport: sizes[size] });
  page.setDefaultTimeout(10_000);
  await page.setContent(
    '<!doctype html><html lang="en"><head><title>Jellyfin</title></head></html>',
  );
  await page.addStyleTag({ content: style });
  await page.addScriptTag({ content: bundle });
  await page.addScriptTag({ content: axe });
  await page.evaluate(([to, tag]) => window.stage.mount(to, tag), [layout, language] as const);
  if (light) await page.evaluate(() => document.documentElement.classList.add('light'));
  return page;
}

/** Fails with what is wrong and where, if our elements cannot be used by everybody. */
async function assertAccessible(page: Page, what: string): Promise<void> {
  const violations = await page.evaluate(async () => {
    // Animations at their end: a toast on its way in is faint.
    for (const animation of document.getAnimations()) {
      const endless = animation.effect?.getComputedTiming().iterations === Infinity;
      if (!endless) animation.finish();
    }
    const { axe } = globalThis as unknown as {
      axe: { run(context: object, options: RunOptions): Promise<AxeResults> };
    };
    const found = await axe.run(
      { include: [['owp-jellyfin'], ['[data-owp]']] },
      // Where a page's landmarks and first heading are is Jellyfin's business.
      { rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } } },
    );
    return found.violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('\n')}`,
    );
  });
  assert.deepEqual(violations, [], what);
}

const kinds: readonly Kind[] = [
  { name: 'desktop, dark', layout: 'legacy', size: 'desktop' },
  { name: 'desktop, light', layout: 'modern', size: 'desktop', light: true },
  { name: 'phone, dark', layout: 'modern', size: 'phone', language: 'de' },
  { name: 'phone, light', layout: 'legacy', size: 'phone', light: true, language: 'fr' },
  { name: 'TV', layout: 'tv', size: 'desktop', language: 'es' },
];

for (const kind of kinds)
  void test(`can be used by everybody: ${kind.name}`, { timeout: 60_000 }, async () => {
    const page = await open(kind);
    await page.evaluate(() => window.stage.lobby());
    await page.locator('[data-owp=header], [data-owp=toolbar]').click();
    await assertAccessible(page, 'parties on the home page and in the panel');
    await page.keyboard.press('Escape');
    await page.evaluate(() => window.stage.title());
    await page.locator('[data-owp=details]').waitFor();
    await page.locator('[data-owp=header], [data-owp=toolbar]').click();
    await page.locator('owp-private-choice input').check();
    await assertAccessible(page, 'the page of a title, and the party to start with it');
    await page.keyboard.press('Escape');
    await page.evaluate(() => window.stage.show('videoOsdPage'));
    await page.evaluate(() => window.stage.room());
    if (kind.layout === 'tv') await page.locator('[data-owp=osd]').click();
    await page.locator('#panel').waitFor();
    await assertAccessible(page, 'a party beside the player');
    const first = (selector: string) => page.locator(`owp-dial ${selector}`).first();
    await first('button').click();
    await assertAccessible(page, 'the dial');
    await first('dialog button[type=button]').click();
    await assertAccessible(page, 'the measurement of the delay');
    await page.locator('owp-calibration button.primary').click();
    await page.locator('#pad').waitFor();
    await assertAccessible(page, 'tapping along');
    await page.locator('owp-calibration .answers button').click();
    await page.keyboard.press('Escape');
    await page.evaluate(() => window.stage.trouble());
    await page.locator('.gate').waitFor();
    await assertAccessible(page, 'a party in trouble');
    await page.close();
  });

void test(
  'the player makes room for the panel and takes it back',
  { timeout: 60_000 },
  async () => {
    for (const size of ['desktop', 'phone'] as const) {
      const page = await open({ layout: 'modern', size });
      await page.evaluate(() => {
        const box = document.createElement('div');
        box.className = 'videoPlayerContainer';
        document.body.prepend(box);
        window.stage.show('videoOsdPage');
      });
      const picture = page.locator('.videoPlayerContainer');
      const controls = page.locator('.videoOsdBottom');
      assert.deepEqual(await picture.boundingBox(), { x: 0, y: 0, ...sizes[size] });
      await page.evaluate(() => window.stage.room());
      const panel = await page.locator('#panel').boundingBox();
      assert.ok(panel);
      for (const place of [picture, controls]) {
        const box = await place.boundingBox();
        assert.ok(box && box.width > 200 && box.height > 0, 'is still there');
        const clear = box.x + box.width <= panel.x + 1 || box.y + box.height <= panel.y + 1;
        assert.ok(clear, `${size}: ${JSON.stringify(box)} is not under ${JSON.stringify(panel)}`);
      }
      await page.getByRole('button', { name: 'Close this panel' }).click();
      assert.deepEqual(await picture.boundingBox(), { x: 0, y: 0, ...sizes[size] });
      await page.close();
    }
  },
);

void test(
  'nothing in the panel is wider than it, in any language',
  { timeout: 60_000 },
  async () => {
    for (const language of ['en', 'fr', 'de', 'es']) {
      const page = await open({ layout: 'modern', size: 'phone', language });
      await page.evaluate(() => window.stage.show('videoOsdPage'));
      for (const scene of ['room', 'trouble'] as const) {
        await page.evaluate((name) => window.stage[name](), scene);
        await page.locator('#panel').waitFor();
        const wide = await page.evaluate(() => {
          const within = (root: ShadowRoot | Element): Element[] =>
            [...root.querySelectorAll('*')].flatMap((at) => [
              at,
              ...(at.shadowRoot ? within(at.shadowRoot) : []),
            ]);
          const panel = document.querySelector('owp-jellyfin')?.shadowRoot?.querySelector('#panel');
          const edge = panel?.getBoundingClientRect().right ?? 0;
          return (panel ? within(panel) : [])
            .filter((at) => at.getBoundingClientRect().right > edge + 1)
            .map((at) => at.outerHTML.slice(0, 120));
        });
        assert.deepEqual(wide, [], `${language}, ${scene}`);
      }
      await page.close();
    }
  },
);

void test(
  'what is typed in the chat reaches no shortcut of Jellyfin’s',
  { timeout: 60_000 },
  async () => {
    const page = await open({ layout: 'legacy', size: 'desktop' });
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      for (const type of ['keydown', 'keyup', 'keypress', 'wheel'])
        for (const target of [document, window])
          target.addEventListener(type, () => heard.push(type));
      window.stage.show('videoOsdPage');
      window.stage.room();
    });
    await page.getByRole('textbox').click();
    await page.keyboard.type('k f m 7');
    await page.keyboard.press('ArrowLeft');
    await page.mouse.wheel(0, 40);
    assert.equal(await page.getByRole('textbox').inputValue(), 'k f m 7');
    assert.deepEqual(
      await page.evaluate(() => (window as unknown as { heard: string[] }).heard),
      [],
    );
    await page.close();
  },
);

void test(
  'a remote control reaches everything on a TV, and its back key leads out',
  { timeout: 60_000 },
  async () => {
    const page = await open({ layout: 'tv', size: 'desktop' });
    await page.evaluate(() => window.stage.lobby());
    const button = page.locator('[data-owp=header]');
    await button.focus();
    await page.keyboard.press('Enter');
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        let at: Element | null = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at?.getAttribute('aria-label') ?? at?.localName ?? '';
      });
    await page.waitForFunction(() => document.activeElement?.localName === 'owp-jellyfin');
    assert.equal(await focused(), 'Close this panel');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'Join Ada’s party: The Reel');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'Join Bob’s party: A series');
    await page.keyboard.press('Escape');
    assert.equal(await focused(), 'Watch party');
    await page.close();
  },
);
