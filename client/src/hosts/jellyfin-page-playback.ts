// What plays in Jellyfin where jellyfin-web did not hand us its playback manager, as its config.json
// could not be given our entry. What plays is told by the stream's address, by the player's page, or by
// Jellyfin's server, in this order. A title is started by that server, which knows how to reach the page
// (as it does for a remote control); where it can't, the title's page is opened and its button does it.
import type { Choices } from '../jellyfin/session';
import { isItemId, NeedsHand, type JellyfinPlayback } from './jellyfin-playback';
import type { ApiClient, BaseItem } from './jellyfin-web';

export interface PageDeps {
  readonly document: Document;
  readonly api: Pick<ApiClient, 'deviceId' | 'getCurrentUserId'>;
  /** Asks Jellyfin's server for a path, as the signed-in user; null where it answers nothing. */
  readonly ask: (path: string, method?: 'GET' | 'POST') => Promise<unknown>;
  /** Opens a title's page. */
  readonly showItem: (itemId: string) => void;
  /** Calls `run` once after `delayMs`; returns what cancels it. */
  readonly later: (delayMs: number, run: () => void) => () => void;
}

/** As far as we read them. */
interface ServerSession {
  readonly Id: string;
  readonly UserId?: string;
  readonly NowPlayingItem?: { readonly Id: string };
}

/** What the server passes on has arrived by then, or does not arrive. */
const STARTS_WITHIN_MS = 10_000;
/** Events of the video element after which another title may be in it. They don't bubble. */
const videoEvents = ['loadstart', 'playing', 'emptied'] as const;

export class PagePlayback implements JellyfinPlayback {
  /** Neither is to be seen from the page. */
  readonly syncPlay = false;
  readonly lengthSeconds = 0;
  /** What the server said that plays, and in which stream. */
  private told: { readonly itemId: string; readonly address: string } | null = null;

  constructor(private readonly deps: PageDeps) {}

  get itemId(): string | null {
    return this.ids()[0] ?? null;
  }

  plays(itemId: string): boolean {
    return this.ids().includes(itemId);
  }

  async play(item: BaseItem, startTicks: number, choices: Choices): Promise<void> {
    const itemId = item.Id.toLowerCase();
    const query = new URLSearchParams({
      playCommand: 'PlayNow',
      itemIds: itemId,
      startPositionTicks: String(startTicks),
    });
    for (const [name, value] of Object.entries(choices)) query.set(name, String(value));
    const sent = await this.command(`?${query.toString()}`).then(
      () => true,
      () => false,
    );
    if (sent && (await this.starts(itemId))) return;
    this.deps.showItem(itemId);
    throw new NeedsHand();
  }

  seekTicks(ticks: number): void {
    this.command(`/Seek?seekPositionTicks=${ticks}`).catch(() => undefined); // then it stays where it is
  }

  watch(listener: () => void): () => void {
    const { document } = this.deps;
    let known = this.ids().join();
    const look = (): void => {
      const now = this.ids().join();
      if (now === known) return;
      known = now;
      listener();
    };
    const onVideo = (): void => {
      look();
      void this.askWhatPlays().then(look, () => undefined); // not told: the title's page may yet tell
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributeFilter: ['data-id'],
    });
    for (const name of videoEvents) document.addEventListener(name, onVideo, true);
    return () => {
      observer.disconnect();
      for (const name of videoEvents) document.removeEventListener(name, onVideo, true);
    };
  }

  /** The version that plays, if it is known, and its item. */
  private ids(): string[] {
    const video = this.video();
    if (!video) return [];
    const inAddress = idsIn(video.currentSrc);
    if (inAddress.length > 0) return inAddress;
    const shown = this.deps.document
      .querySelector('#videoOsdPage:not(.hide) .videoOsdBottom .btnUserRating[data-id]')
      ?.getAttribute('data-id');
    if (shown) return [shown.toLowerCase()];
    return this.told?.address === video.currentSrc ? [this.told.itemId] : [];
  }

  private video(): HTMLVideoElement | null {
    return this.deps.document.querySelector<HTMLVideoElement>('video.htmlvideoplayer');
  }

  private async askWhatPlays(): Promise<void> {
    const address = this.video()?.currentSrc ?? '';
    if (address === '' || this.ids().length > 0) return;
    const itemId = (await this.session()).NowPlayingItem?.Id;
    if (itemId !== undefined) this.told = { itemId: itemId.toLowerCase(), address };
  }

  /** Of this browser and user, as Jellyfin's server knows it. */
  private async session(): Promise<ServerSession> {
    const { api, ask } = this.deps;
    const path = `Sessions?deviceId=${encodeURIComponent(api.deviceId())}`;
    const sessions = (await ask(path)) as readonly ServerSession[];
    const own = sessions.find(({ UserId }) => UserId === api.getCurrentUserId());
    if (!own) throw new Error('the server knows no session of this page');
    return own;
  }

  private async command(rest: string): Promise<void> {
    const { Id } = await this.session();
    await this.deps.ask(`Sessions/${Id}/Playing${rest}`, 'POST');
  }

  private starts(itemId: string): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (started: boolean): void => {
        cancel();
        unwatch();
        resolve(started);
      };
      const unwatch = this.watch(() => {
        if (this.plays(itemId)) end(true);
      });
      const cancel = this.deps.later(STARTS_WITHIN_MS, () => end(false));
      if (this.plays(itemId)) end(true);
    });
  }
}

/** A stream that is the file or made from it as it goes names version and item; hls.js' blob does not. */
function idsIn(address: string): string[] {
  const item = /\/videos\/([\da-f-]{32,36})\//iu.exec(address)?.[1];
  if (item === undefined) return [];
  const query = new URLSearchParams(address.split('#')[0]?.split('?')[1]?.toLowerCase());
  return [query.get('mediasourceid') ?? '', item]
    .map((id) => id.replaceAll('-', '').toLowerCase())
    .filter(isItemId);
}
