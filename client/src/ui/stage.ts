// The picture with what lies over it: controls, the wait for others, the click the browser wants. There
// is one stage for the page's whole life: a video that is moved in the document stops, and ours plays
// on in a corner when a room has closed.
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PartyCommands, RoomView } from '../session/party-state';
import './controls';
import type { Environment, Screen } from './environment';
import { joinNames } from './format';
import { icons } from './icons';
import type { Shortcut } from './shortcuts';
import { strings } from './strings';
import { base } from './theme';

/** The controls leave a playing picture alone after this long without a move. */
const controlsStayMs = 3_000;
/** How long the hint to a guest's locked control stays. */
const hintStaysMs = 4_000;

const watched = [
  'play',
  'pause',
  'ended',
  'waiting',
  'playing',
  'canplay',
  'seeked',
  'emptied',
] as const;

@customElement('owp-stage')
export class Stage extends LitElement {
  @property({ attribute: false }) screen!: Screen;
  @property({ attribute: false }) party!: PartyCommands;
  @property({ attribute: false }) room: RoomView | null = null;
  @property({ type: Boolean }) needsClick = false;
  @property({ attribute: false }) later!: Environment['later'];
  /** Small in a corner, in the lobby. */
  @property({ type: Boolean, reflect: true }) mini = false;

  @state() private awake = true;
  @state() private hint = false;
  @state() private isFullscreen = false;
  @state() private captions: TextTrack | null = null;
  private cancelSleep: (() => void) | null = null;
  private cancelHint: (() => void) | null = null;

  private readonly refresh = (): void => this.requestUpdate();
  private readonly onFullscreenChange = (): void => {
    this.isFullscreen = (this.shadowRoot?.fullscreenElement ?? null) !== null;
  };
  private unsubscribe: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const { element, video, failed } = this.screen;
    for (const name of watched) element.addEventListener(name, this.refresh);
    document.addEventListener('fullscreenchange', this.onFullscreenChange);
    this.unsubscribe = [
      video.subscribe(() => {
        this.captions = null;
        this.requestUpdate();
      }),
      failed.subscribe(this.refresh),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const name of watched) this.screen.element.removeEventListener(name, this.refresh);
    document.removeEventListener('fullscreenchange', this.onFullscreenChange);
    for (const stop of this.unsubscribe) stop();
    this.cancelSleep?.();
    this.cancelHint?.();
  }

  /** Does what a key asks for, if it is the stage's business. Returns whether it was. */
  perform(shortcut: Shortcut): boolean {
    const { element } = this.screen;
    this.wake();
    switch (shortcut.kind) {
      case 'toggle':
        this.toggle();
        return true;
      case 'seekBy':
        this.seek(element.currentTime + shortcut.seconds);
        return true;
      case 'volumeBy':
        element.volume = Math.min(1, Math.max(0, element.volume + shortcut.step));
        element.muted = false;
        return true;
      case 'mute':
        element.muted = !element.muted;
        return true;
      case 'fullscreen':
        this.toggleFullscreen();
        return true;
      case 'captions':
        this.nextCaptions();
        return true;
      case 'chat':
      case 'escape':
        return false;
    }
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('mini') && this.mini && this.isFullscreen) void document.exitFullscreen();
    if (changed.has('room') && !this.locked) this.hint = false;
  }

  private get locked(): boolean {
    return this.room !== null && !this.room.amHost;
  }

  /** What the element reports, never what was asked of it. */
  private get playing(): boolean {
    const { element } = this.screen;
    return !element.paused && !element.ended;
  }

  protected override render(): TemplateResult {
    const { screen, room } = this;
    const video = screen.video.value;
    const quiet = !this.awake && !screen.element.paused;
    return html`<div
      class="stage ${quiet ? 'quiet' : ''}"
      @pointermove=${this.wake}
      @pointerdown=${this.wake}
      @focusin=${this.wake}
    >
      <div class="picture" @click=${this.onPictureClick} @dblclick=${this.toggleFullscreen}>
        ${screen.element}
      </div>
      ${
        video === null
          ? this.renderMessage(strings.noVideoTitle, strings.noVideo)
          : screen.failed.value
            ? this.renderMessage(strings.videoFailedTitle, strings.videoFailed)
            : this.renderOverlays()
      }
      ${
        video === null || this.needsClick
          ? nothing
          : html`<owp-controls
              .screen=${screen}
              .locked=${this.locked}
              .playing=${this.playing}
              .isFullscreen=${this.isFullscreen}
              .compact=${this.mini}
              .captions=${this.captions?.label ?? null}
              .hasCaptions=${video.subtitles.length > 0}
              .onToggle=${() => this.toggle()}
              .onSeek=${(seconds: number) => this.seek(seconds)}
              .onCaptions=${() => this.nextCaptions()}
              .onFullscreen=${() => this.toggleFullscreen()}
              .onStop=${room === null ? () => this.screen.stop() : null}
            ></owp-controls>`
      }
    </div>`;
  }

  private renderMessage(title: string, text: string): TemplateResult {
    return html`<div class="message">
      ${icons.film}<strong>${title}</strong>
      <p>${text}</p>
    </div>`;
  }

  private renderOverlays(): TemplateResult {
    const { room } = this;
    const { element } = this.screen;
    const waiting = room !== null && room.waitingFor.length > 0;
    const stalled = !element.paused && element.readyState < element.HAVE_FUTURE_DATA;
    return html`
      <div class="top" role="status">
        ${
          waiting
            ? html`<span class="pill">
                <span class="spinner"></span>${strings.waitingFor(joinNames(room.waitingFor))}
              </span>`
            : nothing
        }
        ${
          this.hint && this.locked
            ? html`<span class="pill">${icons.lock}${strings.hostControls}</span>`
            : nothing
        }
      </div>
      ${
        stalled && !this.needsClick
          ? html`<div class="centre">
              <span class="spinner large" role="img" aria-label=${strings.buffering}></span>
            </div>`
          : nothing
      }
      ${
        this.needsClick
          ? html`<button class="join" @click=${() => this.party.joinIn()}>
              <span class="big">${icons.play}</span>
              <span class="title">${strings.joinInTitle}</span>
              <span class="cta">${strings.joinIn}</span>
              <span class="why">${strings.joinInHint}</span>
            </button>`
          : nothing
      }
    `;
  }

  private readonly wake = (): void => {
    this.awake = true;
    this.cancelSleep?.();
    this.cancelSleep = this.later(controlsStayMs, () => {
      this.awake = false;
    });
  };

  /** A finger's tap only brings the controls; it must not stop the picture for everybody. */
  private readonly onPictureClick = (event: PointerEvent): void => {
    if (!this.mini && event.pointerType !== 'touch') this.toggle();
  };

  private toggle(): void {
    if (this.refuse()) return;
    if (this.playing) this.screen.pause();
    else this.screen.play();
  }

  private seek(seconds: number): void {
    if (this.refuse()) return;
    const { duration } = this.screen.element;
    const end = Number.isFinite(duration) ? duration : seconds;
    this.screen.seek(Math.min(Math.max(0, seconds), end));
  }

  /** Guests are told why; true if there is nothing to be done. */
  private refuse(): boolean {
    if (this.screen.video.value === null) return true;
    if (!this.locked) return false;
    this.hint = true;
    this.cancelHint?.();
    this.cancelHint = this.later(hintStaysMs, () => {
      this.hint = false;
    });
    return true;
  }

  private readonly toggleFullscreen = (): void => {
    if (this.mini) return;
    if (this.isFullscreen) void document.exitFullscreen();
    // Refused (an embedding page, a phone without it): the picture stays as large as it was.
    else
      this.renderRoot
        .querySelector('.stage')
        ?.requestFullscreen()
        .catch(() => undefined);
  };

  /** Off, then each track in turn. */
  private nextCaptions(): void {
    const tracks = Array.from(this.screen.element.textTracks).filter(
      (track) => track.kind === 'subtitles',
    );
    const next = tracks[this.captions === null ? 0 : tracks.indexOf(this.captions) + 1] ?? null;
    for (const track of tracks) track.mode = track === next ? 'showing' : 'disabled';
    this.captions = next;
  }

  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .stage {
        position: relative;
        container: stage / inline-size;
        overflow: hidden;
        aspect-ratio: 16 / 9;
        width: 100%;
        background: #000;
        color: #fff;
        border-radius: var(--radius);
        box-shadow: var(--shadow);
      }
      .stage:fullscreen {
        border-radius: 0;
      }
      :host([mini]) .stage {
        border: 1px solid var(--line);
      }
      .stage.quiet {
        cursor: none;
      }
      .picture,
      video {
        width: 100%;
        height: 100%;
      }
      video {
        display: block;
        object-fit: contain;
      }
      owp-controls {
        position: absolute;
        inset: auto 0 0;
        transition: opacity 260ms ease-out;
      }
      .quiet owp-controls:not(:focus-within) {
        opacity: 0;
      }
      .message,
      .centre {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: var(--s2);
        padding: var(--s5);
        text-align: center;
        pointer-events: none;
      }
      .message {
        background: #101116;
      }
      .message svg {
        width: 2.5rem;
        height: 2.5rem;
        stroke-width: 1.25;
        color: #f2b45c;
      }
      .message p {
        font-size: var(--text-s);
        color: #b5b4ba;
      }
      .top {
        position: absolute;
        inset: var(--s4) var(--s4) auto;
        display: grid;
        justify-items: center;
        gap: var(--s2);
        pointer-events: none;
      }
      .pill {
        display: inline-flex;
        align-items: center;
        gap: var(--s2);
        max-width: 100%;
        padding: var(--s2) var(--s4);
        border-radius: 1.25rem;
        background: rgb(12 13 18 / 86%);
        font-size: var(--text-s);
        overflow-wrap: anywhere;
      }
      .spinner {
        flex: none;
        width: 1rem;
        height: 1rem;
        border: 2px solid #f2b45c;
        border-right-color: transparent;
        border-radius: 50%;
        animation: turn 900ms linear infinite;
      }
      .spinner.large {
        width: 3rem;
        height: 3rem;
        border-width: 3px;
      }
      .join {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: var(--s2);
        height: 100%;
        width: 100%;
        padding: var(--s4);
        border-radius: inherit;
        background: rgb(8 9 12 / 86%);
        color: #fff;
        white-space: normal;
      }
      .join:hover {
        background: rgb(8 9 12 / 80%);
      }
      .join:focus-visible {
        outline-offset: -4px;
      }
      .big {
        display: grid;
        place-items: center;
        width: 4.5rem;
        height: 4.5rem;
        border-radius: 50%;
        background: #f2b45c;
        color: #231603;
      }
      .big svg {
        width: 2rem;
        height: 2rem;
      }
      .join .title {
        font: 400 var(--text-xl) / 1.2 var(--serif);
        margin-top: var(--s2);
      }
      .join .cta {
        font-weight: 620;
        font-size: var(--text-m);
      }
      .join .why {
        color: #c9c8cd;
        font-weight: 400;
      }
      @container stage (max-width: 26rem) {
        .join .why,
        .join .title {
          display: none;
        }
      }
      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .spinner {
          border-right-color: #f2b45c;
          opacity: 0.8;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-stage': Stage;
  }
}
