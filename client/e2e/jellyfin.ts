// People with Jellyfin open in a browser, on a stand-in of Jellyfin with the real plugin in it.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { Window } from './windows.ts';

const repository = join(import.meta.dirname, '../..');
/** What `tools/make-plugin` leaves, beside the zip. */
const catalogue = join(repository, 'build/plugin/manifest.json');
/** A built jellyfin-web if there is one, else a page of its shape. */
const web = process.env['JELLYFIN_WEB'] ?? join(import.meta.dirname, 'jellyfin-web');
const host = join(
  repository,
  'build/dotnet/bin/OpenWatchParty.TestHost/debug/OpenWatchParty.TestHost.dll',
);
const clip = join(repository, 'build/media/OpenWatchParty clip.mp4');

export const film = `${'f'.repeat(31)}1`;
export const sequel = `${'f'.repeat(31)}2`;
export const secret = `${'f'.repeat(31)}3`;
/** Its intro ends at 30 s. */
export const pilot = `${'f'.repeat(31)}4`;
export const secondEpisode = `${'f'.repeat(31)}5`;
/** Of the sequel. */
export const otherVersion = `${'f'.repeat(31)}7`;
export const serverId = '5'.repeat(32);
export const people = {
  Ada: { id: 'a1'.repeat(16), token: 'token-ada' },
  Ben: { id: 'b2'.repeat(16), token: 'token-ben' },
  // On a device for which everything is converted
  'Cléo 🎬': { id: 'c3'.repeat(16), token: 'token-cleo' },
} as const;
export type Name = keyof typeof people;

export interface Start {
  readonly flags?: readonly string[];
  readonly listed?: boolean;
}

/** The same web client, but for its config.json. */
function withoutList(folder: string): string {
  cpSync(web, folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), '{ "multiserver": false }');
  return folder;
}

/** The stand-in, with the plugin installed from the zip that the repository's manifest names. */
export class Jellyfin {
  readonly address: string;
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly data: string;
  private readonly lines: AsyncIterator<string>;

  private constructor(
    process: ChildProcessByStdio<Writable, Readable, null>,
    data: string,
    lines: AsyncIterator<string>,
    address: string,
  ) {
    this.process = process;
    this.data = data;
    this.lines = lines;
    this.address = address;
  }

  /** @param listed Whether the web client's config.json has a list of plugins, to which ours can be added. */
  static async start({ flags = [], listed = true }: Start = {}): Promise<Jellyfin> {
    const data = mkdtempSync(join(tmpdir(), 'owp-jellyfin-'));
    const pages = listed ? web : withoutList(join(data, 'web'));
    const places = ['--data', data, '--web', pages, '--media', clip, '--install', catalogue];
    const child = spawn('dotnet', [host, ...places, '--port', '0', ...flags], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const at = flags.indexOf('--base-url');
    const base = at < 0 ? '' : encodeURI(flags[at + 1] ?? '');
    return new Jellyfin(child, data, lines, `${await listening(lines)}${base}`);
  }

  /** A browser in which this person is signed in, at a place of Jellyfin's page. */
  open(name: Name, route: string): Promise<Window> {
    const { id, token } = people[name];
    const server = {
      Id: serverId,
      Name: 'Home',
      ManualAddress: this.address,
      manualAddressOnly: true,
      AccessToken: token,
      UserId: id,
      DateLastAccessed: 0,
      LastConnectionMode: 2,
    };
    const credentials = JSON.stringify({ Servers: [server] });
    return Window.open(name, `${this.address}/web/#${route}`, (page) =>
      page.addInitScript((kept) => {
        localStorage.setItem('owp.debug', '1');
        localStorage.setItem('enableautologin', 'true');
        localStorage.setItem('jellyfin_credentials', kept);
      }, credentials),
    );
  }

  /** What the plugin tells administrators of its server. */
  async server(): Promise<{ phase: string; process_id: number; restarts: number }> {
    const answer = await fetch(`${this.address}/OpenWatchParty/Status?ApiKey=${people.Ada.token}`);
    const { server } = (await answer.json()) as {
      server: { phase: string; process_id: number; restarts: number };
    };
    return server;
  }

  /** Stops and starts again in the same process, at the same address; the zip is unpacked once more. */
  async restart(): Promise<void> {
    this.process.stdin.write('restart\n');
    await listening(this.lines);
  }

  async stop(): Promise<void> {
    this.process.stdin.end();
    await once(this.process, 'close');
    rmSync(this.data, { recursive: true });
  }
}

async function listening(lines: AsyncIterator<string>): Promise<string> {
  for (;;) {
    const line = await lines.next();
    if (line.done === true) throw new Error('the stand-in of Jellyfin ended');
    const address = /^Listening on (http:.*[^/])\/?$/u.exec(line.value)?.[1];
    if (address !== undefined) return address;
  }
}
