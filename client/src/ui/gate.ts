// The two cards that can stand before everything else: an invitation, and the sign-in that a server
// with auth asks for.
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { PartyCommands, PartyState } from '../session/party-state';
import { mark } from './icons';
import { findVideo, type Library } from './library';
import './name-field';
import { strings } from './strings';
import { base } from './theme';

const gateStyles = css`
  :host {
    display: grid;
    place-items: center;
    flex: 1;
    padding: var(--s5) var(--s4) var(--s8);
  }
  .card {
    display: grid;
    gap: var(--s4);
    width: min(100%, 27rem);
    padding: var(--s7) var(--s6) var(--s6);
    box-shadow: var(--shadow);
    text-align: center;
    justify-items: center;
  }
  .mark {
    color: var(--accent);
  }
  .mark svg {
    width: 3rem;
    height: 3rem;
  }
  h1 {
    font-size: clamp(2rem, 1.5rem + 2vw, 2.75rem);
    overflow-wrap: anywhere;
  }
  form {
    display: grid;
    gap: var(--s3);
    width: 100%;
    margin-top: var(--s2);
  }
  form label {
    text-align: left;
  }
  owp-name-field {
    width: 100%;
  }
  .error {
    color: var(--bad);
    background: var(--bad-soft);
    border-radius: var(--radius-s);
    padding: var(--s3) var(--s4);
    font-size: var(--text-s);
    width: 100%;
  }
`;

@customElement('owp-invitation')
export class Invitation extends LitElement {
  @property({ attribute: false }) party!: PartyCommands;
  @property({ attribute: false }) state!: PartyState;
  @property({ attribute: false }) library!: Library;
  @property() roomId = '';
  /** Opens a private room. */
  @property() ticket: string | null = null;
  @property({ attribute: false }) decline!: () => void;

  @state() private joining = false;
  /** The ticket that does not open the room (any more). */
  @state() private refusedTicket: string | null = null;
  private noticeWhenPressed = 0;

  protected override willUpdate(): void {
    // What the server says no to becomes a notice; then the button is offered again.
    const last = this.state.notices.at(-1);
    if (!this.joining || !last || last.id <= this.noticeWhenPressed) return;
    this.joining = false;
    if (last.code !== 'INVITE_INVALID') return;
    this.refusedTicket = this.ticket;
    this.party.dismissNotice(last.id); // the card says so, where it is looked for
  }

  protected override render(): TemplateResult {
    const room = this.state.rooms.find((entry) => entry.id === this.roomId);
    const title = findVideo(this.library, room?.mediaId ?? null)?.title;
    const online = this.state.connection.kind === 'online';
    if (this.refusedTicket !== null && this.refusedTicket === this.ticket)
      return this.renderRefused();
    return html`<section class="card" aria-labelledby="title">
      <span class="mark">${mark}</span>
      <h1 id="title" tabindex="-1">
        ${strings.invitedTitle}
        ${room ? strings.invitedTo(strings.roomOf(room.hostName || room.name)) : nothing}
      </h1>
      <p class="muted">
        ${
          room
            ? html`${title ? html`${title} · ` : nothing}${strings.people(room.count)} ·
              ${room.playing ? strings.roomPlaying : strings.roomPaused}`
            : strings.invitedIntro
        }
      </p>
      <form @submit=${this.join}>
        <owp-name-field
          .name=${this.state.userName}
          .rename=${(name: string) => this.party.setUserName(name)}
        ></owp-name-field>
        <button class="primary" ?disabled=${!online || this.joining}>
          ${this.joining ? strings.joining : online ? strings.joinTheParty : strings.connecting}
        </button>
      </form>
      <button class="plain" @click=${() => this.decline()}>${strings.notNow}</button>
    </section>`;
  }

  private renderRefused(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <span class="mark">${mark}</span>
      <h1 id="title" tabindex="-1">${strings.inviteRefusedTitle}</h1>
      <p role="alert">${strings.inviteRefused}</p>
      <button @click=${() => this.decline()}>${strings.toLobby}</button>
    </section>`;
  }

  private readonly join = (event: Event): void => {
    event.preventDefault();
    this.noticeWhenPressed = this.state.notices.at(-1)?.id ?? 0;
    this.joining = true;
    this.party.joinRoom(this.roomId, this.ticket);
  };

  static override readonly styles = [base, gateStyles];
}

@customElement('owp-sign-in')
export class SignInCard extends LitElement {
  @property({ type: Boolean }) refused = false;
  @property({ attribute: false }) submit!: (token: string) => void;
  @query('input') private field!: HTMLInputElement;

  protected override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <span class="mark">${mark}</span>
      <h1 id="title" tabindex="-1">${strings.signInTitle}</h1>
      <p class="muted">${strings.signInIntro}</p>
      ${this.refused ? html`<p class="error" role="alert">${strings.signInRefused}</p>` : nothing}
      <form @submit=${this.onSubmit}>
        <label for="token">${strings.token}</label>
        <input id="token" type="password" autocomplete="off" spellcheck="false" required />
        <button class="primary">${strings.signIn}</button>
      </form>
    </section>`;
  }

  private readonly onSubmit = (event: Event): void => {
    event.preventDefault();
    const token = this.field.value.trim();
    if (token !== '') this.submit(token);
  };

  static override readonly styles = [base, gateStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-invitation': Invitation;
    'owp-sign-in': SignInCard;
  }
}
