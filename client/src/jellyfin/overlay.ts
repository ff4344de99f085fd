// What lies over Jellyfin: the panel, what a party must say over the picture, and its notices. Keys and
// wheel turned in here stay in here, as Jellyfin's player has a use of its own for nearly all of them.
import { LitElement, css, html, nothing, unsafeCSS, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { RoomView } from '../session/party-state';
import '../ui/chat';
import '../ui/connection';
import { joinNames } from '../ui/format';
import { icons, mark } from '../ui/icons';
import '../ui/people';
import '../ui/room-bar';
import { strings as shared } from '../ui/strings';
import { base } from '../ui/theme';
import '../ui/toasts';
import { focusablesIn, focusedIn, isBack, nextFocus } from './focus';
import { titleOf } from './home';
import './problem';
import './rooms';
import type { JellyfinSession, Surface } from './session';
import { strings } from './strings';
import { isDark, panelWidth, sheetHeight, tokens } from './theme';

@customElement('owp-jellyfin')
export class Overlay extends LitElement {
  @property({ attribute: false }) session!: JellyfinSession;
  @property({ attribute: false }) surface!: Surface;
  @property({ attribute: false }) onClose!: () => void;
  @property({ type: Boolean, reflect: true }) open = false;
  /** Beside the player rather than over a page. */
  @property({ type: Boolean, reflect: true }) docked = false;
  /** Arrow keys move the focus. */
  @property({ type: Boolean }) tv = false;
  /** Dark letters on light ground. */
  @property({ type: Boolean, reflect: true }) light = false;
  @property({ attribute: false }) itemId: string | null = null;

  @query('#panel') private panel!: HTMLElement | null;

  override connectedCallback(): void {
    super.connectedCallback();
    for (const name of ['keydown', 'keyup', 'keypress', 'wheel'] as const)
      this.addEventListener(name, this.keep, { passive: name === 'wheel' });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const name of ['keydown', 'keyup', 'keypress', 'wheel'] as const)
      this.removeEventListener(name, this.keep);
  }

  /** Puts the focus into the panel: on a TV onto the first thing to press. */
  async takeFocus(): Promise<void> {
    await this.updateComplete;
    const target = this.tv ? nextFocus(this.focusables(), null, 1) : this.panel;
    target?.focus({ preventScroll: true });
  }

  protected override willUpdate(): void {
    this.light = isDark(getComputedStyle(this).color);
  }

  protected override render(): TemplateResult {
    const { party } = this.session;
    return html`
      ${this.docked ? this.renderOverPicture() : nothing}
      ${this.open ? this.renderPanel() : nothing}
      <owp-toasts
        .notices=${party.state.notices}
        .party=${party}
        .later=${this.surface.later}
      ></owp-toasts>
    `;
  }

  private renderOverPicture(): TemplateResult {
    const { party } = this.session;
    const { needsClick, room } = party.state;
    const waiting = room?.waitingFor ?? [];
    return html`<div class="over" role="status">
      ${
        waiting.length > 0
          ? html`<span class="pill">
              <span class="spinner"></span>${shared.waitingFor(joinNames(waiting))}
            </span>`
          : nothing
      }
      ${
        needsClick
          ? html`<button class="gate" @click=${() => party.joinIn()}>
              <strong>${shared.joinInTitle}</strong>
              <span class="primary">${icons.play}${shared.joinIn}</span>
              <span class="small">${shared.joinInHint}</span>
            </button>`
          : nothing
      }
    </div>`;
  }

  private renderPanel(): TemplateResult {
    const { session, surface } = this;
    const { party } = session;
    const { state } = party;
    return html`<section
      id="panel"
      class=${state.room ? 'room' : ''}
      tabindex="-1"
      aria-label=${strings.party}
    >
      <header>
        <span class="brand">${mark}${state.room ? strings.party : strings.parties}</span>
        <button class="icon plain" aria-label=${strings.closePanel} @click=${() => this.onClose()}>
          ${icons.close}
        </button>
      </header>
      <owp-connection
        .connection=${state.connection}
        .party=${party}
        .nowMs=${surface.nowMs}
        .later=${surface.later}
        .playing=${state.room !== null && this.docked}
      ></owp-connection>
      <div class="content">
        ${
          session.problem
            ? html`<owp-jellyfin-problem
                .problem=${session.problem}
                .retry=${() => session.retry()}
              ></owp-jellyfin-problem>`
            : nothing
        }
        ${
          state.room
            ? this.renderRoom(state.room)
            : html`<owp-jellyfin-rooms
                .session=${session}
                .state=${state}
                .itemId=${this.itemId}
              ></owp-jellyfin-rooms>`
        }
        ${session.limited && !state.room ? html`<p class="muted small">${strings.limited}</p>` : nothing}
      </div>
    </section>`;
  }

  private renderRoom(room: RoomView): TemplateResult {
    const { session, surface } = this;
    const { party } = session;
    const host = room.members.find((member) => member.isHost);
    return html`
      <owp-room-bar
        compact
        .subtitle=${strings.partyOf(host?.name ?? room.name)}
        .room=${room}
        .sync=${party.state.sync}
        .videoTitle=${titleOf(room.mediaId, session)}
        .party=${party}
        .copyText=${surface.copyText}
        .later=${surface.later}
        .nowMs=${surface.nowMs}
        .startBeeps=${surface.startBeeps}
        .inviteUrl=${(id: string, ticket: string | null) => session.inviteUrl(id, ticket)}
      ></owp-room-bar>
      ${
        this.docked || room.mediaId === null
          ? nothing
          : html`<button class="primary" @click=${() => session.join(room.id)}>
              ${icons.play}${strings.backToPicture}
            </button>`
      }
      <owp-people .members=${room.members}></owp-people>
      <owp-chat .lines=${room.chat} .send=${(text: string) => party.sendChat(text)}></owp-chat>
    `;
  }

  private focusables(): HTMLElement[] {
    return this.panel ? focusablesIn(this.panel) : [];
  }

  private readonly keep = (event: Event): void => {
    event.stopPropagation();
    if (event instanceof KeyboardEvent && event.type === 'keydown') this.onKey(event);
  };

  private onKey(event: KeyboardEvent): void {
    const inDialog = event.composedPath().some((at) => at instanceof HTMLDialogElement);
    if (event.defaultPrevented || inDialog) return;
    if (isBack(event)) {
      event.preventDefault();
      this.onClose();
      return;
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
    if (!this.tv || step === null) return;
    event.preventDefault();
    nextFocus(this.focusables(), focusedIn(this.surface.document), step)?.focus();
  }

  static override readonly styles = [
    tokens,
    base,
    css`
      :host {
        --panel-width: ${unsafeCSS(panelWidth)};
        --sheet-height: ${unsafeCSS(sheetHeight)};
        position: fixed;
        inset: 0;
        /* Over Jellyfin's header, player and footer, under its dialogs and toasts. */
        z-index: 1250;
        pointer-events: none;
        text-align: start;
      }
      #panel,
      .gate {
        pointer-events: auto;
      }
      #panel {
        position: absolute;
        inset-inline-end: var(--s4);
        top: 4.25rem;
        max-height: calc(100% - 4.25rem - var(--s4));
        display: flex;
        flex-direction: column;
        width: var(--panel-width);
        border: 1px solid var(--line);
        border-radius: calc(1.5 * var(--radius));
        background: linear-gradient(var(--surface), var(--surface)) var(--bg);
        box-shadow: var(--shadow);
        overflow: hidden;
        outline: none;
      }
      #panel.room {
        bottom: var(--s4);
      }
      :host([docked]) #panel {
        inset: 0 0 0 auto;
        max-height: none;
        border-width: 0 0 0 1px;
        border-radius: 0;
        box-shadow: none;
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: var(--s2) var(--s2) var(--s2) var(--s4);
        border-bottom: 1px solid var(--line);
      }
      .brand {
        display: inline-flex;
        align-items: center;
        gap: var(--s2);
        font-weight: 600;
      }
      .brand svg {
        color: var(--accent);
      }
      .content {
        flex: 1;
        display: flex;
        flex-direction: column;
        gap: var(--s4);
        min-height: 0;
        padding: var(--s4);
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      owp-people {
        flex: none;
      }
      owp-chat {
        flex: 1;
        min-height: 12rem;
        padding-top: var(--s4);
        border-top: 1px solid var(--line);
      }
      .over {
        position: absolute;
        inset: 0;
        display: grid;
        justify-items: center;
        align-content: space-between;
        padding: 5rem var(--s4);
        color: #fff;
      }
      :host([open]) .over {
        right: var(--panel-width);
      }
      .pill {
        display: inline-flex;
        align-items: center;
        gap: var(--s2);
        padding: var(--s2) var(--s4);
        border-radius: 999px;
        background: rgb(0 0 0 / 78%);
        font-size: var(--text-s);
      }
      .gate {
        position: absolute;
        inset: 0;
        margin: auto;
        display: grid;
        justify-items: center;
        gap: var(--s3);
        width: min(24rem, 90%);
        height: max-content;
        padding: var(--s5);
        border-radius: var(--radius);
        background: rgb(0 0 0 / 82%);
        color: #fff;
        white-space: normal;
        font-size: var(--text-m);
      }
      .gate:hover {
        background: rgb(0 0 0 / 90%);
      }
      .gate .primary {
        display: inline-flex;
        align-items: center;
        gap: var(--s2);
        padding: var(--s3) var(--s5);
        border-radius: 999px;
        background: #00a4dc;
        color: #000;
        font-weight: 600;
      }
      .gate .small {
        font-weight: 400;
      }
      /* Clear of the player's controls, and in the middle of what the panel leaves. */
      :host([docked]) owp-toasts {
        bottom: 8.5rem;
      }
      :host([docked][open]) owp-toasts {
        left: calc((100% - var(--panel-width)) / 2);
      }
      .spinner {
        width: 1rem;
        height: 1rem;
        border: 2px solid currentcolor;
        border-right-color: transparent;
        border-radius: 50%;
        animation: turn 900ms linear infinite;
      }
      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }
      @media (max-width: 40rem) {
        #panel,
        :host([docked]) #panel {
          inset: auto 0 0;
          max-height: none;
          width: auto;
          height: var(--sheet-height);
          border-width: 1px 0 0;
          border-radius: calc(2 * var(--radius)) calc(2 * var(--radius)) 0 0;
          box-shadow: var(--shadow);
        }
        :host([docked]) #panel {
          border-radius: 0;
        }
        :host([open]) .over {
          right: 0;
          bottom: var(--sheet-height);
          padding-block: 3.75rem var(--s4);
        }
        :host([open]) owp-toasts,
        :host([docked][open]) owp-toasts {
          left: 50%;
          bottom: calc(var(--sheet-height) + var(--s4));
        }
        /* So that two people and the field to write in are seen on a phone, without scrolling */
        .content {
          gap: var(--s3);
          padding: var(--s3) var(--s4);
        }
        owp-chat {
          padding-top: var(--s3);
        }
        owp-people {
          --people-height: 6.75rem;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-jellyfin': Overlay;
  }
}
