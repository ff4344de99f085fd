// What a room is and how to bring others in or get out: title, sync indicator, invite, leave, end.
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { PartyCommands, RoomView, SyncReading } from '../session/party-state';
import type { Environment } from './environment';
import './dial';
import { icons } from './icons';
import { strings } from './strings';
import './sync-chip';
import { base } from './theme';

/** How long the button says that the link is copied. */
const copiedStaysMs = 2_500;

@customElement('owp-room-bar')
export class RoomBar extends LitElement {
  @property({ attribute: false }) room!: RoomView;
  @property({ attribute: false }) sync!: SyncReading;
  @property() videoTitle = '';
  @property({ attribute: false }) party!: PartyCommands;
  @property({ attribute: false }) copyText!: Environment['copyText'];
  @property({ attribute: false }) later!: Environment['later'];
  @property({ attribute: false }) nowMs!: Environment['nowMs'];
  @property({ attribute: false }) startBeeps!: Environment['startBeeps'];
  @property({ attribute: false }) inviteUrl!: Environment['inviteUrl'];
  /** What stands under the title; empty: whose room it is. */
  @property() subtitle = '';
  /** In a narrow column, however wide the window is. */
  @property({ type: Boolean, reflect: true }) compact = false;

  @state() private copied = false;
  /** The link that was asked for last. */
  @state() private link = '';
  private asking = false;
  @query('#by-hand') private byHand!: HTMLDialogElement;
  @query('#sure') private sure!: HTMLDialogElement;
  private cancelCopied: (() => void) | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.cancelCopied?.();
  }

  protected override render(): TemplateResult {
    const { room } = this;
    const host = room.members.find((member) => member.isHost);
    return html`
      <div class="words">
        <h1 tabindex="-1">${this.videoTitle || strings.unknownVideo}</h1>
        <p class="muted small whose">
          ${
            room.isPrivate
              ? html`<span class="private" title=${strings.privateHint}>
                  ${icons.lock}${strings.privateParty}
                </span>`
              : nothing
          }
          <span class="ellipsis">${this.subtitle || strings.roomOf(host?.name ?? room.name)}</span>
        </p>
      </div>
      <owp-sync ?compact=${this.compact} .sync=${this.sync}></owp-sync>
      <owp-dial
        .earlierMs=${this.sync.earlierMs}
        .party=${this.party}
        .nowMs=${this.nowMs}
        .later=${this.later}
        .startBeeps=${this.startBeeps}
      ></owp-dial>
      <div class="actions">
        ${
          room.isPrivate && !room.amHost
            ? nothing // only the host has tickets to give away
            : html`<button class="primary" @click=${this.invite}>
                ${this.copied ? icons.check : icons.link}
                ${this.copied ? strings.copied : strings.copyInvite}
              </button>`
        }
        <span class="hidden" role="status">${this.copied ? strings.copied : nothing}</span>
        <button @click=${() => this.party.leaveRoom()}>${icons.leave}${strings.leave}</button>
        ${
          room.amHost
            ? html`<button class="danger" @click=${() => this.sure.showModal()}>
                ${strings.closeRoom}
              </button>`
            : nothing
        }
      </div>
      ${this.renderByHand()} ${this.renderSure()}
    `;
  }

  private renderByHand(): TemplateResult {
    return html`<dialog id="by-hand" aria-labelledby="by-hand-text">
      <form method="dialog">
        <label id="by-hand-text" for="url">${strings.copyByHand}</label>
        <input
          id="url"
          type="text"
          readonly
          .value=${this.link}
          @focus=${(event: Event) => (event.currentTarget as HTMLInputElement).select()}
        />
        <div class="answers"><button class="primary">${strings.close}</button></div>
      </form>
    </dialog>`;
  }

  private renderSure(): TemplateResult {
    return html`<dialog id="sure" aria-labelledby="sure-title" aria-describedby="sure-text">
      <form method="dialog">
        <h2 id="sure-title">${strings.closeRoomQuestion}</h2>
        <p id="sure-text" class="muted">${strings.closeRoomConsequence}</p>
        <div class="answers">
          <button autofocus>${strings.closeRoomNo}</button>
          <button class="danger" @click=${() => this.party.closeRoom()}>
            ${strings.closeRoomYes}
          </button>
        </div>
      </form>
    </dialog>`;
  }

  private readonly invite = async (): Promise<void> => {
    if (this.asking) return;
    const { id, isPrivate } = this.room;
    this.asking = true;
    const ticket = isPrivate ? await this.party.createInvite() : null;
    this.asking = false;
    if (isPrivate && ticket === null) return;
    this.link = this.inviteUrl(id, ticket);
    if (!(await this.copyText(this.link))) {
      this.byHand.showModal();
      return;
    }
    this.copied = true;
    this.cancelCopied?.();
    this.cancelCopied = this.later(copiedStaysMs, () => {
      this.copied = false;
    });
  };

  static override readonly styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        align-content: start;
        gap: var(--s3) var(--s5);
      }
      .words {
        flex: 1 1 9rem;
        min-width: 0;
      }
      h1 {
        font-size: var(--text-xl);
        overflow-wrap: anywhere;
      }
      .whose,
      .private {
        display: flex;
        align-items: center;
        gap: var(--s1) var(--s2);
      }
      .private {
        flex: none;
        gap: var(--s1);
        color: var(--text);
      }
      .private svg {
        width: 1rem;
        height: 1rem;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s2);
      }
      @media (max-width: 30rem) {
        .words,
        .actions {
          flex-basis: 100%;
        }
        .actions button {
          flex: auto;
          padding: 0 var(--s3);
        }
        .actions svg {
          display: none;
        }
      }
      :host([compact]) {
        gap: var(--s3);
      }
      :host([compact]) .words,
      :host([compact]) .actions {
        flex-basis: 100%;
      }
      :host([compact]) .actions button {
        flex: auto;
        min-height: 2.4rem;
        padding: 0 var(--s3);
      }
      :host([compact]) .actions svg {
        display: none;
      }
      dialog {
        width: min(28rem, calc(100vw - 2 * var(--s4)));
        padding: var(--s5);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: rgb(5 6 9 / 62%);
      }
      form {
        display: grid;
        gap: var(--s3);
      }
      .answers {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--s2);
        margin-top: var(--s2);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-room-bar': RoomBar;
  }
}
