// The choice whether a party to be started is in everybody's list, or only for whom its host invites.
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { icons } from './icons';
import { strings } from './strings';
import { base } from './theme';

@customElement('owp-private-choice')
export class PrivateChoice extends LitElement {
  @property({ type: Boolean }) chosen = false;
  @property({ attribute: false }) choose!: (chosen: boolean) => void;

  protected override render(): TemplateResult {
    return html`<label>
      <input
        type="checkbox"
        .checked=${this.chosen}
        aria-describedby="hint"
        @change=${(event: Event) => this.choose((event.currentTarget as HTMLInputElement).checked)}
      />
      <span>
        <strong>${icons.lock}${strings.privateParty}</strong>
        <span id="hint" class="muted small">${strings.privateHint}</span>
      </span>
    </label>`;
  }

  static override readonly styles = [
    base,
    css`
      label {
        display: flex;
        gap: var(--s3);
        cursor: pointer;
      }
      input {
        flex: none;
        width: 1.25rem;
        height: 1.25rem;
        margin: 0.1rem 0 0;
        accent-color: var(--accent);
      }
      label > span {
        display: grid;
      }
      strong {
        display: flex;
        align-items: center;
        gap: var(--s1);
      }
      svg {
        width: 1rem;
        height: 1rem;
      }
      #hint {
        font-weight: 400;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-private-choice': PrivateChoice;
  }
}
