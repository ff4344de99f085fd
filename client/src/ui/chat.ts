// The chat. What others write is only ever text: it reaches the page through text bindings.
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatLine } from '../session/party-state';
import { codePoints } from './format';
import { icons } from './icons';
import { strings } from './strings';
import { base } from './theme';

/** Characters (code points) that the wire allows in one message. */
export const maxChatLength = 500;
/** Nearer than this to the end counts as reading along, in pixels: about one line. */
const nearEndPx = 24;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

@customElement('owp-chat')
export class Chat extends LitElement {
  @property({ attribute: false }) lines: readonly ChatLine[] = [];
  @property({ attribute: false }) send!: (text: string) => void;

  @state() private draft = '';
  @state() private missed = false;
  @query('.log') private log!: HTMLElement;
  @query('input') private field!: HTMLInputElement;

  override focus(): void {
    this.field.focus();
  }

  private readingAlong = true;
  /** A window that gets lower (a phone's keyboard) must not hide the newest line. */
  private readonly resizes = new ResizeObserver(() => {
    if (this.readingAlong) this.scrollToEnd();
  });

  protected override firstUpdated(): void {
    this.resizes.observe(this.log);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('lines') || !this.hasUpdated) return;
    const mine = this.lines.at(-1)?.mine === true;
    this.readingAlong = mine || this.isAtEnd();
    if (!this.readingAlong) this.missed = true;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('lines') && this.readingAlong) this.scrollToEnd();
  }

  protected override render(): TemplateResult {
    const over = codePoints(this.draft.trim()) - maxChatLength;
    return html`
      <h2 id="chat">${strings.chatTitle}</h2>
      <div
        class="log"
        role="log"
        aria-labelledby="chat"
        tabindex="0"
        @scroll=${() => {
          this.readingAlong = this.isAtEnd();
          if (this.readingAlong) this.missed = false;
        }}
      >
        ${
          this.lines.length === 0
            ? html`<p class="nothing muted small">${strings.chatEmpty}</p>`
            : html`<ol>
                ${repeat(
                  this.lines,
                  (line) => line.id,
                  (line, index) => renderLine(line, this.lines[index - 1]),
                )}
              </ol>`
        }
      </div>
      ${
        this.missed
          ? html`<button class="newer" @click=${() => this.scrollToEnd()}>
              ${strings.newMessages}
            </button>`
          : nothing
      }
      <form @submit=${this.onSubmit}>
        <label for="message" class="hidden">${strings.chatField}</label>
        <input
          id="message"
          type="text"
          autocomplete="off"
          enterkeyhint="send"
          placeholder=${strings.chatPlaceholder}
          aria-invalid=${over > 0 ? 'true' : 'false'}
          aria-describedby="over"
          .value=${this.draft}
          @input=${(event: Event) => (this.draft = (event.target as HTMLInputElement).value)}
        />
        <button
          class="icon primary"
          aria-label=${strings.chatSend}
          ?disabled=${over > 0 || this.draft.trim() === ''}
        >
          ${icons.send}
        </button>
      </form>
      <p id="over" class="over" role="status">${over > 0 ? strings.chatTooLong(over) : nothing}</p>
    `;
  }

  private readonly onSubmit = (event: Event): void => {
    event.preventDefault();
    const text = this.draft.trim();
    if (text === '' || codePoints(text) > maxChatLength) return;
    this.send(text);
    this.draft = '';
  };

  private isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < nearEndPx;
  }

  private scrollToEnd(): void {
    this.log.scrollTop = this.log.scrollHeight;
    this.missed = false;
  }

  static override readonly styles = [
    base,
    css`
      :host {
        position: relative;
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      h2 {
        font-size: var(--text-l);
        margin-bottom: var(--s2);
      }
      .log {
        flex: 1;
        min-height: 6rem;
        overflow-y: auto;
        overscroll-behavior: contain;
        margin: 0 calc(-1 * var(--s2));
        padding: 0 var(--s2) var(--s3);
        border-radius: var(--radius-s);
      }
      .nothing {
        padding: var(--s4) 0;
      }
      ol {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.15rem;
      }
      li {
        font-size: var(--text-s);
        overflow-wrap: anywhere;
      }
      .text {
        white-space: pre-wrap;
      }
      .from {
        display: flex;
        align-items: baseline;
        gap: var(--s2);
        margin-top: var(--s3);
        white-space: nowrap;
      }
      .from strong {
        font-weight: 620;
      }
      .mine .from strong {
        color: var(--accent);
      }
      time {
        flex: none;
        font-size: var(--text-xs);
        color: var(--muted);
      }
      .newer {
        position: absolute;
        left: 50%;
        bottom: 4.25rem;
        min-height: 2rem;
        transform: translateX(-50%);
        background: var(--accent);
        color: var(--on-accent);
        font-size: var(--text-xs);
      }
      form {
        display: flex;
        gap: var(--s2);
      }
      form input[type='text'] {
        border-radius: 999px;
      }
      .over {
        color: var(--bad);
        font-size: var(--text-xs);
        padding-left: var(--s4);
      }
    `,
  ];
}

/** Lines of one person shortly after each other stand under one name. */
const sameBreathMs = 120_000;

function renderLine(line: ChatLine, before: ChatLine | undefined): TemplateResult {
  const goesOn =
    before?.clientId === line.clientId &&
    before.userName === line.userName &&
    line.atMs - before.atMs < sameBreathMs;
  const from = goesOn
    ? nothing
    : html`<span class="from">
        <strong class="ellipsis">${line.userName}</strong>
        <time>${clock.format(line.atMs)}</time>
      </span>`;
  return html`<li class=${line.mine ? 'mine' : ''}>
    ${from}
    <span class="text">${line.text}</span>
  </li>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-chat': Chat;
  }
}
