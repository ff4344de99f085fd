// The bar under the picture. It shows what the video element reports and asks; it never assumes that
// what was asked has happened. Guests see play and seek locked: the host moves the party.
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Screen } from './environment';
import { cssVariables } from './css-variables';
import { formatTime } from './format';
import { icons } from './icons';
import { strings } from './strings';
import { base } from './theme';

const watched = [
  'play',
  'pause',
  'timeupdate',
  'seeking',
  'seeked',
  'durationchange',
  'volumechange',
  'progress',
  'emptied',
  'ended',
] as const;

@customElement('owp-controls')
export class Controls extends LitElement {
  @property({ attribute: false }) screen!: Screen;
  /** The viewer is a guest of a room: play and seek are the host's. */
  @property({ type: Boolean }) locked = false;
  @property({ type: Boolean }) playing = false;
  @property({ type: Boolean }) isFullscreen = false;
  @property({ type: Boolean }) compact = false;
  @property({ attribute: false }) captions: string | null = null;
  @property({ type: Boolean }) hasCaptions = false;
  @property({ attribute: false }) onToggle!: () => void;
  @property({ attribute: false }) onSeek!: (seconds: number) => void;
  @property({ attribute: false }) onCaptions!: () => void;
  @property({ attribute: false }) onFullscreen!: () => void;
  @property({ attribute: false }) onStop: (() => void) | null = null;

  /** While the thumb is held: where it is. */
  @state() private scrubbing: number | null = null;

  private readonly refresh = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    for (const name of watched) this.screen.element.addEventListener(name, this.refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const name of watched) this.screen.element.removeEventListener(name, this.refresh);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locked') && this.locked) this.scrubbing = null;
  }

  protected override render(): TemplateResult {
    return html`
      <div class="bar" role="group" aria-label=${strings.player}>
        ${this.renderSeek()}
        <div class="row">
          ${this.renderToggle()} ${this.renderTime()}
          <span class="gap"></span>
          ${this.renderVolume()} ${this.renderCaptions()} ${this.renderFullscreen()}
          ${
            this.onStop === null
              ? nothing
              : html`<button class="icon" aria-label=${strings.stopVideo} @click=${this.onStop}>
                  ${icons.close}
                </button>`
          }
        </div>
      </div>
    `;
  }

  private renderToggle(): TemplateResult {
    const label = this.playing ? strings.pause : strings.play;
    return html`<button
        class="icon toggle"
        aria-label=${label}
        aria-disabled=${this.locked ? 'true' : 'false'}
        aria-describedby=${this.locked ? 'locked' : nothing}
        title=${this.locked ? strings.hostControls : strings.key(label, strings.spaceKey)}
        @click=${this.onToggle}
      >
        ${this.playing ? icons.pause : icons.play}
        ${this.locked ? html`<span class="lock">${icons.lock}</span>` : nothing}
      </button>
      ${this.locked ? html`<span id="locked" class="hidden">${strings.hostControls}</span>` : nothing}`;
  }

  private renderTime(): TemplateResult {
    const { element } = this.screen;
    return html`<span class="time">
      ${formatTime(this.scrubbing ?? element.currentTime)}
      <span class="of">/ ${formatTime(element.duration)}</span>
    </span>`;
  }

  private renderSeek(): TemplateResult {
    const { element } = this.screen;
    const duration = Number.isFinite(element.duration) ? element.duration : 0;
    const at = Math.min(this.scrubbing ?? element.currentTime, duration);
    const share = (seconds: number): string =>
      duration > 0 ? `${((100 * seconds) / duration).toFixed(3)}%` : '0%';
    return html`<input
      class="seek"
      type="range"
      min="0"
      step="any"
      aria-label=${strings.seek}
      aria-disabled=${this.locked ? 'true' : 'false'}
      aria-valuetext=${strings.timeOf(formatTime(at), formatTime(duration))}
      title=${this.locked ? strings.hostControls : nothing}
      ${cssVariables({ '--at': share(at), '--buffered': share(bufferedEnd(element)) })}
      .max=${String(duration)}
      .value=${String(at)}
      @keydown=${this.onSeekKey}
      @input=${(event: Event) => this.onScrub(event, false)}
      @change=${(event: Event) => this.onScrub(event, true)}
    />`;
  }

  private readonly onSeekKey = (event: KeyboardEvent): void => {
    // A slider with step "any" has its own idea of a step; ours is five seconds.
    const step = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.onSeek(this.screen.element.currentTime + step);
  };

  private onScrub(event: Event, done: boolean): void {
    const input = event.currentTarget as HTMLInputElement;
    const seconds = Number(input.value);
    if (this.locked) {
      input.value = String(this.screen.element.currentTime);
      if (done) this.onSeek(seconds);
      return;
    }
    this.scrubbing = done ? null : seconds;
    if (done) this.onSeek(seconds);
  }

  private renderVolume(): TemplateResult {
    const { element } = this.screen;
    const silent = element.muted || element.volume === 0;
    const label = silent ? strings.unmute : strings.mute;
    return html`<button
        class="icon"
        aria-label=${label}
        title=${strings.key(label, 'm')}
        @click=${() => (element.muted = !element.muted)}
      >
        ${silent ? icons.muted : icons.volume}
      </button>
      ${
        this.compact
          ? nothing
          : html`<input
              class="volume"
              type="range"
              min="0"
              max="1"
              step="0.01"
              aria-label=${strings.volume}
              ${cssVariables({ '--at': `${silent ? 0 : element.volume * 100}%` })}
              .value=${String(silent ? 0 : element.volume)}
              @input=${(event: Event) => {
                element.volume = Number((event.currentTarget as HTMLInputElement).value);
                element.muted = false;
              }}
            />`
      }`;
  }

  private renderCaptions(): TemplateResult | typeof nothing {
    if (!this.hasCaptions || this.compact) return nothing;
    const label = this.captions === null ? strings.captionsOff : strings.captionsOn(this.captions);
    return html`<button
      class="icon ${this.captions === null ? '' : 'on'}"
      aria-label=${label}
      title=${strings.key(label, 's')}
      @click=${this.onCaptions}
    >
      ${icons.captions}
    </button>`;
  }

  private renderFullscreen(): TemplateResult | typeof nothing {
    if (this.compact) return nothing;
    const label = this.isFullscreen ? strings.exitFullscreen : strings.fullscreen;
    return html`<button
      class="icon"
      aria-label=${label}
      title=${strings.key(label, 'f')}
      @click=${this.onFullscreen}
    >
      ${this.isFullscreen ? icons.shrink : icons.fullscreen}
    </button>`;
  }

  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
        color: #fff;
      }
      .bar {
        padding: var(--s5) var(--s3) var(--s2);
        background: linear-gradient(transparent, rgb(0 0 0 / 78%));
      }
      .row {
        display: flex;
        align-items: center;
        gap: var(--s1);
      }
      .gap {
        flex: 1;
      }
      button.icon {
        position: relative;
        background: transparent;
        color: #fff;
      }
      button.icon:hover {
        background: rgb(255 255 255 / 16%);
      }
      .toggle svg {
        width: 1.625rem;
        height: 1.625rem;
      }
      button[aria-disabled='true'] {
        cursor: not-allowed;
      }
      button[aria-disabled='true'] > svg {
        opacity: 0.7;
      }
      .lock {
        position: absolute;
        right: 0.35rem;
        bottom: 0.35rem;
      }
      .lock svg {
        width: 0.875rem;
        height: 0.875rem;
        stroke-width: 2.5;
      }
      .on svg {
        fill: rgb(255 255 255 / 28%);
      }
      .time {
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
        padding-left: var(--s1);
      }
      .of {
        opacity: 0.72;
      }
      input[type='range'] {
        appearance: none;
        display: block;
        height: 1.5rem;
        margin: 0;
        background: transparent;
        cursor: pointer;
        accent-color: #f2b45c;
        --track: rgb(255 255 255 / 26%);
      }
      .seek {
        width: calc(100% - 2 * var(--s2));
        margin: 0 var(--s2) !important;
      }
      .volume {
        width: 5rem;
        margin-right: var(--s2) !important;
        --buffered: 0%;
      }
      @container stage (max-width: 30rem) {
        .volume {
          display: none !important;
        }
      }
      @container stage (max-width: 16rem) {
        .of {
          display: none;
        }
      }
      input[aria-disabled='true'] {
        cursor: not-allowed;
      }
      ::-webkit-slider-runnable-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(
          to right,
          #f2b45c var(--at),
          rgb(255 255 255 / 45%) var(--at) max(var(--at), var(--buffered)),
          var(--track) 0
        );
      }
      ::-moz-range-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(
          to right,
          #f2b45c var(--at),
          rgb(255 255 255 / 45%) var(--at) max(var(--at), var(--buffered)),
          var(--track) 0
        );
      }
      ::-webkit-slider-thumb {
        appearance: none;
        width: 14px;
        height: 14px;
        margin-top: -5px;
        border-radius: 50%;
        background: #fff;
      }
      ::-moz-range-thumb {
        width: 14px;
        height: 14px;
        border: 0;
        border-radius: 50%;
        background: #fff;
      }
      input[aria-disabled='true']::-webkit-slider-thumb {
        width: 8px;
        height: 8px;
        margin-top: -2px;
      }
      input[aria-disabled='true']::-moz-range-thumb {
        width: 8px;
        height: 8px;
      }
      :focus-visible {
        outline-color: #ffc677;
      }
    `,
  ];
}

/** The end of what is loaded around the playing position, seconds. */
function bufferedEnd(element: HTMLVideoElement): number {
  const { buffered, currentTime } = element;
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= currentTime && currentTime <= buffered.end(i)) return buffered.end(i);
  return 0;
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-controls': Controls;
  }
}
