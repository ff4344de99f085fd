// The party's notices, told and then put away. What went wrong stays longer than what is good to know.
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Notice, PartyCommands } from '../session/party-state';
import type { Environment } from './environment';
import { icons } from './icons';
import { sentenceFor, strings } from './strings';
import { base } from './theme';

/** Time to read: about 200 words a minute, a dozen words, and a moment to look up. */
const infoStaysMs = 6_000;
const warningStaysMs = 12_000;

/** Notices that end a view stay until they are put away by hand: one may look only later. */
const staying: ReadonlySet<string> = new Set(['ROOM_CLOSED', 'INVITE_INVALID']);

@customElement('owp-toasts')
export class Toasts extends LitElement {
  @property({ attribute: false }) notices: readonly Notice[] = [];
  @property({ attribute: false }) party!: PartyCommands;
  @property({ attribute: false }) later!: Environment['later'];

  private readonly timers = new Map<number, () => void>();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
  }

  protected override willUpdate(): void {
    const present = new Set(this.notices.map((notice) => notice.id));
    for (const [id, cancel] of this.timers)
      if (!present.has(id)) {
        cancel();
        this.timers.delete(id);
      }
    for (const notice of this.notices) this.startTimer(notice);
  }

  private startTimer({ id, kind, code }: Notice): void {
    if (this.timers.has(id) || staying.has(code)) return;
    const staysMs = kind === 'info' ? infoStaysMs : warningStaysMs;
    this.timers.set(
      id,
      this.later(staysMs, () => this.party.dismissNotice(id)),
    );
  }

  protected override render(): TemplateResult {
    return html`<ul aria-live="polite" aria-relevant="additions">
      ${repeat(
        this.notices,
        (notice) => notice.id,
        (notice) => this.renderNotice(notice),
      )}
    </ul>`;
  }

  private renderNotice(notice: Notice): TemplateResult {
    const closed = notice.code === 'ROOM_CLOSED';
    return html`<li class=${notice.kind}>
      ${notice.kind === 'info' ? icons.info : icons.warning}
      <div>
        ${closed ? html`<strong>${strings.roomClosedTitle}</strong>` : ''}
        <p>
          ${sentenceFor(notice.code, notice.text, notice.name)}${closed ? ` ${strings.playsOn}` : ''}
        </p>
      </div>
      <button
        class="icon plain"
        aria-label=${strings.dismiss}
        @click=${() => this.party.dismissNotice(notice.id)}
      >
        ${icons.close}
      </button>
    </li>`;
  }

  static override readonly styles = [
    base,
    css`
      :host {
        position: fixed;
        z-index: 20;
        left: 50%;
        bottom: var(--s5);
        width: min(26rem, calc(100vw - 2 * var(--s4)));
        transform: translateX(-50%);
        pointer-events: none;
      }
      ul {
        display: grid;
        gap: var(--s2);
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--s3);
        padding: var(--s2) var(--s2) var(--s2) var(--s4);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: linear-gradient(var(--surface-2), var(--surface-2)) var(--surface);
        box-shadow: var(--shadow);
        font-size: var(--text-s);
        pointer-events: auto;
        animation: rise 220ms ease-out;
      }
      li > svg {
        color: var(--accent);
      }
      li.error > svg {
        color: var(--bad);
      }
      div {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(0.75rem);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-toasts': Toasts;
  }
}
