// Who is in the room: name, host mark, how their player fares.
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Member } from '../session/party-state';
import { cssVariables } from './css-variables';
import { formatOffset, hueOf, initials, spokenOffset } from './format';
import { icons } from './icons';
import { strings } from './strings';
import { base } from './theme';

@customElement('owp-people')
export class People extends LitElement {
  @property({ attribute: false }) members: readonly Member[] = [];

  protected override render(): TemplateResult {
    return html`
      <h2 id="people">${strings.peopleTitle} <span class="count">${this.members.length}</span></h2>
      <ul aria-labelledby="people" tabindex="0">
        ${this.members.map(renderMember)}
      </ul>
    `;
  }

  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
      }
      h2 {
        display: flex;
        align-items: baseline;
        gap: var(--s2);
        font-size: var(--text-l);
        margin-bottom: var(--s2);
      }
      .count {
        font-family: var(--sans);
        font-size: var(--text-xs);
        color: var(--muted);
      }
      ul {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        max-height: var(--people-height, 15.5rem);
        overflow-y: auto;
        margin: 0 calc(-1 * var(--s2));
        border-radius: var(--radius-s);
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--s3);
        padding: var(--s2);
        border-radius: var(--radius-s);
      }
      li.away {
        color: var(--muted);
      }
      li.away .avatar {
        filter: saturate(0.2);
        opacity: 0.7;
      }
      .avatar {
        position: relative;
        display: flex;
        align-items: center;
        justify-content: center;
        flex: none;
        width: 2.125rem;
        height: 2.125rem;
        border-radius: 50%;
        color: #fff;
        background: hsl(var(--hue) 32% 36%);
        font-size: var(--text-xs);
        font-weight: 600;
        letter-spacing: 0.02em;
      }
      .avatar .dot {
        position: absolute;
        right: -1px;
        bottom: -1px;
        width: 0.75rem;
        height: 0.75rem;
        border: 2px solid var(--surface);
      }
      .who {
        flex: 1;
        min-width: 0;
        font-size: var(--text-s);
        line-height: 1.3;
      }
      .name {
        display: flex;
        align-items: center;
        gap: var(--s2);
        font-weight: 550;
      }
      .host {
        display: inline-flex;
        align-items: center;
        gap: 0.2rem;
        flex: none;
        color: var(--accent);
        font-size: var(--text-xs);
      }
      .host svg {
        width: 0.875rem;
        height: 0.875rem;
      }
      .state {
        font-size: var(--text-xs);
        color: var(--muted);
      }
      .offset {
        flex: none;
        font-size: var(--text-xs);
        font-variant-numeric: tabular-nums;
        color: var(--muted);
      }
    `,
  ];
}

const tones = { ready: '', playing: 'good', buffering: 'busy', away: '' } as const;

function renderMember(member: Member): TemplateResult {
  const { offsetMs, delayMs } = member;
  const hint = delayMs === null ? nothing : strings.memberDelay(Math.round(delayMs));
  return html`<li class=${member.status} title=${hint}>
    <span
      class="avatar"
      aria-hidden="true"
      ${cssVariables({ '--hue': String(hueOf(member.name)) })}
    >
      ${initials(member.name)}<span class="dot ${tones[member.status]}"></span>
    </span>
    <span class="who">
      <span class="name">
        <span class="ellipsis">${member.name}</span>
        ${member.isMe ? html`<span class="muted">(${strings.you})</span>` : nothing}
        ${member.isHost ? html`<span class="host">${icons.crown}${strings.host}</span>` : nothing}
      </span>
      <span class="state">${strings.status[member.status]}</span>
    </span>
    ${
      offsetMs === null || member.status !== 'playing'
        ? nothing
        : html`<span class="offset">
            <span aria-hidden="true">${formatOffset(offsetMs)}</span>
            <span class="hidden">${strings.memberOffset(spokenOffset(offsetMs))}</span>
          </span>`
    }
  </li>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-people': People;
  }
}
