// The line at the top that appears only while the connection is not what it should be.
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConnectionState, PartyCommands } from '../session/party-state';
import type { Environment } from './environment';
import { secondsUntil } from './format';
import { icons } from './icons';
import { sentenceFor, strings } from './strings';
import { base } from './theme';

@customElement('owp-connection')
export class ConnectionLine extends LitElement {
  @property({ attribute: false }) connection!: ConnectionState;
  @property({ attribute: false }) party!: PartyCommands;
  @property({ attribute: false }) nowMs!: Environment['nowMs'];
  @property({ attribute: false }) later!: Environment['later'];
  /** Whether a video is loaded that plays on without the connection. */
  @property({ type: Boolean }) playing = false;

  private cancelTick: (() => void) | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.cancelTick?.();
  }

  protected override updated(): void {
    this.cancelTick?.();
    this.cancelTick = null;
    if (this.connection.kind !== 'reconnecting') return;
    const left = this.connection.nextTryAtMs - this.nowMs();
    // Wake when the shown second changes, not once a second from wherever we are.
    if (left > 0) this.cancelTick = this.later((left % 1000) + 1, () => this.requestUpdate());
  }

  protected override render(): TemplateResult {
    // The live region stays in the page, so that what appears in it is spoken.
    return html`<div role="status">${this.renderLine()}</div>`;
  }

  private renderLine(): TemplateResult | typeof nothing {
    const { connection } = this;
    if (connection.kind === 'online' || connection.kind === 'connecting') return nothing;
    const again = (text: string): TemplateResult =>
      html`<button @click=${() => this.party.reconnectNow()}>${text}</button>`;
    if (connection.kind === 'stopped')
      return html`<p class="bad">
        ${icons.warning}
        <span class="words"
          ><strong>${strings.stoppedTitle}.</strong>
          ${sentenceFor(connection.code, connection.message)}</span
        >
        ${again(strings.connectAgain)}
      </p>`;
    const seconds = secondsUntil(connection.nextTryAtMs, this.nowMs());
    return html`<p>
      <span class="spinner"></span>
      <span class="words">
        <strong>${strings.reconnecting}</strong>
        ${
          seconds > 0
            ? html`<span class="muted" aria-hidden="true">${strings.reconnectingIn(seconds)}</span>`
            : nothing
        }
        ${this.playing ? html`<span class="muted">${strings.reconnectingKeeps}</span>` : nothing}
      </span>
      ${seconds > 0 ? again(strings.retryNow) : nothing}
    </p>`;
  }

  static override readonly styles = [
    base,
    css`
      p {
        display: flex;
        align-items: center;
        gap: var(--s3);
        padding: var(--s2) var(--s4);
        background: linear-gradient(var(--accent-soft), var(--accent-soft)) var(--bg);
        border-bottom: 1px solid var(--line);
        font-size: var(--text-s);
      }
      .bad {
        background: linear-gradient(var(--bad-soft), var(--bad-soft)) var(--bg);
      }
      .bad svg {
        color: var(--bad);
      }
      .words {
        flex: 1;
        min-width: 0;
      }
      strong {
        font-weight: 600;
      }
      button {
        min-height: 2.25rem;
      }
      .spinner {
        flex: none;
        width: 1rem;
        height: 1rem;
        border: 2px solid var(--accent);
        border-right-color: transparent;
        border-radius: 50%;
        animation: turn 900ms linear infinite;
      }
      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-connection': ConnectionLine;
  }
}
