// The panel while one is in no party: what stands in the way, a party to start, the parties to join.
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PartyState, RoomEntry } from '../session/party-state';
import { icons } from '../ui/icons';
import '../ui/private-choice';
import { strings as shared } from '../ui/strings';
import { base } from '../ui/theme';
import { titleOf } from './home';
import type { JellyfinSession } from './session';
import { strings } from './strings';

@customElement('owp-jellyfin-rooms')
export class Rooms extends LitElement {
  @property({ attribute: false }) session!: JellyfinSession;
  @property({ attribute: false }) state!: PartyState;
  /** What a party could be started with: what plays, or whose page is shown. */
  @property({ attribute: false }) itemId: string | null = null;

  /** The next party is to be in nobody's list. */
  @state() private isPrivate = false;

  protected override render(): TemplateResult {
    return html`${this.renderStart()} ${this.renderRooms()}`;
  }

  private renderStart(): TemplateResult | typeof nothing {
    const { itemId, session } = this;
    const title = itemId === null ? null : session.title(itemId);
    if (itemId === null || !title?.watchable || session.problem === 'sync-play') return nothing;
    return html`<div class="start">
      <p class="ellipsis">${title.name}</p>
      <button
        class="primary"
        aria-label=${strings.startWith(title.name)}
        @click=${() => session.watchTogether(itemId, {}, this.isPrivate)}
      >
        ${icons.people}${strings.startWithThis}
      </button>
      <owp-private-choice
        .chosen=${this.isPrivate}
        .choose=${(chosen: boolean) => (this.isPrivate = chosen)}
      ></owp-private-choice>
    </div>`;
  }

  private renderRooms(): TemplateResult {
    const { rooms, connection } = this.state;
    if (rooms.length > 0)
      return html`<ul aria-label=${strings.parties}>
        ${rooms.map((room) => this.renderRoom(room))}
      </ul>`;
    if (connection.kind === 'connecting')
      return html`<p class="muted small" role="status">${strings.looking}</p>`;
    return html`<div class="empty">
      ${icons.sofa}<strong>${strings.noneTitle}</strong>
      <p>${strings.none}</p>
    </div>`;
  }

  private renderRoom(room: RoomEntry): TemplateResult {
    const { session } = this;
    const title = titleOf(room.mediaId, session);
    const host = room.hostName || room.name;
    return html`<li>
      <div class="words">
        <p class="title ellipsis">${title}</p>
        <p class="muted facts">
          <span class="dot ${room.playing ? 'good' : ''}"></span>
          <span class="ellipsis">${strings.partyOf(host)} · ${shared.people(room.count)}</span>
        </p>
      </div>
      <button
        aria-label=${strings.joinPartyOf(host, title)}
        ?disabled=${this.state.connection.kind !== 'online'}
        @click=${() => session.join(room.id)}
      >
        ${strings.joinShort}
      </button>
    </li>`;
  }

  static override readonly styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--s3);
        align-content: start;
        grid-template-columns: minmax(0, 1fr);
      }
      ul {
        display: grid;
        gap: var(--s2);
        grid-template-columns: minmax(0, 1fr);
      }
      li,
      .start {
        display: flex;
        align-items: center;
        gap: var(--s3);
        padding: var(--s3);
        border-radius: var(--radius);
        background: var(--surface-2);
      }
      .start {
        flex-direction: column;
        align-items: stretch;
        background: var(--accent-soft);
      }
      .start p,
      .title {
        font-weight: 600;
      }
      .words {
        flex: 1;
        min-width: 0;
      }
      .facts {
        display: flex;
        align-items: center;
        gap: var(--s2);
        font-size: var(--text-s);
      }
      li button {
        background: var(--accent);
        color: var(--on-accent);
        min-height: 2.4rem;
      }
      li button:hover:not(:disabled) {
        background: var(--accent-strong);
      }
      .empty {
        padding: var(--s6) var(--s4);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-jellyfin-rooms': Rooms;
  }
}
