// A Jellyfin to mount into: the places of its pages as jellyfin-web lays them out, a session that a
// test steers, and a surface whose time a test moves.
import type { Choices, JellyfinSession, Problem, Surface, Title } from '../../src/jellyfin/session';
import type { PartyState } from '../../src/session/party-state';
import type { Beeps } from '../../src/ui/environment';
import { World } from '../sim/world';
import { partyState, RecordedParty, reelId } from '../ui/fixtures';

export const otherId = 'fedcba9876543210fedcba9876543210';

export class ScriptedSession implements JellyfinSession {
  readonly party = new RecordedParty();
  readonly asked: (readonly unknown[])[] = [];
  problem: Problem | null = null;
  limited = false;
  playingId: string | null = null;
  titles: Readonly<Record<string, Title>> = {
    [reelId]: { name: 'The Reel', imageUrl: '/reel.webp', watchable: true },
    [otherId]: { name: 'A series', imageUrl: null, watchable: false },
  };
  private readonly listeners = new Set<() => void>();

  get listenerCount(): number {
    return this.listeners.size;
  }
  become(change: Partial<PartyState>): void {
    this.party.become(change);
    this.tell();
  }
  meet(problem: Problem | null): void {
    this.problem = problem;
    this.tell();
  }
  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  title(itemId: string): Title | null {
    return this.titles[itemId] ?? null;
  }
  watchTogether(itemId: string, choices?: Choices, isPrivate = false): void {
    const extras = [...(choices ? [choices] : []), ...(isPrivate ? ['private'] : [])];
    this.asked.push(['watchTogether', itemId, ...extras]);
  }
  join(roomId: string): void {
    this.asked.push(['join', roomId]);
  }
  inviteUrl(roomId: string, ticket: string | null): string {
    return `https://jellyfin.example/web/#/home?party=${roomId}${ticket ?? ''}`;
  }
  retry(): void {
    this.asked.push(['retry']);
  }
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export class ScriptedSurface implements Surface {
  readonly document = document;
  readonly world = new World();
  tag = 'en-US';
  hash = '#/home';
  copies = true;
  readonly copied: string[] = [];

  readonly language = (): string => this.tag;
  readonly route = (): string => this.hash;
  readonly nowMs = (): number => this.world.nowMs;
  readonly later = (delayMs: number, run: () => void): (() => void) =>
    this.world.after(delayMs, run);
  readonly startBeeps = (): Promise<Beeps> =>
    Promise.resolve({ firstBeatMs: () => this.nowMs() + 1_000, stop: () => undefined });
  readonly copyText = (text: string): Promise<boolean> => {
    this.copied.push(text);
    return Promise.resolve(this.copies);
  };
}

const legacyHeader = `<div class="skinHeader"><div class="headerTop"><div class="headerRight">
  <button class="headerButton headerSyncButton"></button><button class="headerButton headerUserButton"></button>
</div></div></div>`;
const modernHeader = `<header class="MuiAppBar-root"><div class="MuiToolbar-root"><button>menu</button>
  <div class="buttons"><button>SyncPlay</button><button>Search</button></div>
  <div class="user"><button aria-controls="app-user-menu">User</button></div>
</div></header>`;
const views = `
<div id="indexPage" class="page"><div class="sections homeSectionsContainer">
  <div class="verticalSection section0">My Media</div><div class="verticalSection section1"></div>
</div></div>
<div id="itemDetailPage" class="page hide"><select class="selectSource"></select><select class="selectAudio"></select>
  <select class="selectSubtitles"></select><div class="mainDetailButtons">
  <button class="button-flat btnPlay detailButton"></button><button class="button-flat btnReplay detailButton"></button>
  <button class="button-flat btnDownload detailButton"></button>
</div></div>
<div id="videoOsdPage" class="page hide"><div class="videoOsdBottom"><div class="osdControls"><div class="buttons focuscontainer-x">
  <button class="btnPause"></button><div class="volumeButtons"></div>
  <button class="btnVideoOsdSettings"></button><button class="btnFullscreen"></button>
</div></div></div></div>`;

/** Lays the pages out; the home page is shown. */
export function layOut(layout: 'legacy' | 'modern' | 'tv' = 'legacy'): void {
  document.documentElement.className = layout === 'tv' ? 'layout-tv' : 'layout-desktop';
  const header =
    layout === 'modern' ? `<div hidden>${legacyHeader}</div>${modernHeader}` : legacyHeader;
  document.body.innerHTML = header + views;
  // No layout is computed here: the header that the modern layout hides has no parent to be laid out in.
  const right = document.querySelector('.headerRight');
  Object.defineProperty(right, 'offsetParent', {
    value: layout === 'modern' ? null : document.body,
    configurable: true,
  });
}

/** Shows one view and hides the others, as Jellyfin's view manager does. */
export function show(id: 'indexPage' | 'itemDetailPage' | 'videoOsdPage'): void {
  for (const page of document.querySelectorAll('.page'))
    page.classList.toggle('hide', page.id !== id);
  document.getElementById(id)?.dispatchEvent(new CustomEvent('viewshow', { bubbles: true }));
}

export function ours(kind: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[data-owp="${kind}"]`)];
}

export { partyState };
