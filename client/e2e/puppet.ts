// A browser window driven by puppeteer: Chromium over the devtools protocol, Firefox over WebDriver
// BiDi, the same to whoever holds the strings. The end-to-end tests use Playwright (windows.ts), which
// knows no Debian Firefox and keeps every page "visible", so that no tab of its can ever be hidden.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { chromiumFlags } from './chromium-flags.ts';

export type BrowserKind = 'chromium' | 'firefox';

const firefoxPreferences = {
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  // Timestamps to 20 µs instead of the whole millisecond.
  'privacy.reduceTimerPrecision': false,
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
};

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export class Puppet {
  readonly name: string;
  readonly kind: BrowserKind;
  readonly page: Page;
  private readonly browser: Browser;
  private session: CDPSession | null = null;

  private constructor(name: string, kind: BrowserKind, page: Page, browser: Browser) {
    this.name = name;
    this.kind = kind;
    this.page = page;
    this.browser = browser;
  }

  /** An empty window; nothing has been opened in it yet. */
  static async open(name: string, kind: BrowserKind): Promise<Puppet> {
    const browser = await puppeteer.launch(
      kind === 'chromium'
        ? {
            executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
            args: chromiumFlags,
          }
        : {
            browser: 'firefox',
            executablePath: process.env['FIREFOX'] ?? '/usr/bin/firefox-esr',
            headless: true,
            extraPrefsFirefox: firefoxPreferences,
          },
    );
    const page = await browser.newPage();
    await page.setViewport({ width: 900, height: 700 });
    return new Puppet(name, kind, page, browser);
  }

  /** Chromium's own, for what WebDriver does not know. */
  async devtools(): Promise<CDPSession> {
    this.session ??= await this.page.createCDPSession();
    return this.session;
  }

  /** Where the first control of that name is, in whatever shadow it stands; waits for it. */
  async find(name: RegExp, selector = 'button', ms = 20_000): Promise<Box> {
    const end = Date.now() + ms;
    for (;;) {
      const box = await this.page.evaluate(boxOf, selector, name.source);
      if (box) return box;
      assert.ok(Date.now() < end, `${this.name} sees no ${selector} called ${name.source}`);
      await sleep(100);
    }
  }

  /** Clicks on it as a mouse does, at a share of its width. */
  async press(name: RegExp, selector = 'button', share = 0.5): Promise<void> {
    const { x, y, width, height } = await this.find(name, selector);
    await this.page.mouse.click(x + width * share, y + height / 2);
  }

  /** Says who one is. */
  async introduce(): Promise<void> {
    await this.press(/^Your name/, 'input');
    await this.page.keyboard.down('Control');
    await this.page.keyboard.press('a');
    await this.page.keyboard.up('Control');
    await this.page.keyboard.type(this.name);
    await this.page.keyboard.press('Enter');
  }

  /** Puts another tab before the page, or takes it away again. */
  async hide(hidden: boolean): Promise<void> {
    if (hidden) await (await this.browser.newPage()).bringToFront();
    else {
      const others = (await this.browser.pages()).filter((page) => page !== this.page);
      await this.page.bringToFront();
      for (const other of others) await other.close();
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** Runs in the page. An element's name is its label, or what it says. */
function boxOf(selector: string, name: string): Box | null {
  const wanted = new RegExp(name);
  const roots: (Document | ShadowRoot)[] = [document];
  for (const root of roots) {
    for (const element of root.querySelectorAll<HTMLElement>(selector)) {
      const label = (element as HTMLInputElement).labels?.[0]?.textContent;
      const said = element.getAttribute('aria-label') ?? label ?? element.textContent;
      if (!wanted.test(said.trim())) continue;
      element.scrollIntoView({ block: 'nearest' });
      const { x, y, width, height } = element.getBoundingClientRect();
      if (width > 0 && height > 0) return { x, y, width, height };
    }
    for (const element of root.querySelectorAll('*'))
      if (element.shadowRoot) roots.push(element.shadowRoot);
  }
  return null;
}
