// Real Chromium windows at a party on a real server. Each window is a browser process of its own, so
// that one can be killed, and has its own storage, as two people have.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserServer, type Page } from 'playwright-core';
import { Server } from '../../server/tests/conformance/harness.ts';
import type { PartyState } from '../src/session/party-state.ts';
import { chromiumFlags } from './chromium-flags.ts';
import { framesOf, offsetsBetween, percentile, recordFrames } from './frames.ts';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');
const pictures = join(repository, 'build/e2e');
/** Of the clip, which has 24 of them a second. */
const FRAME_MS = 1_000 / 24;
export const clipTitle = 'OpenWatchParty clip';

/** Looks until `look` is true; fails after `ms` with `what`. */
export async function until(
  what: string,
  look: () => boolean | Promise<boolean>,
  ms = 20_000,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await look())) {
    assert.ok(Date.now() < end, `not within ${ms} ms: ${what}`);
    await sleep(100);
  }
}

/** One person's browser. */
export class Window {
  readonly name: string;
  readonly page: Page;
  readonly trouble: string[] = [];
  private readonly browser: Browser;
  private readonly server: BrowserServer;

  private constructor(name: string, page: Page, browser: Browser, server: BrowserServer) {
    this.name = name;
    this.page = page;
    this.browser = browser;
    this.server = server;
    page.on('pageerror', (error) => this.trouble.push(`${name}: ${error.message}`));
  }

  /** @param prepare Gets the page before it goes anywhere. */
  static async open(
    name: string,
    address: string,
    prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Window> {
    const server = await chromium.launchServer({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        ...chromiumFlags,
        '--disable-backgrounding-occluded-windows',
        '--disable-renderer-backgrounding',
      ],
    });
    const browser = await chromium.connect(server.wsEndpoint());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(20_000);
    const window = new Window(name, page, browser, server);
    await recordFrames(page);
    await prepare(page);
    await page.goto(address);
    return window;
  }

  /** Says who one is, in the lobby or at an invitation. */
  async introduce(): Promise<void> {
    const field = this.page.getByLabel('Your name').first();
    await field.fill(this.name);
    await field.press('Enter');
  }

  async startParty(title = clipTitle, isPrivate = false): Promise<void> {
    await this.introduce();
    if (isPrivate) await this.page.getByLabel('Private').check();
    await this.page.getByRole('button', { name: `Start a party with ${title}` }).click();
    await this.untilInRoom();
  }

  async joinFromList(): Promise<void> {
    await this.introduce();
    await this.page
      .getByRole('button', { name: /^Join / })
      .first()
      .click();
    await this.untilInRoom();
  }

  /** The window was opened at an invite link. */
  async acceptInvitation(): Promise<void> {
    await this.page.getByLabel('Your name').first().fill(this.name);
    await this.page.getByRole('button', { name: 'Join the party' }).click();
  }

  async untilInRoom(): Promise<void> {
    await this.page.getByRole('button', { name: 'Copy invite link' }).waitFor();
  }

  /** Presses the button and answers with the link that is in the clipboard then. */
  async copyInvite(): Promise<URL> {
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.press('Copy invite link');
    await this.untilText('Link copied');
    return new URL(await this.page.evaluate(() => navigator.clipboard.readText()));
  }

  async press(button: string): Promise<void> {
    const name = new RegExp(`^${button}( \\(.*\\))?$`);
    await this.page.getByRole('button', { name }).first().click();
  }

  /** Clicks on the position bar at a share of its length, as a mouse does. */
  async seekTo(share: number): Promise<void> {
    const bar = this.page.getByRole('slider', { name: 'Position' });
    const box = await bar.boundingBox();
    assert.ok(box, 'the position bar is on the screen');
    await bar.click({ position: { x: box.width * share, y: box.height / 2 } });
  }

  async video(): Promise<{ paused: boolean; position: number; duration: number }> {
    return this.page.locator('video').evaluate((element) => {
      const { paused, currentTime, duration } = element as HTMLVideoElement;
      return { paused, position: currentTime, duration };
    });
  }

  async state(): Promise<PartyState> {
    return this.page.evaluate(
      () => (globalThis as unknown as { owpDebug: { state: PartyState } }).owpDebug.state,
    );
  }

  async untilText(text: string | RegExp, ms = 20_000): Promise<void> {
    await this.page.getByText(text).first().waitFor({ timeout: ms });
  }

  async untilMembers(count: number, ms = 20_000): Promise<void> {
    const look = async (): Promise<boolean> => (await this.state()).room?.members.length === count;
    await until(`${this.name} sees ${count} people`, look, ms);
  }

  async untilPaused(paused: boolean): Promise<void> {
    const look = async (): Promise<boolean> => (await this.video()).paused === paused;
    await until(`${this.name} ${paused ? 'is paused' : 'plays'}`, look);
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  /** The browser is gone at once, as in a crash or when the power fails. */
  async kill(): Promise<void> {
    await this.server.kill();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }
}

/** A server and the windows that visit it; all of it ends with the test. */
export class Visit {
  server: Server;
  private readonly windows: Window[] = [];
  private readonly test: TestContext;
  private readonly flags: string[];

  private constructor(test: TestContext, server: Server, flags: string[]) {
    this.test = test;
    this.server = server;
    this.flags = flags;
  }

  static async start(test: TestContext, environment: NodeJS.ProcessEnv = {}): Promise<Visit> {
    const flags = ['--media', join(repository, 'build/media')];
    const visit = new Visit(test, await Server.start(flags, environment), flags);
    test.after(() => visit.end());
    return visit;
  }

  /** Opens the page with `?debug`; `at` is the server or a relay before it. */
  async open(name: string, options: { at?: string; query?: string; hash?: string } = {}) {
    const { at = this.server.address, query = '', hash = '' } = options;
    const window = await Window.open(name, `${at}/?debug${query}${hash}`);
    this.windows.push(window);
    return window;
  }

  /** The same address again, with nothing remembered. */
  async restartServer(): Promise<void> {
    const port = new URL(this.server.address).port;
    await this.server.stop('SIGKILL');
    this.server = await Server.start([...this.flags, '--port', port]);
  }

  assertInStep(windows: Window[], seconds = 6): Promise<void> {
    return assertInStep(this.test, windows, seconds);
  }

  private async end(): Promise<void> {
    // What the screens showed is worth a look, above all after a failure; a killed one has none.
    for (const window of this.windows) {
      const name = `${this.test.name}-${window.name}`.replace(/[^A-Za-z0-9]+/g, '-');
      await window.picture(name).catch(() => undefined);
    }
    for (const window of this.windows) {
      await window.close().catch(() => undefined);
    }
    await this.server.stop();
    assert.deepEqual(
      this.windows.flatMap((window) => window.trouble),
      [],
      'no exception in any page',
    );
  }
}

/** Plays on for `seconds` once all are in step, and holds the pictures against each other. */
export async function assertInStep(
  test: TestContext,
  windows: readonly Window[],
  seconds: number,
): Promise<void> {
  for (const window of windows) {
    const look = async (): Promise<boolean> =>
      (await window.state()).sync.state === 'in-step' && !(await window.video()).paused;
    await until(`${window.name} is in step`, look, 30_000);
  }
  const offsets = await offsetsOver(windows, seconds);
  const max = percentile(offsets, 1);
  test.diagnostic(describe(offsets, windows.length, seconds));
  assert.ok(offsets.length > seconds * 10, `too few pictures to tell: ${offsets.length}`);
  assert.ok(max <= 100, `pictures are ${max.toFixed(0)} ms apart`);
}

/**
 * Waits for `seconds` on end in which the pictures are within a frame of each other: how long it takes
 * until then is the machine's affair where a film is converted.
 * @param streamStart Where in the title, seconds, the stream begins that a window plays.
 */
export async function untilInStep(
  test: TestContext,
  windows: readonly Window[],
  seconds: number,
  streamStart: (window: Window) => Promise<number>,
): Promise<void> {
  let offsets: number[] = [];
  const look = async (): Promise<boolean> => {
    offsets = await offsetsOver(windows, seconds, streamStart);
    return offsets.length > seconds * 10 && percentile(offsets, 0.95) <= FRAME_MS;
  };
  await until('the pictures are within a frame of each other', look, 45_000).catch(
    (error: unknown) => {
      throw new Error(describe(offsets, windows.length, seconds), { cause: error });
    },
  );
  test.diagnostic(describe(offsets, windows.length, seconds));
}

/** Samples of how far the pictures are apart over the next `seconds`, milliseconds. */
async function offsetsOver(
  windows: readonly Window[],
  seconds: number,
  streamStart: (window: Window) => Promise<number> = () => Promise.resolve(0),
): Promise<number[]> {
  const starts = (): Promise<number[]> => Promise.all(windows.map(streamStart));
  const before = await starts();
  const from = Date.now() + 500;
  await sleep(500 + seconds * 1_000);
  const to = Date.now() - 200;
  const frames = await Promise.all(windows.map(({ page }) => framesOf(page)));
  const after = await starts();
  if (before.some((start, i) => start !== after[i])) return [];
  const shown = frames.map((list, i) =>
    list.map(({ atMs, mediaSeconds }) => ({ atMs, mediaSeconds: mediaSeconds + (after[i] ?? 0) })),
  );
  return offsetsBetween(shown, from, to);
}

function describe(offsets: readonly number[], windows: number, seconds: number): string {
  const figures = [0.5, 0.95, 1].map((share) => `${percentile(offsets, share).toFixed(1)} ms`);
  return (
    `offset between ${windows} windows over ${seconds} s: median ${figures[0]}, ` +
    `p95 ${figures[1]}, max ${figures[2]} (${offsets.length} samples)`
  );
}
