// Where one is before a party: one's name, the videos to start one with, the rooms to step into.
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PartyCommands, PartyState, RoomEntry } from '../session/party-state';
import { cssVariables } from './css-variables';
import { hueOf } from './format';
import { icons } from './icons';
import { findVideo, type Library, type Video } from './library';
import './name-field';
import './private-choice';
import { strings } from './strings';
import { base } from './theme';

@customElement('owp-lobby')
export class Lobby extends LitElement {
  @property({ attribute: false }) party!: PartyCommands;
  @property({ attribute: false }) state!: PartyState;
  @property({ attribute: false }) library!: Library;
  @property({ attribute: false }) reloadLibrary!: () => void;

  /** The next party is to be in nobody's list. */
  @state() private isPrivate = false;
  /** The button last pressed, until the room is there or a notice says why not. */
  @state() private busy = '';
  private noticeWhenPressed = 0;

  protected override willUpdate(): void {
    const lastNotice = this.state.notices.at(-1)?.id ?? 0;
    if (lastNotice > this.noticeWhenPressed || this.state.connection.kind !== 'online')
      this.busy = '';
  }

  protected override render(): TemplateResult {
    return html`
      <div class="hero">
        <h1 tabindex="-1">${strings.tagline}</h1>
        <p class="muted">${strings.intro}</p>
        <owp-name-field
          .name=${this.state.userName}
          .rename=${(name: string) => this.party.setUserName(name)}
        ></owp-name-field>
      </div>
      <div class="columns">
        <section aria-labelledby="rooms">
          <header>
            <h2 id="rooms">${strings.roomsTitle}</h2>
          </header>
          ${this.renderRooms()}
        </section>
        <section aria-labelledby="start">
          <header>
            <h2 id="start">${strings.startTitle}</h2>
            <p class="muted small">${strings.startHint}</p>
          </header>
          <owp-private-choice
            .chosen=${this.isPrivate}
            .choose=${(chosen: boolean) => (this.isPrivate = chosen)}
          ></owp-private-choice>
          ${this.renderLibrary()}
        </section>
      </div>
    `;
  }

  private renderRooms(): TemplateResult {
    const { rooms, connection } = this.state;
    if (rooms.length > 0)
      return html`<ul class="rooms">
        ${rooms.map((room) => this.renderRoom(room))}
      </ul>`;
    if (connection.kind === 'connecting')
      return html`<div class="empty"><p>${strings.roomsWaiting}</p></div>`;
    return html`<div class="empty">
      ${icons.sofa}<strong>${strings.roomsEmptyTitle}</strong>
      <p>${strings.roomsEmpty}</p>
    </div>`;
  }

  private renderRoom(room: RoomEntry): TemplateResult {
    const title = findVideo(this.library, room.mediaId)?.title ?? strings.unknownVideo;
    const name = strings.roomOf(room.hostName || room.name);
    return html`<li class="room card">
      <div
        class="poster small-poster"
        ${cssVariables({ '--hue': String(hueOf(room.mediaId ?? room.id)) })}
      >
        ${room.playing ? icons.play : icons.pause}
      </div>
      <div class="words">
        <h3 class="ellipsis">${name}</h3>
        <p class="ellipsis">${title}</p>
        <p class="muted facts">
          <span class="dot ${room.playing ? 'good' : ''}"></span>
          ${room.playing ? strings.roomPlaying : strings.roomPaused} · ${strings.people(room.count)}
        </p>
      </div>
      <button
        class="primary"
        aria-label=${strings.joinRoomOf(name)}
        ?disabled=${this.isBlocked(room.id)}
        @click=${() => this.press(room.id, () => this.party.joinRoom(room.id))}
      >
        ${this.busy === room.id ? strings.joining : strings.join}
      </button>
    </li>`;
  }

  private renderLibrary(): TemplateResult {
    const { library } = this;
    if (library.kind === 'loading')
      return html`<div class="empty" role="status"><p>${strings.libraryLoading}</p></div>`;
    if (library.kind === 'failed')
      return html`<div class="empty" role="alert">
        ${icons.warning}<strong>${strings.libraryFailedTitle}</strong>
        <p>${strings.libraryFailed}</p>
        <button @click=${() => this.reloadLibrary()}>${strings.tryAgain}</button>
      </div>`;
    if (library.videos.length === 0)
      return html`<div class="empty">
        ${icons.film}<strong>${strings.libraryEmptyTitle}</strong>
        <p>${strings.libraryEmpty}</p>
      </div>`;
    return html`<ul class="videos">
      ${library.videos.map((video) => this.renderVideo(video))}
    </ul>`;
  }

  private renderVideo(video: Video): TemplateResult {
    const badge = (text: string): TemplateResult => html`<span class="badge">${text}</span>`;
    return html`<li>
      <button
        class="video"
        aria-label=${strings.startFor(video.title)}
        ?disabled=${this.isBlocked(video.id)}
        @click=${() =>
          this.press(video.id, () => this.party.createRoom(video.id, 0, this.isPrivate))}
      >
        <span class="poster" ${cssVariables({ '--hue': String(hueOf(video.id)) })}>
          <span class="go">${icons.play}</span>
          <span class="badges">
            ${video.hlsUrl === null ? nothing : badge(strings.hlsAvailable)}
            ${video.subtitles.length > 0 ? badge(strings.captionsAvailable) : nothing}
          </span>
        </span>
        <span class="title">${video.title}</span>
      </button>
    </li>`;
  }

  private isBlocked(id: string): boolean {
    return this.state.connection.kind !== 'online' || (this.busy !== '' && this.busy !== id);
  }

  private press(id: string, act: () => void): void {
    if (this.busy === id) return;
    this.noticeWhenPressed = this.state.notices.at(-1)?.id ?? 0;
    this.busy = id;
    act();
  }

  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
        width: min(100%, 72rem);
        margin: 0 auto;
        padding: var(--s6) var(--s4) var(--s8);
      }
      .hero {
        display: grid;
        gap: var(--s4);
        justify-items: center;
        text-align: center;
        padding: var(--s6) 0 var(--s8);
      }
      h1 {
        font-size: var(--text-display);
      }
      .hero p {
        max-width: 34rem;
        font-size: var(--text-l);
        text-wrap: balance;
      }
      owp-name-field {
        margin-top: var(--s2);
      }
      .columns {
        display: grid;
        gap: var(--s7) var(--s6);
        align-items: start;
      }
      @media (min-width: 56rem) {
        .columns {
          grid-template-columns: minmax(20rem, 5fr) 7fr;
        }
      }
      section {
        min-width: 0;
      }
      section > header {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0 var(--s4);
        margin-bottom: var(--s4);
      }
      owp-private-choice {
        display: block;
        margin-bottom: var(--s4);
      }
      .rooms {
        display: grid;
        gap: var(--s3);
      }
      .room {
        display: flex;
        align-items: center;
        gap: var(--s4);
        padding: var(--s3);
        padding-right: var(--s4);
      }
      .words {
        flex: 1;
        min-width: 0;
      }
      h3 {
        font-size: var(--text-m);
        font-weight: 600;
      }
      .words p {
        font-size: var(--text-s);
      }
      .facts {
        display: flex;
        align-items: center;
        gap: var(--s2);
      }
      .poster {
        position: relative;
        display: grid;
        place-items: center;
        aspect-ratio: 16 / 9;
        width: 100%;
        border-radius: var(--radius);
        overflow: hidden;
        color: #fff;
        background:
          radial-gradient(120% 130% at 85% 10%, hsl(var(--hue) 55% 62% / 75%), transparent 55%),
          radial-gradient(
            110% 120% at 10% 100%,
            hsl(calc(var(--hue) + 45) 50% 24%),
            transparent 60%
          ),
          hsl(calc(var(--hue) + 20) 38% var(--poster-light));
      }
      .small-poster {
        width: 3.5rem;
        aspect-ratio: 1;
        flex: none;
        border-radius: var(--radius-s);
      }
      .videos {
        display: grid;
        gap: var(--s5) var(--s4);
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr));
      }
      .video {
        display: grid;
        gap: var(--s3);
        width: 100%;
        padding: 0;
        background: none;
        border-radius: var(--radius);
        /* A button centres what it holds; a poster fills its column. */
        justify-content: stretch;
        text-align: left;
        white-space: normal;
      }
      .video:hover {
        background: none;
      }
      .video .title {
        font-size: var(--text-m);
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .go {
        display: grid;
        place-items: center;
        width: 3.25rem;
        height: 3.25rem;
        border-radius: 50%;
        background: rgb(10 10 14 / 45%);
        transition:
          transform var(--quick),
          background var(--quick);
      }
      .video:hover .go {
        transform: scale(1.08);
        background: rgb(10 10 14 / 70%);
      }
      .badges {
        position: absolute;
        left: var(--s3);
        bottom: var(--s3);
        display: flex;
        gap: var(--s1);
      }
      .badge {
        padding: 0.1rem var(--s2);
        border-radius: 999px;
        background: rgb(10 10 14 / 72%);
        font-size: var(--text-xs);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'owp-lobby': Lobby;
  }
}
