// One member of the lab's party: a browser window, the network it is behind, and what it recorded, in
// the machine's time.
import type { CDPSession } from 'playwright-core';
import { Window } from '../../client/e2e/windows.ts';
import { pageScript, type PageRecording, type Sample, type ScriptOptions } from './page-script.ts';
import type { Profile } from './profiles.ts';

export interface Frame {
  /** Expected display time in machine time, milliseconds. */
  readonly atMs: number;
  readonly mediaSeconds: number;
  readonly presented: number;
}

/** All that a window recorded, its times in machine time. */
export interface Recording {
  readonly frames: Frame[];
  readonly samples: Sample[];
  readonly events: { readonly atMs: number; readonly name: string; readonly value: number }[];
}

export class Member {
  readonly name: string;
  readonly network: Profile;
  readonly address: string;
  readonly window: Window;
  readonly recording: Recording = { frames: [], samples: [], events: [] };
  private readonly devtools: CDPSession;

  private constructor(
    name: string,
    network: Profile,
    address: string,
    window: Window,
    devtools: CDPSession,
  ) {
    this.name = name;
    this.network = network;
    this.address = address;
    this.window = window;
    this.devtools = devtools;
  }

  static async open(
    name: string,
    network: Profile,
    address: string,
    script: ScriptOptions,
    query = '',
  ): Promise<Member> {
    const window = await Window.open(name, `${address}/?debug${query}`, async (page) => {
      await page.setViewportSize({ width: 900, height: 700 });
      await page.addInitScript(pageScript, script);
    });
    const devtools = await window.page.context().newCDPSession(window.page);
    await devtools.send('Performance.enable');
    return new Member(name, network, address, window, devtools);
  }

  /** Takes what the page has recorded since the last time; call before it is left. */
  async collect(): Promise<void> {
    const zeroMs = await this.pageZeroMs();
    const page = await this.window.page.evaluate(() => {
      const { owpLab } = globalThis as unknown as { owpLab: PageRecording };
      return {
        frames: owpLab.frames.splice(0),
        samples: owpLab.samples.splice(0),
        events: owpLab.events.splice(0),
      };
    });
    const { frames, samples, events } = this.recording;
    for (const [at, mediaSeconds, presented] of page.frames)
      frames.push({ atMs: zeroMs + at, mediaSeconds, presented });
    for (const sample of page.samples) samples.push({ ...sample, atMs: zeroMs + sample.atMs });
    for (const [at, name, value] of page.events) events.push({ atMs: zeroMs + at, name, value });
  }

  /** Machine time at which the page's performance.now() was 0: Chromium tells both of one clock. */
  private async pageZeroMs(): Promise<number> {
    const { metrics } = await this.devtools.send('Performance.getMetrics');
    const start = metrics.find(({ name }) => name === 'NavigationStart')?.value;
    if (start === undefined) throw new Error(`${this.name}: Chromium has no NavigationStart`);
    return start * 1000;
  }

  /** Half a dozen round trips of the devtools: the same by other means, and how well it agrees. */
  async checkPageZero(now: () => number): Promise<{ differenceMs: number; boundMs: number }> {
    const zeroMs = await this.pageZeroMs();
    let best = { differenceMs: NaN, boundMs: Infinity };
    for (let i = 0; i < 20; i++) {
      const askedMs = now();
      const pageMs = await this.window.page.evaluate(() => performance.now());
      const boundMs = (now() - askedMs) / 2;
      if (boundMs < best.boundMs)
        best = { differenceMs: zeroMs + pageMs - (askedMs + boundMs), boundMs };
    }
    return best;
  }

  /** Out of sight, or back. */
  async hide(hidden: boolean): Promise<void> {
    const { windowId } = await this.devtools.send('Browser.getWindowForTarget');
    const windowState = hidden ? 'minimized' : 'normal';
    await this.devtools.send('Emulation.setFocusEmulationEnabled', { enabled: !hidden });
    await this.devtools.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
  }
}
