// How well this player is in step: a word, the offset as measured, and on demand the numbers behind.
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SyncReading } from '../session/party-state';
import { asKnown, formatOffset, formatUncertainty, spokenOffset, summarizeSync } from './format';
import { strings } from './strings';
import { base } from './theme';

@customElement('owp-sync')
export class SyncChip extends LitElement {
  @property({ attribute: false }) sync!: SyncReading;
  @state() private open = false;
  /** Come to by keyboard: shown for as long as the focus stays. */
  @state() private focused = false;

  protected override render(): TemplateResult {
    const { uncertaintyMs } = this.sync;
    const { offsetMs } = this;
    const { tone, label } = summarizeSync(this.sync);
    const known = uncertaintyMs === null ? '' : `, ${formatUncertainty(uncertaintyMs)}`;
    const spoken = offsetMs === null ? label : `${label}, ${spokenOffset(offsetMs)}${known}`;
    return html`
      <button
        aria-expanded=${this.shown ? 'true' : 'false'}
        aria-controls="numbers"
        aria-label=${`${strings.syncTitle}: ${spoken}`}
        @click=${this.toggle}
        @focus=${this.onFocus}
        @blur=${() => (this.focused = false)}
        @keydown=${this.onKey}
      >
        <span class="dot ${tone}"></span>
        <span class="label">${label}</span>
        ${
          offsetMs === null
            ? nothing
            : html`<span class="number">${formatOffset(offsetMs)}</span>
                <span class="number muted">
                  ${uncertaintyMs === null ? nothing : formatUncertainty(uncertaintyMs)}
                </span>`
        }
      </button>
      <dl id="numbers" class="card" ?hidden=${!this.shown}>${this.renderNumbers()}</dl>
    `;
  }

  private get shown(): boolean {
    return this.open || this.focused;
  }

  /** As far as it is known. */
  private get offsetMs(): number | null {
    const { offsetMs, uncertaintyMs } = this.sync;
    return offsetMs === null ? null : asKnown(offsetMs, uncertaintyMs ?? 0);
  }

  private renderNumbers(): TemplateResult {
    const { offsetMs } = this;
    const { uncertaintyMs, clockUncertaintyMs, roundTripMs, rate } = this.sync;
    const row = (term: string, value: string | null): TemplateResult =>
      html`<div>
        <dt>${term}</dt>
        <dd>${value ?? strings.unknown}</dd>
      </div>`;
    return html`
      ${row(strings.syncOffset, offsetMs === null ? null : spokenOffset(offsetMs))}
      ${row(strings.syncKnown, uncertaintyMs === null ? null : formatUncertainty(uncertaintyMs))}
      ${row(
        strings.syncClock,
        clockUncertaintyMs === null ? null : formatUncertainty(clockUncertaintyMs),
      )}
      ${row(strings.syncRoundTrip, roundTripMs === null ? null : `${Math.round(roundTripMs)} ms`)}
      ${row(strings.syncRate, `× ${rate.toFixed(3)}`)}
      <div class="why muted small">${strings.syncWhy}</div>
    `;
  }

  private readonly toggle = (): void => {
    this.open = !this.shown;
    this.focused = false;
  };

  private readonly onFocus = (event: FocusEvent): void => {
    this.focused = (event.currentTarget as HTMLElement).matches(':focus-visible');
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.shown) return;
    event.stopPropagation();
    this.open = false;
    this.focused = false;
  };

  static override readonly styles = [
    base,
    css`
      :host {
        position: relative;
        display: inline-block;
      }
      button {
        min-height: 2.25rem;
        background: var(--surface);
        border-color: var(--line);
        font-weight: 500;
      }
      .number {
        font-variant-numeric: tabular-nums;
      }
      .number + .number {
        margin-left: -0.15rem;
      }
      dl {
        position: absolute;
        z-index: 5;
        top: calc(100% + var(--s2));
        right: 0;
        width: max-content;
        padding: var(--s3) var(--s4);
        box-shadow: var(--shadow);
        font-size: var(--text-s);
      }
      /* On a phone the chip stands at the left edge, elsewhere near the right one. */
      @media (max-width: 30rem) {
        dl {
          right: auto;
          left: 0;
        }
      }
      :host([compact]) dl {
        right: auto;
        left: 0;
      }
      dl[hidden] {
        display: none;
      }
      dl div {
        display: flex;
        justify-content: space-between;
        gap: var(--s5);
      }
      .why {
        max-width: 18rem;
        margin-top: var(--s2);
      }
      dt {
        color: var(--muted);
      }
      dd {
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-sync': SyncChip;
  }
}
