// One member of the lab's party: a browser window, the network it is behind, and what it recorded, in
// the machine's time.
import { Puppet, type BrowserKind } from '../../client/e2e/puppet.ts';
import { title } from './clip.ts';
import { pageScript, type PageRecording, type Sample, type ScriptOptions } from './page-script.ts';
import { oldClient } from './old-client.ts';
import type { Profile } from './profiles.ts';
import { machineNowMs } from './server-clock.ts';

export interface Frame {
  /** Expected display time in machine time, milliseconds. */
  readonly atMs: number;
  readonly mediaSeconds: number;
}

/** All that a window recorded, its times in machine time. */
export interface Recording {
  readonly frames: Frame[];
  readonly samples: Sample[];
  readonly events: { readonly atMs: number; readonly name: string; readonly value: number }[];
}

export interface MemberOptions {
  readonly name: string;
  readonly kind: BrowserKind;
  readonly network: Profile;
  /** Of its way to the server. */
  readonly address: string;
  readonly script: ScriptOptions;
  /** Added to the page's address. */
  readonly query: string;
}

export class Member {
  readonly options: MemberOptions;
  readonly puppet: Puppet;
  readonly recording: Recording = { frames: [], samples: [], events: [] };

  private constructor(options: MemberOptions, puppet: Puppet) {
    this.options = options;
    this.puppet = puppet;
  }

  static async open(options: MemberOptions): Promise<Member> {
    const puppet = await Puppet.open(options.name, options.kind);
    if (options.kind === 'chromium') await (await puppet.devtools()).send('Performance.enable');
    await puppet.page.evaluateOnNewDocument(pageScript, options.script);
    await puppet.page.goto(`${options.address}/?debug${options.query}`);
    return new Member(options, puppet);
  }

  /** Becomes the old system's client, in the room that `host` is in. */
  async playOldClient(host: Member): Promise<void> {
    const room = /[0-9a-f-]{36}$/.exec(host.puppet.page.url())?.[0] ?? '';
    const { page } = this.puppet;
    const media = `/media/files/${encodeURIComponent(`${title}.mp4`)}`;
    // Any page of the server's origin would do; this one brings no program of its own.
    await page.goto(`${this.options.address}/health`);
    await page.evaluate(oldClient, room, media);
  }

  get name(): string {
    return this.options.name;
  }

  async startParty(): Promise<void> {
    await this.puppet.introduce();
    await this.puppet.press(new RegExp(`^Start a party with ${title}`));
    await this.puppet.find(/^Copy invite link/);
  }

  async join(): Promise<void> {
    await this.puppet.press(/^Join /);
    await this.puppet.find(/^Copy invite link/);
  }

  /** Can the player go on from where it is? */
  async canPlay(): Promise<boolean> {
    return this.puppet.page
      .evaluate(
        () =>
          (globalThis as unknown as { owpLab: PageRecording }).owpLab.samples.at(-1)?.readyState,
      )
      .then((state) => (state ?? 0) >= 3);
  }

  /** Takes what the page has recorded since the last time; call before it is left. */
  async collect(): Promise<void> {
    const { zeroMs } = await this.pageZero();
    const page = await this.puppet.page.evaluate(() => {
      const { owpLab } = globalThis as unknown as { owpLab: PageRecording };
      return {
        frames: owpLab.frames.splice(0),
        samples: owpLab.samples.splice(0, owpLab.samples.length - 1),
        events: owpLab.events.splice(0),
      };
    });
    const { frames, samples, events } = this.recording;
    for (const [at, mediaSeconds] of page.frames) frames.push({ atMs: zeroMs + at, mediaSeconds });
    for (const sample of page.samples) samples.push({ ...sample, atMs: zeroMs + sample.atMs });
    for (const [at, name, value] of page.events) events.push({ atMs: zeroMs + at, name, value });
  }

  /** Machine time at which the page's performance.now() was 0. Chromium tells both of one clock;
   * any browser answers questions, and the quickest answer bounds it. `asked` is that one. */
  async pageZero(): Promise<{ zeroMs: number; asked: { zeroMs: number; boundMs: number } }> {
    let asked = { zeroMs: NaN, boundMs: Infinity };
    for (let i = 0; i < 30; i++) {
      const sentMs = machineNowMs();
      const pageMs = await this.puppet.page.evaluate(() =>
        (globalThis as unknown as { owpLab: PageRecording }).owpLab.trueNow(),
      );
      const boundMs = (machineNowMs() - sentMs) / 2;
      if (boundMs < asked.boundMs) asked = { zeroMs: sentMs + boundMs - pageMs, boundMs };
    }
    if (this.options.kind !== 'chromium') return { zeroMs: asked.zeroMs, asked };
    const { metrics } = await (await this.puppet.devtools()).send('Performance.getMetrics');
    const start = metrics.find(({ name }) => name === 'NavigationStart')?.value;
    if (start === undefined) throw new Error(`${this.name}: Chromium has no NavigationStart`);
    return { zeroMs: start * 1000, asked };
  }
}
