// The whole page: it follows the party's state, chooses the view, and looks after what no single view
// can: the address, the title, the keys, and where the focus goes when the view changes.
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { RoomView } from '../session/party-state';
import './chat';
import type { Chat } from './chat';
import './connection';
import type { Environment } from './environment';
import './gate';
import { mark } from './icons';
import { findVideo } from './library';
import './lobby';
import './people';
import './room-bar';
import { lobby } from './route';
import { placeOf, shortcutFor } from './shortcuts';
import './stage';
import type { Stage } from './stage';
import { brand, strings } from './strings';
import { base, tokens } from './theme';
import './toasts';
import { chooseView, routeAfter, type View } from './view';

@customElement('owp-app')
export class App extends LitElement {
  @property({ attribute: false }) environment!: Environment;

  @query('owp-stage') private stage!: Stage | null;
  @query('owp-chat') private chat!: Chat | null;
  private unsubscribe: (() => void)[] = [];
  private roomId: string | null = null;
  private shown: View['kind'] | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const { party, screen, signIn, library, route } = this.environment;
    const refresh = (): void => this.requestUpdate();
    this.unsubscribe = [
      party.subscribe(refresh),
      ...[screen.video, signIn.state, library, route].map((store) => store.subscribe(refresh)),
    ];
    document.addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.unsubscribe) stop();
    document.removeEventListener('keydown', this.onKey);
  }

  private get view(): View {
    const { party, route, signIn } = this.environment;
    return chooseView(party.state, route.value, signIn.state.value.needed);
  }

  /** The address follows the room before anything is drawn: it is part of what chooses the view. */
  protected override willUpdate(): void {
    const { party, route, navigate } = this.environment;
    const roomId = party.state.room?.id ?? null;
    const next = routeAfter(this.roomId, roomId, route.value);
    this.roomId = roomId;
    if (next) navigate(next, 'replace');
  }

  protected override render(): TemplateResult {
    const { party, screen, later, nowMs } = this.environment;
    const { state } = party;
    const view = this.view;
    const mini = view.kind !== 'room' && screen.video.value !== null;
    return html`
      <header>
        <button class="skip" @click=${this.skip}>${strings.skipToContent}</button>
        <span class="brand">${mark}<span>${brand}</span></span>
        ${
          view.kind === 'room' || view.kind === 'sign-in'
            ? nothing
            : html`<span class="muted small">
                ${state.connection.kind === 'connecting' ? strings.connecting : nothing}
              </span>`
        }
      </header>
      <owp-connection
        ?hidden=${view.kind === 'sign-in'}
        .connection=${state.connection}
        .party=${party}
        .nowMs=${nowMs}
        .later=${later}
        .playing=${screen.video.value !== null}
      ></owp-connection>
      <main id="main" class="${view.kind} ${mini ? 'beside-mini' : ''}" tabindex="-1">
        ${this.renderView(view)}
        ${
          view.kind === 'room' || mini
            ? html`<owp-stage
                .screen=${screen}
                .party=${party}
                .room=${state.room}
                .needsClick=${state.needsClick}
                .later=${later}
                .mini=${mini}
              ></owp-stage>`
            : nothing
        }
        ${state.room ? this.renderRoom(state.room) : nothing}
      </main>
      <owp-toasts
        class=${mini ? 'above-mini' : ''}
        .notices=${state.notices}
        .party=${party}
        .later=${later}
      ></owp-toasts>
    `;
  }

  private renderView(view: View): TemplateResult | typeof nothing {
    const { party, library, signIn, reloadLibrary, navigate } = this.environment;
    const { state } = party;
    switch (view.kind) {
      case 'room':
        return nothing;
      case 'sign-in':
        return html`<owp-sign-in
          .refused=${signIn.state.value.refused}
          .submit=${(token: string) => signIn.submit(token)}
        ></owp-sign-in>`;
      case 'invitation':
        return html`<owp-invitation
          .party=${party}
          .state=${state}
          .library=${library.value}
          .roomId=${view.roomId}
          .ticket=${view.ticket}
          .decline=${() => navigate(lobby, 'push')}
        ></owp-invitation>`;
      case 'lobby':
        return html`<owp-lobby
          .party=${party}
          .state=${state}
          .library=${library.value}
          .reloadLibrary=${reloadLibrary}
        ></owp-lobby>`;
    }
  }

  private renderRoom(room: RoomView): TemplateResult {
    const { party, inviteUrl, copyText, later, nowMs, startBeeps } = this.environment;
    return html`
      <owp-room-bar
        .room=${room}
        .sync=${party.state.sync}
        .videoTitle=${this.titleOf(room)}
        .party=${party}
        .copyText=${copyText}
        .later=${later}
        .nowMs=${nowMs}
        .startBeeps=${startBeeps}
        .inviteUrl=${inviteUrl}
      ></owp-room-bar>
      <aside aria-label=${`${strings.peopleTitle}, ${strings.chatTitle}`} class="card">
        <owp-people .members=${room.members}></owp-people>
        <owp-chat .lines=${room.chat} .send=${(text: string) => party.sendChat(text)}></owp-chat>
      </aside>
    `;
  }

  private titleOf(room: RoomView): string {
    return findVideo(this.environment.library.value, room.mediaId)?.title ?? '';
  }

  protected override updated(): void {
    const { party, setTitle } = this.environment;
    const { room } = party.state;
    const title = room ? this.titleOf(room) : '';
    setTitle(title ? `${title} · ${brand}` : brand);

    const before = this.shown;
    this.shown = this.view.kind;
    // The first view takes no focus: the reader begins at the top of the page.
    if (before !== null && before !== this.shown) void this.focusHeading();
  }

  /** A new view starts at its heading, for who reads by ear or goes by keyboard. */
  private async focusHeading(): Promise<void> {
    const child = this.renderRoot.querySelector<LitElement>(
      'owp-room-bar, owp-lobby, owp-invitation, owp-sign-in',
    );
    await child?.updateComplete;
    // On a phone the picture sticks to the top edge: scrolled to, the heading would be behind it.
    child?.shadowRoot?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    this.scrollIntoView();
  }

  /** A button, no link: the address after # is the route. */
  private readonly skip = (): void => {
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.view.kind !== 'room') return;
    // An open dialog has the keys.
    const target = event.composedPath()[0];
    if (event.composedPath().some((at) => at instanceof HTMLDialogElement)) return;
    const shortcut = shortcutFor(event, placeOf(target));
    if (shortcut === null) return;
    if (shortcut.kind === 'escape') {
      if (target instanceof HTMLElement && placeOf(target) === 'text') target.blur();
      return;
    }
    event.preventDefault();
    if (shortcut.kind === 'chat') this.chat?.focus();
    else this.stage?.perform(shortcut);
  };

  static override readonly styles = [
    tokens,
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        --mini-width: min(20rem, 62vw);
        --mini-clearance: calc(var(--mini-width) * 9 / 16 + 2 * var(--s4));
        min-height: 100vh;
        min-height: 100dvh;
        background:
          radial-gradient(60rem 32rem at 50% -8rem, var(--glow), transparent) no-repeat,
          var(--bg);
      }
      .skip {
        position: absolute;
        z-index: 30;
        left: var(--s4);
        top: -4rem;
        background: var(--accent);
        color: var(--on-accent);
      }
      .skip:focus {
        top: var(--s3);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--s4);
        padding: var(--s3) var(--s5);
      }
      .brand {
        display: inline-flex;
        align-items: center;
        gap: var(--s2);
        font-weight: 600;
        letter-spacing: -0.01em;
      }
      .brand svg {
        color: var(--accent);
      }
      /* Trouble is seen wherever one has scrolled to. */
      owp-connection {
        position: sticky;
        top: 0;
        z-index: 4;
      }
      main {
        flex: 1;
        display: flex;
        flex-direction: column;
        min-width: 0;
      }
      main:focus {
        outline: none;
      }
      owp-stage[mini] {
        position: fixed;
        z-index: 10;
        right: var(--s4);
        bottom: var(--s4);
        width: var(--mini-width);
      }
      /* What is last in the lobby can be scrolled clear of the small picture. */
      main.beside-mini {
        padding-bottom: var(--mini-clearance);
      }
      @media (max-width: 76rem) {
        owp-toasts.above-mini {
          bottom: var(--mini-clearance);
        }
      }
      main.room {
        display: grid;
        gap: var(--s4);
        align-content: start;
        padding: 0 var(--s4) var(--s4);
        grid-template-columns: minmax(0, 1fr);
      }
      /* Beside the picture's shadow, not under it. */
      main.room > owp-room-bar,
      main.room > aside {
        position: relative;
      }
      main.room aside {
        display: flex;
        flex-direction: column;
        gap: var(--s4);
        padding: var(--s4);
        min-height: 0;
      }
      main.room owp-chat {
        flex: 1;
        min-height: 18rem;
        max-height: 28rem;
        border-top: 1px solid var(--line);
        padding-top: var(--s4);
      }
      @media (max-width: 40rem) {
        main.room {
          padding: 0 0 var(--s4);
        }
        main.room > owp-stage {
          position: sticky;
          top: 0;
          z-index: 3;
        }
        main.room > owp-room-bar,
        main.room > aside {
          margin: 0 var(--s4);
        }
      }
      @media (min-width: 62rem) {
        main.room {
          grid-template: auto 1fr / minmax(0, 1fr) 22rem;
          gap: var(--s4) var(--s5);
          padding: 0 var(--s5) var(--s5);
        }
        main.room > owp-stage {
          /* As large as the window allows without pushing the title below its edge. */
          max-width: calc((100dvh - 10.5rem) * 16 / 9);
          width: 100%;
          justify-self: center;
        }
        main.room aside {
          grid-area: 1 / 2 / 3 / 3;
          /* As high as the window leaves room for, however long the chat grows. */
          contain: size;
          min-height: 28rem;
        }
        main.room owp-chat {
          min-height: 0;
          max-height: none;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-app': App;
  }
}
