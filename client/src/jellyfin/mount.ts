// Brings our elements into Jellyfin's pages and keeps them there. Jellyfin rebuilds its views as it
// likes; whenever something of the page changed, ours are put back where they are missing, taken away
// where they no longer belong, and told what they say. Unmounting leaves no trace.
import { languageOf, type Language } from '../ui/language';
import { dress, makeButton, type ButtonKind } from './buttons';
import { drawHome } from './home';
import { Overlay } from './overlay';
import {
  choicesOn,
  detailsSpots,
  headerSpots,
  homeSpots,
  itemOf,
  osdSpots,
  playerView,
  settle,
  toolbarSpots,
  type Kind,
} from './places';
import type { JellyfinSession, Problem, Surface } from './session';
import { speak, strings } from './strings';
import { pageStyle } from './theme';

const kinds: readonly Kind[] = ['osd', 'header', 'toolbar', 'home', 'details'];
/** Jellyfin changes its pages in bursts; one look per burst is enough, and is soon enough. */
const settleMs = 60;

/** Shows the session inside Jellyfin's pages. Returns what takes all of it away again. */
export function mountJellyfinUi(session: JellyfinSession, surface: Surface): () => void {
  const mounted = new Mounted(session, surface);
  return () => mounted.unmount();
}

class Mounted {
  private readonly overlay: Overlay;
  private readonly style: HTMLStyleElement;
  private readonly observer = new MutationObserver(() => this.refreshSoon());
  private readonly unsubscribe: () => void;
  private language: Language | null = null;
  private cancelRefresh: (() => void) | null = null;
  /** What opened the panel gets the focus back. */
  private opener: HTMLElement | null = null;
  private roomId: string | null = null;
  private problem: Problem | null = null;

  constructor(
    private readonly session: JellyfinSession,
    private readonly surface: Surface,
  ) {
    const { document } = surface;
    this.style = document.createElement('style');
    this.style.textContent = pageStyle;
    document.head.append(this.style);

    // Not by createElement: the polyfill that Jellyfin loads takes the class away from what that makes.
    this.overlay = new Overlay();
    Object.assign(this.overlay, { session, surface, onClose: () => this.close() });
    document.body.append(this.overlay);

    document.addEventListener('viewshow', this.refresh);
    document.addEventListener('fullscreenchange', this.refresh);
    this.observer.observe(document.body, { childList: true, subtree: true });
    this.unsubscribe = session.subscribe(this.refresh);
    this.refresh();
  }

  unmount(): void {
    const { document } = this.surface;
    this.unsubscribe();
    this.observer.disconnect();
    this.cancelRefresh?.();
    document.removeEventListener('viewshow', this.refresh);
    document.removeEventListener('fullscreenchange', this.refresh);
    for (const kind of kinds) settle(document, kind, [], () => this.overlay);
    this.overlay.remove();
    this.style.remove();
    document.documentElement.classList.remove('owp-docked');
  }

  private refreshSoon(): void {
    this.cancelRefresh ??= this.surface.later(settleMs, this.refresh);
  }

  private readonly refresh = (): void => {
    this.cancelRefresh?.();
    this.cancelRefresh = null;
    this.followLanguage();
    this.followRoom();
    this.followProblem();
    this.settleAll();
    this.dressAll();
    this.followPlayer();
    // What is the party's is the same object after every change; only a request draws it anew.
    this.overlay.requestUpdate();
  };

  private followLanguage(): void {
    const language = languageOf([this.surface.language()]);
    if (language === this.language) return;
    this.language = language;
    speak(language);
    this.overlay.lang = language;
    // The parts shared with the page redraw themselves only when what they show changes.
    this.overlay.open = false;
  }

  /** Whom a party takes in sees it at once; whom it lets go has the whole picture again. */
  private followRoom(): void {
    const roomId = this.session.party.state.room?.id ?? null;
    if (roomId === this.roomId) return;
    const entered = this.roomId === null;
    this.roomId = roomId;
    if (entered && !this.isTv) this.overlay.open = true;
    if (roomId === null && this.overlay.docked) this.overlay.open = false;
  }

  /** What stands in the way is told in the panel, where nobody has to be quick to read it. */
  private followProblem(): void {
    const { problem } = this.session;
    if (problem === this.problem) return;
    this.problem = problem;
    if (problem === null || this.overlay.open) return;
    this.overlay.open = true;
    if (this.isTv) void this.overlay.takeFocus();
  }

  private followPlayer(): void {
    const { document } = this.surface;
    const { overlay } = this;
    const docked = playerView(document) !== null;
    // Beside the picture it has its place; over a page it would lie on what the viewer came for
    if (overlay.docked && !docked) overlay.open = false;
    overlay.docked = docked;
    overlay.tv = this.isTv;
    overlay.itemId = overlay.docked ? this.session.playingId : itemOf(this.surface.route());
    this.dock(overlay.docked && overlay.open);

    // Only what is inside the fullscreen element is seen; a video can hold nothing.
    const { fullscreenElement } = document;
    const holder =
      fullscreenElement instanceof HTMLElement &&
      fullscreenElement !== document.documentElement &&
      !(fullscreenElement instanceof HTMLVideoElement)
        ? fullscreenElement
        : document.body;
    if (overlay.parentElement !== holder) holder.append(overlay);
  }

  /** Jellyfin's player makes room; what it draws over the picture measures itself again. */
  private dock(docked: boolean): void {
    const { document } = this.surface;
    const { classList } = document.documentElement;
    if (classList.contains('owp-docked') === docked) return;
    classList.toggle('owp-docked', docked);
    document.defaultView?.dispatchEvent(new Event('resize'));
  }

  private get isTv(): boolean {
    return this.surface.document.documentElement.classList.contains('layout-tv');
  }

  // ---- our elements among Jellyfin's -----------------------------------------------------------

  private settleAll(): void {
    const { document } = this.surface;
    const opening = (kind: ButtonKind) => (): HTMLElement =>
      makeButton(document, kind, (button) => this.toggle(button));
    settle(document, 'osd', osdSpots(document), opening('osd'));
    settle(document, 'header', headerSpots(document), opening('header'));
    settle(document, 'toolbar', toolbarSpots(document), opening('toolbar'));
    settle(document, 'details', this.startsHere ? detailsSpots(document) : [], () =>
      makeButton(document, 'details', () => this.start()),
    );
    settle(document, 'home', homeSpots(document), () => {
      const section = document.createElement('div');
      section.className = 'verticalSection owp-home';
      return section;
    });
  }

  private dressAll(): void {
    const { room } = this.session.party.state;
    const { open } = this.overlay;
    const label = room ? strings.partyWith(room.members.length) : strings.party;
    for (const kind of ['osd', 'header', 'toolbar'] as const)
      for (const button of this.own(kind)) dress(button, { label, active: room !== null, open });
    for (const button of this.own('details'))
      dress(button, {
        label: room?.amHost ? strings.takePartyHere : strings.watchTogether,
        active: room !== null,
        open: null,
      });
    for (const section of this.own('home')) drawHome(section, this.session);
  }

  private own(kind: Kind): HTMLElement[] {
    return [...this.surface.document.querySelectorAll<HTMLElement>(`[data-owp="${kind}"]`)];
  }

  // ---- what they do ----------------------------------------------------------------------------

  /** Whether a party can be started from, or taken to, the page that is shown. */
  private get startsHere(): boolean {
    const { party, problem } = this.session;
    const { room } = party.state;
    const itemId = itemOf(this.surface.route());
    if (itemId === null || problem === 'sync-play' || (room && !room.amHost)) return false;
    return this.session.title(itemId)?.watchable === true;
  }

  private start(): void {
    const itemId = itemOf(this.surface.route());
    if (itemId !== null) this.session.watchTogether(itemId, choicesOn(this.surface.document));
  }

  private toggle(button: HTMLElement): void {
    if (this.overlay.open) {
      this.close();
      return;
    }
    this.opener = button;
    this.overlay.open = true;
    this.refresh();
    void this.overlay.takeFocus();
  }

  private close(): void {
    this.overlay.open = false;
    this.refresh();
    if (this.opener?.isConnected) this.opener.focus();
    this.opener = null;
  }
}
