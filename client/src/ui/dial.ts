// The dial for the loudspeaker: how much earlier than the party this viewer's player plays. It takes
// effect while it is turned, so its box leaves the picture to be seen.
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { PartyCommands } from '../session/party-state';
import { DIAL_MAX_MS, DIAL_STEP_MS } from '../sync/dial';
import './calibration';
import type { CalibrationBox } from './calibration';
import type { Environment } from './environment';
import { formatOffset } from './format';
import { icons } from './icons';
import { strings } from './strings';
import { base } from './theme';

@customElement('owp-dial')
export class Dial extends LitElement {
  /** Negative: later. */
  @property({ type: Number }) earlierMs = 0;
  @property({ attribute: false }) party!: PartyCommands;
  @property({ attribute: false }) nowMs!: Environment['nowMs'];
  @property({ attribute: false }) later!: Environment['later'];
  @property({ attribute: false }) startBeeps!: Environment['startBeeps'];

  @query('dialog') private box!: HTMLDialogElement;
  @query('owp-calibration') private calibration!: CalibrationBox;

  protected override render(): TemplateResult {
    const words = wordsFor(this.earlierMs);
    return html`
      <button
        aria-haspopup="dialog"
        aria-label=${`${strings.dialOpen}: ${words}`}
        title=${strings.dialOpen}
        @click=${() => this.box.showModal()}
      >
        ${icons.volume}${this.earlierMs === 0 ? '' : html`<span class="number">${formatOffset(this.earlierMs)}</span>`}
      </button>
      <dialog aria-labelledby="title" aria-describedby="hint">
        <form method="dialog">
          <h2 id="title">${strings.dialTitle}</h2>
          <p id="hint" class="muted small">${strings.dialHint}</p>
          <label for="dial">${strings.dialLabel}</label>
          <output class="number" for="dial">${words}</output>
          <input
            id="dial"
            type="range"
            min=${-DIAL_MAX_MS}
            max=${DIAL_MAX_MS}
            step=${DIAL_STEP_MS}
            autofocus
            aria-valuetext=${words}
            .value=${String(this.earlierMs)}
            @input=${this.turn}
          />
          <div class="answers">
            <button type="button" @click=${() => this.calibration.open()}>
              ${strings.calibrationOpen}
            </button>
            <button type="button" @click=${() => this.party.playEarlier(0)}>
              ${strings.dialReset}
            </button>
            <button class="primary">${strings.close}</button>
          </div>
        </form>
      </dialog>
      <owp-calibration
        .party=${this.party}
        .nowMs=${this.nowMs}
        .later=${this.later}
        .startBeeps=${this.startBeeps}
      ></owp-calibration>
    `;
  }

  private readonly turn = (event: Event): void => {
    this.party.playEarlier((event.currentTarget as HTMLInputElement).valueAsNumber);
  };

  static override readonly styles = [
    base,
    css`
      :host {
        display: inline-block;
      }
      :host > button {
        min-height: 2.25rem;
      }
      .number {
        font-variant-numeric: tabular-nums;
      }
      dialog {
        width: min(26rem, calc(100vw - 2 * var(--s4)));
        margin: auto auto var(--s4);
        padding: var(--s5);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: transparent;
      }
      form {
        display: grid;
        gap: var(--s3);
      }
      input {
        width: 100%;
        accent-color: var(--accent);
      }
      output {
        font-size: var(--text-l);
      }
      .answers {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--s2);
      }
    `,
  ];
}

function wordsFor(earlierMs: number): string {
  if (earlierMs === 0) return strings.dialSame;
  return earlierMs > 0 ? strings.dialEarlier(earlierMs) : strings.dialLater(-earlierMs);
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-dial': Dial;
  }
}
