// A party inside Jellyfin, for as long as one user is signed in to one server: joins what the engine
// knows of the room with what Jellyfin plays. The room leads: who is in a party has its title in the
// player, at its place; who stops the player steps back, and stays in the room until they leave it.
import type { Choices, JellyfinSession, Problem, Title } from '../jellyfin/session';
import { JellyfinPlayer, TICKS_PER_SECOND } from '../player/jellyfin';
import type { PartyEngine } from '../session/deps';
import type { PartyState } from '../session/party-state';
import {
  imageOf,
  isItemId,
  isWatchable,
  NeedsHand,
  titleOf,
  type JellyfinPlayback,
} from './jellyfin-playback';
import type { ApiClient, BaseItem } from './jellyfin-web';

export interface SessionDeps {
  readonly party: PartyEngine;
  readonly playback: JellyfinPlayback;
  /** That playback is the one of the page, not the manager's. */
  readonly limited: boolean;
  readonly api: ApiClient;
  readonly nowMs: () => number;
  /** Calls `run` once after `delayMs`; returns what cancels it. */
  readonly later: (delayMs: number, run: () => void) => () => void;
  /** Jellyfin's video element, while there is one. */
  readonly video: () => HTMLVideoElement | null;
  /** An address of Jellyfin's page that leads into the room; a private one is opened by its ticket. */
  readonly inviteUrl: (roomId: string, ticket: string | null) => string;
}

/** A start that has not come about by then does not come any more. */
const OPEN_WITHIN_MS = 30_000;

export class PartyInJellyfin implements JellyfinSession {
  readonly party: PartyEngine;
  private currentProblem: Problem | null = null;
  private readonly titles = new Map<string, Title | null>();
  private readonly listeners = new Set<() => void>();
  private readonly undo: (() => void)[];
  /** What we asked Jellyfin to play and does not play yet. */
  private opening: string | null = null;
  private cancelOpening: () => void = () => undefined;
  /** A party is to be started with this item once it plays. */
  private startWith: string | null = null;
  private startPrivate = false;
  /** The title of the room that was in the player; it is not brought back by itself. */
  private shown: string | null = null;
  /** The title that the room was asked to go to. */
  private movingTo: string | null = null;
  private attached: HTMLVideoElement | null = null;

  constructor(private readonly deps: SessionDeps) {
    this.party = deps.party;
    this.undo = [
      deps.party.subscribe((state) => this.follow(state)),
      deps.playback.watch(() => this.follow(this.party.state)),
    ];
  }

  get problem(): Problem | null {
    return this.currentProblem;
  }

  get limited(): boolean {
    return this.deps.limited;
  }

  get playingId(): string | null {
    return this.deps.playback.itemId;
  }

  title(itemId: string): Title | null {
    const known = this.titles.get(itemId);
    if (known !== undefined) return known;
    this.titles.set(itemId, null);
    const { api } = this.deps;
    api.getItem(api.getCurrentUserId() ?? '', itemId).then(
      (item) => {
        const imageUrl = imageOf(item, api.serverAddress());
        this.titles.set(itemId, { name: titleOf(item), imageUrl, watchable: isWatchable(item) });
        this.tell();
      },
      () => undefined, // it stays unknown: the user may not see it, or it is gone
    );
    return null;
  }

  watchTogether(itemId: string, choices: Choices = {}, isPrivate = false): void {
    if (this.standsAside()) return;
    this.startWith = itemId;
    this.startPrivate = isPrivate;
    if (this.deps.playback.plays(itemId)) this.follow(this.party.state);
    else this.open(itemId, 0, choices);
  }

  join(roomId: string, ticket: string | null = null): void {
    if (this.standsAside()) return;
    const { room } = this.party.state;
    this.shown = null;
    if (room?.id === roomId) this.follow(this.party.state);
    else this.party.joinRoom(roomId, ticket);
  }

  inviteUrl(roomId: string, ticket: string | null): string {
    return this.deps.inviteUrl(roomId, ticket);
  }

  retry(): void {
    this.setProblem(null);
    this.shown = null;
    this.party.reconnectNow();
    this.follow(this.party.state);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Leaves Jellyfin as if there had been no party. */
  end(): void {
    for (const undo of this.undo) undo();
    this.cancelOpening();
    this.listeners.clear();
    this.party.dispose();
  }

  // ---- room and player -------------------------------------------------------------------------

  private follow(state: PartyState): void {
    const { playback } = this.deps;
    this.takeRefusal(state);
    if (this.opening !== null && playback.plays(this.opening)) this.opened();
    if (playback.syncPlay && (state.room !== null || this.startWith !== null)) this.standsAside();
    else if (this.startWith !== null && playback.plays(this.startWith)) this.startParty();
    else this.followRoom(state);
    this.tell();
  }

  /** Whom the server keeps out reads so in the panel, for longer than a passing notice stays. */
  private takeRefusal({ room, notices }: PartyState): void {
    const refusal = notices.find(({ code }) => code === 'MEDIA_FORBIDDEN');
    if (room !== null || !refusal) return;
    this.setProblem('not-allowed');
    this.party.dismissNotice(refusal.id);
  }

  private startParty(): void {
    // The version that plays, so that the others get the same: two versions can differ in length
    const { itemId } = this.deps.playback;
    const video = this.deps.video();
    this.startWith = null;
    if (itemId === null) return;
    const { room } = this.party.state;
    const seconds = video ? this.playerOf(video).read().positionSeconds : 0;
    this.shown = itemId;
    if (room?.amHost !== true) this.party.createRoom(itemId, seconds, this.startPrivate);
    else if (room.mediaId !== itemId) this.moveTo(itemId, seconds);
    this.setProblem(null);
  }

  private followRoom({ room }: PartyState): void {
    const { playback } = this.deps;
    if (room === null) {
      this.shown = null;
      this.movingTo = null;
      this.attach(null);
      return;
    }
    const { mediaId } = room;
    if (mediaId !== null && playback.plays(mediaId)) {
      this.shown = mediaId;
      this.movingTo = null;
      this.setProblem(null);
      this.attach(this.deps.video());
      return;
    }
    this.attach(null);
    const { itemId } = playback;
    if (this.opening !== null || (itemId !== null && itemId === this.movingTo)) return;
    if (room.amHost && this.shown === mediaId && itemId !== null) return this.moveTo(itemId, 0);
    if (mediaId === null || this.shown === mediaId) return;
    this.open(mediaId, this.party.debug.targetSeconds ?? 0);
  }

  /** The host's player went on, to the next episode or what they chose: so does the room. */
  private moveTo(itemId: string, seconds: number): void {
    this.movingTo = itemId;
    this.shown = itemId;
    this.party.setMedia(itemId, seconds);
  }

  private attach(video: HTMLVideoElement | null): void {
    if (video === this.attached) return;
    this.attached = video;
    this.party.setPlayer(video && this.playerOf(video));
  }

  private playerOf(video: HTMLVideoElement): JellyfinPlayer {
    const { nowMs, playback } = this.deps;
    return new JellyfinPlayer(video, {
      nowMs,
      seekTicks: (ticks) => playback.seekTicks(ticks),
      lengthSeconds: () => playback.lengthSeconds,
    });
  }

  // ---- opening a title -------------------------------------------------------------------------

  private open(itemId: string, seconds: number, choices: Choices = {}): void {
    const { api, playback, later } = this.deps;
    this.cancelOpening();
    this.opening = itemId;
    this.shown = itemId;
    this.cancelOpening = later(OPEN_WITHIN_MS, () => this.notOpened('not-playable'));
    api
      .getItem(api.getCurrentUserId() ?? '', itemId)
      .catch(() => Promise.reject(new NotVisible()))
      .then((item) =>
        playback.play(item, Math.round(Math.max(0, seconds) * TICKS_PER_SECOND), {
          ...versionOf(item),
          ...choices,
        }),
      )
      .then(
        () => this.follow(this.party.state),
        (reason: unknown) => {
          if (this.opening !== itemId) return;
          if (reason instanceof NeedsHand) this.waitForHand();
          else this.notOpened(reason instanceof NotVisible ? 'not-allowed' : 'not-playable');
        },
      );
  }

  private opened(): void {
    this.cancelOpening();
    this.opening = null;
    this.setProblem(null);
  }

  /** The title's page is open: it is the viewer's turn, for as long as they like. */
  private waitForHand(): void {
    this.cancelOpening();
    this.opening = null;
    this.setProblem('press-play');
  }

  private notOpened(problem: Problem): void {
    this.cancelOpening();
    this.opening = null;
    this.startWith = null;
    this.setProblem(problem);
    this.tell();
  }

  // ---- small things ----------------------------------------------------------------------------

  /** Two cannot steer one player: Jellyfin's own SyncPlay was there first. */
  private standsAside(): boolean {
    const inUse = this.deps.playback.syncPlay;
    if (inUse) {
      this.startWith = null;
      if (this.party.state.room) this.party.leaveRoom();
      this.attach(null);
    }
    this.setProblem(inUse ? 'sync-play' : null);
    return inUse;
  }

  private setProblem(problem: Problem | null): void {
    if (problem === this.currentProblem) return;
    this.currentProblem = problem;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

class NotVisible extends Error {}

/** Asked for by its own id, an item is to play in the version that has it. */
function versionOf({ Id, MediaSources }: BaseItem): Choices {
  const own = MediaSources?.find((source) => source.Id === Id);
  return own && isItemId(Id) ? { mediaSourceId: Id } : {};
}
