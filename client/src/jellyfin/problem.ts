// What stands in the way, in a sentence for the one who can do something about it.
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { icons } from '../ui/icons';
import { base } from '../ui/theme';
import type { Problem } from './session';
import { strings } from './strings';

/** What another try can mend. The rest is somebody's decision. */
const worthATry: ReadonlySet<Problem> = new Set(['sync-play', 'not-playable', 'press-play']);

@customElement('owp-jellyfin-problem')
export class ProblemCard extends LitElement {
  @property({ attribute: false }) problem!: Problem;
  @property({ attribute: false }) retry!: () => void;

  protected override render(): TemplateResult {
    const { problem } = this;
    const { title, text } = strings.problems[problem];
    return html`<div class="problem" role="alert">
      ${icons.warning}
      <div class="words">
        <strong>${title}</strong>
        <p>${text}</p>
        ${
          worthATry.has(problem)
            ? html`<button @click=${() => this.retry()}>${strings.tryAgain}</button>`
            : nothing
        }
      </div>
    </div>`;
  }

  static override readonly styles = [
    base,
    css`
      .problem {
        display: flex;
        gap: var(--s3);
        padding: var(--s3) var(--s4);
        border-radius: var(--radius);
        background: var(--bad-soft);
        font-size: var(--text-s);
      }
      .problem > svg {
        color: var(--bad);
      }
      .words {
        display: grid;
        gap: var(--s1);
        justify-items: start;
        min-width: 0;
      }
      button {
        margin-top: var(--s2);
        min-height: 2.25rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-jellyfin-problem': ProblemCard;
  }
}
