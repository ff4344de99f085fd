// One's own name, to be changed at any time.
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { strings } from './strings';
import { base } from './theme';

/** As long as the wire allows a name to be. */
export const maxNameLength = 100;

@customElement('owp-name-field')
export class NameField extends LitElement {
  @property() name = '';
  @property({ attribute: false }) rename!: (name: string) => void;

  protected override render(): TemplateResult {
    return html`
      <label for="name">${strings.yourName}</label>
      <input
        id="name"
        type="text"
        autocomplete="nickname"
        spellcheck="false"
        maxlength=${maxNameLength}
        aria-describedby="hint"
        .value=${this.name}
        @change=${this.onChange}
      />
      <span id="hint" class="hidden">${strings.yourNameHint}</span>
    `;
  }

  private readonly onChange = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const name = input.value.trim();
    if (name === '') input.value = this.name;
    else this.rename(name);
  };

  static override readonly styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--s3);
        width: min(100%, 22rem);
        padding: var(--s1) var(--s1) var(--s1) var(--s4);
        border: 1px solid var(--line);
        border-radius: 999px;
        background: var(--surface);
      }
      :host(:focus-within) {
        border-color: var(--accent);
        outline: 1px solid var(--accent);
      }
      label {
        flex: none;
        color: var(--muted);
        font-weight: 450;
      }
      input[type='text'] {
        border-color: transparent;
        border-radius: 999px;
        background: transparent;
        font-weight: 600;
        padding: 0 var(--s3);
        text-overflow: ellipsis;
        /* The pill around label and field shows the focus. */
        outline: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-name-field': NameField;
  }
}
