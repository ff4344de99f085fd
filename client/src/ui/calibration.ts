// Measures by ear and tap how late the sound is: a round along with beeps, then one along with a light
// that takes away what the person adds (sync/calibration.ts). The party goes on meanwhile; only this
// viewer's film is silent during the beeps.
//
// The first taps of a round find the beat and do not count. The rounds follow each other by themselves
// and the result waits without a button focused: who still taps presses nothing by it.
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { PartyCommands } from '../session/party-state';
import { calibrate, lagMs, TAPS_MIN, type Calibration } from '../sync/calibration';
import { onDial } from '../sync/dial';
import type { Beeps, Environment } from './environment';
import { formatUncertainty } from './format';
import { strings } from './strings';
import { base } from './theme';

const PERIOD_MS = 1_000;
const TAPS_FIRST = 2;
const TAPS = TAPS_FIRST + TAPS_MIN;
const LIGHT_MS = 120;

type Phase =
  | { readonly kind: 'intro' | 'silent' | 'hearing' | 'seeing' }
  | { readonly kind: 'done'; readonly result: Calibration };

@customElement('owp-calibration')
export class CalibrationBox extends LitElement {
  @property({ attribute: false }) party!: PartyCommands;
  @property({ attribute: false }) nowMs!: Environment['nowMs'];
  @property({ attribute: false }) later!: Environment['later'];
  @property({ attribute: false }) startBeeps!: Environment['startBeeps'];

  @state() private phase: Phase = { kind: 'intro' };
  @state() private lags: readonly number[] = [];
  @state() private lit = false;
  @query('dialog') private box!: HTMLDialogElement;
  @query('h2') private heading!: HTMLElement;
  @query('#pad') private pad!: HTMLElement | null;

  private heard: readonly number[] = [];
  private firstBeatMs: () => number = () => Infinity;
  /** Ends what beeps or blinks. */
  private stop: () => void = () => undefined;

  open(): void {
    this.box.showModal();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.reset();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${this.reset}>
      <h2 id="title" tabindex="-1">${strings.calibrationTitle}</h2>
      <p role="status">${this.says}</p>
      ${this.renderPhase()}
    </dialog>`;
  }

  private get says(): string {
    const { phase } = this;
    switch (phase.kind) {
      case 'intro':
        return strings.calibrationIntro;
      case 'silent':
        return strings.calibrationNoSound;
      case 'hearing':
        return strings.calibrationHear;
      case 'seeing':
        return strings.calibrationSee;
      case 'done':
        return saysOf(phase.result);
    }
  }

  private renderPhase(): TemplateResult {
    const { phase } = this;
    if (phase.kind === 'hearing' || phase.kind === 'seeing') return this.renderRound();
    const found = phase.kind === 'done' && phase.result.kind === 'delay' ? phase.result : null;
    return html`<div class="answers">
      <button @click=${() => this.box.close()}>${strings.close}</button>
      <button class=${found ? '' : 'primary'} @click=${this.hear}>
        ${phase.kind === 'intro' ? strings.calibrationStart : strings.calibrationAgain}
      </button>
      ${
        found
          ? html`<button class="primary" @click=${() => this.apply(found.delayMs)}>
              ${strings.calibrationApply}
            </button>`
          : ''
      }
    </div>`;
  }

  private renderRound(): TemplateResult {
    return html`
      <button
        id="pad"
        class=${this.lit ? 'lit' : ''}
        @pointerdown=${this.onPointer}
        @keydown=${this.onKey}
        @keyup=${keepFromClicking}
        @click=${this.onClick}
      >
        <span class="light"></span>
        ${strings.calibrationTap}
      </button>
      <progress
        aria-label=${strings.calibrationTaps}
        max=${TAPS}
        .value=${this.lags.length}
      ></progress>
      <div class="answers">
        <button @click=${() => this.box.close()}>${strings.calibrationCancel}</button>
      </div>
    `;
  }

  // ---- the rounds ------------------------------------------------------------------------------

  private readonly hear = async (): Promise<void> => {
    this.begin('hearing');
    const round = this.phase;
    let beeps: Beeps;
    try {
      beeps = await this.startBeeps(PERIOD_MS);
    } catch {
      if (this.phase === round) this.phase = { kind: 'silent' };
      return;
    }
    if (this.phase !== round) {
      beeps.stop();
      return;
    }
    this.firstBeatMs = () => beeps.firstBeatMs();
    this.stop = () => beeps.stop();
    await this.updateComplete;
    this.pad?.focus();
  };

  private see(): void {
    this.begin('seeing');
    const firstMs = this.nowMs() + 2 * PERIOD_MS;
    this.firstBeatMs = () => firstMs;
    const blink = (beatMs: number): void => {
      this.stop = this.later(beatMs - this.nowMs(), () => {
        this.lit = true;
        this.stop = this.later(LIGHT_MS, () => {
          this.lit = false;
          blink(beatMs + PERIOD_MS);
        });
      });
    };
    blink(firstMs);
  }

  private begin(kind: 'hearing' | 'seeing'): void {
    this.halt();
    this.lags = [];
    this.phase = { kind };
  }

  private readonly reset = (): void => {
    this.halt();
    this.phase = { kind: 'intro' };
  };

  private halt(): void {
    this.stop();
    this.stop = () => undefined;
    this.firstBeatMs = () => Infinity;
    this.lit = false;
  }

  private tap(atMs: number): void {
    const firstMs = this.firstBeatMs();
    // Before the first beat there is nothing to tap along with
    if (atMs < firstMs - PERIOD_MS / 4) return;
    this.lags = [...this.lags, lagMs(atMs, firstMs, PERIOD_MS)];
    if (this.lags.length < TAPS) return;
    const counted = this.lags.slice(TAPS_FIRST);
    if (this.phase.kind === 'hearing') {
      this.heard = counted;
      this.see();
      return;
    }
    this.halt();
    this.phase = { kind: 'done', result: calibrate(this.heard, counted, PERIOD_MS) };
    this.heading.focus();
  }

  private apply(delayMs: number): void {
    this.party.playEarlier(onDial(delayMs));
    this.box.close();
  }

  // ---- what is a tap ---------------------------------------------------------------------------

  private readonly onPointer = (event: PointerEvent): void => {
    if (event.isPrimary && event.button === 0) this.tap(event.timeStamp);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!isTap(event)) return;
    event.preventDefault();
    if (!event.repeat) this.tap(event.timeStamp);
  };

  /** A press that has no pointer and no key: of a screen reader or a switch. */
  private readonly onClick = (event: MouseEvent): void => {
    if (event.detail === 0) this.tap(event.timeStamp);
  };

  static override readonly styles = [
    base,
    css`
      dialog {
        width: min(28rem, calc(100vw - 2 * var(--s4)));
        padding: var(--s5);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog[open] {
        display: grid;
        gap: var(--s4);
      }
      dialog::backdrop {
        background: rgb(5 6 9 / 62%);
      }
      h2:focus {
        outline: none;
      }
      #pad {
        flex-direction: column;
        gap: var(--s3);
        min-height: 12rem;
        border-radius: var(--radius);
        white-space: normal;
        touch-action: none;
        user-select: none;
      }
      .light {
        width: 5rem;
        height: 5rem;
        border: 2px solid var(--line-strong);
        border-radius: 50%;
      }
      /* On at once: a light that fades in has no instant to tap at. */
      .lit .light {
        background: var(--accent);
        border-color: var(--accent);
      }
      progress {
        width: 100%;
        accent-color: var(--accent);
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

function isTap({ key }: KeyboardEvent): boolean {
  return key === ' ' || key === 'Enter';
}

/** Firefox clicks at the key's release, whatever became of its press. */
function keepFromClicking(event: KeyboardEvent): void {
  if (isTap(event)) event.preventDefault();
}

function saysOf(result: Calibration): string {
  if (result.kind !== 'delay') return strings.calibrationScattered;
  const { delayMs, uncertaintyMs } = result;
  const [ms, known] = [Math.round(Math.abs(delayMs)), formatUncertainty(uncertaintyMs)];
  return delayMs < 0 ? strings.calibrationEarly(ms, known) : strings.calibrationLate(ms, known);
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-calibration': CalibrationBox;
  }
}
