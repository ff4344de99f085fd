// The parties on Jellyfin's home page: cards in the page itself, so that its layout and its way of
// moving the focus on a TV hold for them.
import { html, nothing, render, type TemplateResult } from 'lit';
import type { RoomEntry } from '../session/party-state';
import { mark } from '../ui/icons';
import { strings as shared } from '../ui/strings';
import type { JellyfinSession } from './session';
import { strings } from './strings';

/** Draws the section; without parties it takes no room. */
export function drawHome(section: HTMLElement, session: JellyfinSession): void {
  const { rooms, room } = session.party.state;
  // In a room the list is not kept up to date; its panel is what one wants then.
  const shown = room === null ? rooms : [];
  section.hidden = shown.length === 0;
  render(shown.length === 0 ? nothing : renderSection(shown, session), section);
}

function renderSection(rooms: readonly RoomEntry[], session: JellyfinSession): TemplateResult {
  return html`
    <div class="sectionTitleContainer sectionTitleContainer-cards padded-left">
      <h2 class="sectionTitle sectionTitle-cards">${strings.parties}</h2>
    </div>
    <ul class="owp-cards padded-left padded-right focuscontainer-x">
      ${rooms.map((room) => renderCard(room, session))}
    </ul>
  `;
}

function renderCard(room: RoomEntry, session: JellyfinSession): TemplateResult {
  const title = room.mediaId === null ? null : session.title(room.mediaId);
  const name = titleOf(room.mediaId, session);
  const host = room.hostName || room.name;
  return html`<li>
    <button
      type="button"
      class="owp-card"
      aria-label=${strings.joinPartyOf(host, name)}
      @click=${() => session.join(room.id)}
    >
      <span class="owp-picture">
        ${title?.imageUrl ? html`<img src=${title.imageUrl} alt="" loading="lazy" />` : mark}
        <span class="owp-state ${room.playing ? 'owp-on' : ''}">
          ${room.playing ? strings.playing : strings.paused}
        </span>
      </span>
      <span class="owp-lines">
        <span class="owp-words">
          <span class="owp-name">${name}</span>
          <span class="owp-facts">${strings.partyOf(host)} · ${shared.people(room.count)}</span>
        </span>
        <span class="owp-join" aria-hidden="true">${strings.joinShort}</span>
      </span>
    </button>
  </li>`;
}

/** What to call a title, also before its name is known. */
export function titleOf(mediaId: string | null, session: JellyfinSession): string {
  if (mediaId === null) return strings.noTitle;
  return session.title(mediaId)?.name ?? strings.unknownTitle;
}
