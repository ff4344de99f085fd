// The engine of a watch party: one connection, at most one room, at most one player.
//
// Messages change what is known (room.ts), the follower brings the player to what is known, the
// interface sees the result as one immutable state. Losing the connection changes none of this:
// timeline and clock stay, so the player goes on in step while the connection comes back.
import type { Player, UserIntent } from '../player/player';
import {
  FEATURE_V2,
  type AuthSuccess,
  type PlayerEvent,
  type ServerMessage,
  type StateUpdate,
} from '../protocol/messages';
import { clockAhead, onDial } from '../sync/dial';
import { timelineAt, pictureAt, forget } from '../sync/timeline';
import { offsetUncertaintyMs, withReading, type Readings } from '../sync/uncertainty';
import { Connection } from './connection';
import type { PartyDebug, PartyDeps, PartyEngine } from './deps';
import { Follower, type ServerClock } from './follower';
import {
  idleSync,
  type MemberStatus,
  type Notice,
  type PartyState,
  type RoomEntry,
  type SyncReading,
} from './party-state';
import { Reporter } from './reporter';
import {
  applyDelta,
  comings,
  enterRoom,
  entryOf,
  viewOf,
  withChat,
  withParticipants,
  withTimeline,
  type Room,
} from './room';
import { anew, foundAgain, lookFor, requestFor, type Lost, type Wish } from './wish';

/** The command comes back after a round trip and the lead; if not, the timeline rules again. */
const ECHO_MAX_MS = 2_000;
const HOST_ONLY_SPACING_MS = 3_000;
const NOTICES_MAX = 20;
/** The interface is told of the offset this often at most; people cannot read faster. */
const SYNC_SPACING_MS = 250;

export function createParty(deps: PartyDeps): PartyEngine {
  return new Engine(deps);
}

class Engine implements PartyEngine {
  private current: PartyState;
  private readonly listeners = new Set<(state: PartyState) => void>();
  private readonly connection: Connection;
  private readonly reporter: Reporter;
  private myId = '';
  /** Of this connection, and of the one that holds our seat (P-V2-4). */
  private resumeToken: string | null = null;
  private seatToken: string | null = null;
  private seatId = '';
  /** Brought us into the room: good for another seat if ours is given away. */
  private ticket: string | null = null;
  private answerInvite: (ticket: string | null) => void = () => undefined;
  private wish: Wish = { kind: 'lobby' };
  private lost: Lost | null = null;
  private room: Room | null = null;
  private player: Player | null = null;
  private follower: Follower | null = null;
  private visible = true;
  private noticeCount = 0;
  /** Asked for another title: the player still shows the old one, which says nothing of the new. */
  private retitling = false;
  private lastHostOnlyMs = -Infinity;
  private syncShownMs = -Infinity;
  private readings: Readings = [];
  private cancelStep: () => void = () => undefined;
  private disposed = false;

  constructor(private readonly deps: PartyDeps) {
    this.current = {
      connection: { kind: 'connecting' },
      userName: deps.userName,
      signedIn: null,
      rooms: [],
      room: null,
      sync: { ...idleSync, earlierMs: onDial(deps.earlierMs) },
      needsClick: false,
      notices: [],
    };
    this.reporter = new Reporter(deps, () => this.report());
    this.connection = new Connection(deps, {
      onOnline: (success, fresh) => this.online(success, fresh),
      onMessage: (message) => this.take(message),
      onState: (connection) => {
        this.publish({ connection });
        if (connection.kind !== 'online') this.answerInvite(null);
        if (connection.kind === 'stopped') this.exitRoom();
      },
      onClock: () => this.step(),
    });
    this.connection.start();
  }

  // ---- what the interface sees and asks for ----------------------------------------------------

  get state(): PartyState {
    return this.current;
  }

  subscribe(listener: (state: PartyState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  setUserName(name: string): void {
    this.publish({ userName: name });
    this.connection.rename(name);
  }

  createRoom(mediaId: string, startPositionSeconds: number, isPrivate = false): void {
    const startSeconds = startPositionSeconds;
    this.goTo({ kind: 'create', mediaId, startSeconds, isPrivate, plays: false });
  }

  joinRoom(roomId: string, ticket: string | null = null): void {
    this.goTo({ kind: 'join', roomId, ticket });
  }

  leaveRoom(): void {
    this.connection.send({ type: 'leave_room' });
    this.toLobby();
  }

  closeRoom(): void {
    if (this.room) this.connection.send({ type: 'close_room', room: this.room.id });
  }

  createInvite(): Promise<string | null> {
    this.answerInvite(null);
    const { room } = this;
    if (!room) return Promise.resolve(null);
    if (!this.connection.send({ type: 'create_invite', room: room.id })) {
      this.notOnline();
      return Promise.resolve(null);
    }
    return new Promise((answer) => (this.answerInvite = answer));
  }

  playEarlier(earlierMs: number): void {
    this.publish({ sync: { ...this.current.sync, earlierMs: onDial(earlierMs) } });
    this.step();
  }

  setMedia(mediaId: string, startPositionSeconds: number): void {
    const { room } = this;
    if (!room) return;
    if (room.hostId !== this.myId) return this.refuseGuest(this.deps.clock.nowMs());
    this.retitling = this.connection.send({
      type: 'set_media',
      room: room.id,
      mediaId,
      startPositionSeconds,
    });
    if (!this.retitling) this.notOnline();
  }

  sendChat(text: string): void {
    const { room } = this;
    if (!room || text.trim() === '') return;
    if (!this.connection.send({ type: 'chat_message', room: room.id, text })) this.notOnline();
  }

  joinIn(): void {
    if (!this.follower) return;
    this.publish({ needsClick: false });
    this.follower.allow(this.deps.clock.nowMs());
    this.step();
  }

  dismissNotice(id: number): void {
    this.publish({ notices: this.current.notices.filter((notice) => notice.id !== id) });
  }

  reconnectNow(): void {
    this.connection.retryNow();
  }

  setPlayer(player: Player | null): void {
    if (player === this.player) return;
    this.releasePlayer();
    this.player = player;
    this.follow();
    this.step();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.step();
  }

  dispose(): void {
    this.disposed = true;
    this.connection.dispose();
    this.reporter.stop();
    this.releasePlayer();
    this.listeners.clear();
  }

  get debug(): PartyDebug {
    const nowMs = this.deps.clock.nowMs();
    const serverNowMs = this.connection.clock?.toServerMs(nowMs) ?? null;
    const timeline =
      serverNowMs === null ? null : (timelineAt(this.room?.track ?? [], serverNowMs) ?? null);
    const { follower } = this;
    const zero = { play: 0, pause: 0, seek: 0, rate: 0 };
    return {
      clock: this.connection.clockEstimate,
      serverNowMs,
      timeline,
      targetSeconds: timeline && serverNowMs !== null ? pictureAt(timeline, serverNowMs, 0) : null,
      offsetMs: follower?.sync.offsetMs ?? null,
      rate: follower?.sync.rate ?? 1,
      orders: follower ? { ...follower.counts } : zero,
      startLatencyMs: follower?.latencies.startMs ?? 0,
      rendezvousMs: follower?.latencies.rendezvousMs ?? 0,
    };
  }

  // ---- the connection --------------------------------------------------------------------------

  private online(success: AuthSuccess, fresh: boolean): void {
    this.myId = success.clientId ?? this.myId;
    this.publish({ userName: success.userName, signedIn: !!success.userId });
    if (!fresh) return;
    this.resumeToken = success.resumeToken;
    if (!success.features.includes(FEATURE_V2))
      this.notify('error', 'SERVER_TOO_OLD', 'This server is too old for this page.');
    if (this.room) this.takeSeatAgain(this.room);
    else this.grantWish();
  }

  private takeSeatAgain(room: Room): void {
    this.wish = { kind: 'join', roomId: room.id, ticket: this.ticket };
    this.grantWish(this.seatToken);
  }

  private goTo(wish: Wish): void {
    if (this.room) this.exitRoom();
    this.wish = wish;
    this.lost = null;
    this.grantWish();
  }

  /** Asks the server for what is wished; while offline, coming online does. */
  private grantWish(seatToken: string | null = null): void {
    this.connection.send(requestFor(this.wish, this.current.userName, seatToken));
  }

  // ---- messages --------------------------------------------------------------------------------

  private take(message: ServerMessage): void {
    const { room } = this;
    switch (message.type) {
      case 'client_hello':
        this.myId = message.clientId;
        return;
      case 'room_list':
        return this.showRooms(message.rooms.map(entryOf));
      case 'room_list_delta':
        return this.showRooms(applyDelta(this.current.rooms, message));
      case 'error':
        return this.takeError(message.code ?? 'ERROR', message.message);
      case 'room_state': {
        const { wish } = this;
        const wished =
          room?.id === message.room ||
          (wish.kind === 'join' && wish.roomId === message.room) ||
          (wish.kind === 'create' && message.hostId === this.myId);
        const moved = room !== null && message.hostId === this.myId; // the wish was sent twice
        if (!wished && !moved) {
          // Left meanwhile; or given up before the server heard of it: then nobody else leaves it
          if (room === null && wish.kind === 'lobby') this.connection.send({ type: 'leave_room' });
          return;
        }
        return this.enter(enterRoom(room, message, this.serverNow(message.serverTs)));
      }
      case 'room_closed':
        if (room?.id !== message.room) return;
        this.notify('info', 'ROOM_CLOSED', message.reason);
        return this.toLobby();
      default:
        break;
    }
    if (!room || !('room' in message) || message.room !== room.id) return;
    switch (message.type) {
      case 'player_event':
      case 'state_update':
        this.update(withTimeline(room, message.timeline, this.serverNow(message.serverTs)));
        this.echoed(message);
        return this.step();
      case 'participants_update':
        return this.takeParticipants(withParticipants(room, message.participants));
      case 'play_pending':
        return this.update({ ...room, waiting: message.waiting });
      case 'invite':
        return this.answerInvite(message.ticket);
      case 'chat_message':
        return this.update(withChat(room, message, this.myId));
      default:
        return;
    }
  }

  private takeParticipants(room: Room): void {
    const { joined, left } = comings(this.room?.participants ?? [], room.participants);
    this.update(room);
    for (const name of joined) this.notify('info', 'JOINED', `${name} joined.`, name);
    for (const name of left) this.notify('info', 'LEFT', `${name} left.`, name);
  }

  private takeError(code: string, text: string): void {
    // A host may not see the title that it wanted: the party goes on. Anybody else is out of it.
    const shutOut =
      code === 'ROOM_FULL' ||
      code === 'ROOM_LIMIT_REACHED' ||
      (code === 'MEDIA_FORBIDDEN' && !this.retitling);
    this.retitling = false;
    this.answerInvite(null);
    const gone = code === 'ROOM_NOT_FOUND' || code === 'INVITE_INVALID' || code === 'NOT_IN_ROOM';
    const refused = this.room === null && this.wish.kind !== 'lobby';
    if (gone && this.room) {
      const lost = this.room;
      this.toLobby();
      const again = code === 'ROOM_NOT_FOUND' && this.bringBack(lost);
      if (!again) this.notify('warning', code, `${text} The video goes on by itself.`);
      return;
    }
    this.notify('error', code, text);
    if (refused || (this.room && shutOut)) this.toLobby();
  }

  /** The server came back without its parties. @returns Whether ours is being made again. */
  private bringBack(lost: Room): boolean {
    if (!this.current.signedIn) return false;
    if (lost.hostId === this.seatId) {
      const wish = anew(lost, this.serverNow(0));
      if (wish) this.goTo(wish);
      return wish !== null;
    }
    this.lost = lookFor(lost, this.deps.clock.nowMs());
    return false;
  }

  private showRooms(rooms: readonly RoomEntry[]): void {
    this.publish({ rooms });
    const again = this.lost && foundAgain(this.lost, rooms, this.deps.clock.nowMs());
    if (again) this.joinRoom(again.id);
  }

  // ---- the room --------------------------------------------------------------------------------

  private enter(room: Room): void {
    const { wish } = this;
    if (wish.kind === 'join') this.ticket = wish.ticket;
    this.wish = { kind: 'lobby' };
    this.retitling = false;
    this.seatToken = this.resumeToken;
    this.seatId = this.myId;
    if (!this.room) this.connection.send({ type: 'unsubscribe_rooms' });
    this.room = room;
    this.follow();
    this.update(room);
    this.reporter.start();
    this.step();
    if (wish.kind === 'create' && wish.plays)
      this.command(room, { kind: 'play', positionSeconds: wish.startSeconds });
  }

  private update(room: Room): void {
    this.room = room;
    this.publish({ room: viewOf(room, this.myId, this.serverNow(0)) });
  }

  private toLobby(): void {
    this.exitRoom();
    this.wish = { kind: 'lobby' };
    this.grantWish();
  }

  private exitRoom(): void {
    this.room = null;
    this.retitling = false;
    this.seatToken = null;
    this.ticket = null;
    this.answerInvite(null);
    this.reporter.stop();
    this.releaseFollower();
    this.publish({ room: null, sync: this.idleSync(), needsClick: false });
  }

  // ---- the player ------------------------------------------------------------------------------

  private follow(): void {
    const { player } = this;
    if (!player || !this.room || this.follower) return;
    this.follower = new Follower(player, this.deps.clock.nowMs(), {
      onRefused: () => this.publish({ needsClick: true }),
    });
    player.attach({
      onIntent: (intent) => this.takeIntent(intent),
      onChange: () => this.step(),
      onAutoplayRefused: () => this.publish({ needsClick: true }),
    });
  }

  private releasePlayer(): void {
    this.releaseFollower();
    this.player = null;
  }

  private releaseFollower(): void {
    this.cancelStep();
    if (this.follower) this.player?.detach();
    this.follower = null;
  }

  private takeIntent(intent: UserIntent): void {
    const { room, follower } = this;
    if (!room || !follower) return;
    const nowMs = this.deps.clock.nowMs();
    if (follower.blocked) {
      if (intent.kind === 'play') this.joinIn();
      return;
    }
    if (room.hostId !== this.myId) this.refuseGuest(nowMs);
    else if (this.command(room, intent)) {
      // A start is put back until it comes back to everybody; the rest may stay as it was done.
      if (intent.kind !== 'play') follower.hold(nowMs + ECHO_MAX_MS);
    } else this.notOnline();
    this.step();
  }

  private command(room: Room, intent: UserIntent): boolean {
    const playing = timelineAt(room.track, this.serverNow(0))?.playing ?? false;
    // A running player is ahead of the party by the dial; a place that was chosen is meant as it is.
    const shifted = playing && intent.kind === 'pause';
    const shiftSeconds = shifted ? this.current.sync.earlierMs / 1_000 : 0;
    const plays = intent.kind === 'play' || (intent.kind === 'seek' && playing);
    return this.connection.send({
      type: 'player_event',
      room: room.id,
      action: intent.kind,
      positionSeconds: Math.max(0, intent.positionSeconds - shiftSeconds),
      playState: plays ? 'playing' : 'paused',
    });
  }

  /** The viewer's command has come back: their player stays as it is until everybody's changes. */
  private echoed({ clientId, timeline }: PlayerEvent | StateUpdate): void {
    const clock = this.playerClock();
    const { follower } = this;
    if (!follower) return;
    const mine = clientId === this.myId && timeline && clock;
    if (!follower.held || !mine) return follower.hold(-Infinity);
    follower.hold(clock.toLocalMs(timeline.atMs) - follower.latencies.rendezvousMs);
  }

  private refuseGuest(nowMs: number): void {
    if (nowMs - this.lastHostOnlyMs < HOST_ONLY_SPACING_MS) return;
    this.lastHostOnlyMs = nowMs;
    this.notify('info', 'HOST_ONLY', 'Only the host can control the playback.');
  }

  private step(): void {
    this.cancelStep();
    const { room, follower } = this;
    if (!room || !follower || this.disposed) return;
    const nowMs = this.deps.clock.nowMs();
    const { clock } = this.connection;
    if (clock) this.room = { ...room, track: forget(room.track, clock.toServerMs(nowMs)) };
    const nextMs = follower.step(room.track, this.playerClock(), nowMs);
    if (nextMs !== null)
      this.cancelStep = this.deps.timers.after(Math.max(0, nextMs - nowMs), () => this.step());
    this.showSync(nowMs);
    this.showPlaying();
    this.reporter.statusIs(this.status());
  }

  private showSync(nowMs: number): void {
    const { follower } = this;
    if (!follower) return;
    const estimate = this.connection.clockEstimate;
    const before = this.current.sync;
    const { offsetMs, state } = follower.sync;
    if (state !== 'in-step') this.readings = [];
    else if (offsetMs !== null && offsetMs !== this.readings.at(-1))
      this.readings = withReading(this.readings, offsetMs);
    const sync: SyncReading = {
      ...follower.sync,
      uncertaintyMs:
        offsetMs === null || !estimate
          ? null
          : offsetUncertaintyMs(estimate.uncertaintyMs, estimate.roundTripMs, this.readings),
      earlierMs: before.earlierMs,
      clockUncertaintyMs: estimate?.uncertaintyMs ?? null,
      roundTripMs: estimate?.roundTripMs ?? null,
    };
    if (sync.state === before.state && nowMs - this.syncShownMs < SYNC_SPACING_MS) return;
    this.syncShownMs = nowMs;
    this.publish({ sync });
  }

  /** Whether the room plays changes by itself when a scheduled timeline takes over. */
  private showPlaying(): void {
    const view = this.current.room;
    if (!view || !this.room) return;
    const playing = timelineAt(this.room.track, this.serverNow(0))?.playing ?? false;
    if (playing !== view.playing) this.update(this.room);
  }

  // ---- reports ---------------------------------------------------------------------------------

  private status(): MemberStatus {
    if (!this.visible) return 'away';
    const reading = this.follower && this.player?.read();
    if (!reading || reading.seeking || reading.readyState < 3) return 'buffering';
    return reading.paused ? 'ready' : 'playing';
  }

  private report(): void {
    const { room, follower } = this;
    if (!room) return;
    const status = this.status();
    const { offsetMs, state } = follower?.sync ?? idleSync;
    const roundTripMs = this.connection.clockEstimate?.roundTripMs;
    this.reporter.report(
      {
        type: 'participant_status',
        room: room.id,
        status,
        ...(offsetMs === null ? {} : { offsetMs }),
        ...(roundTripMs === undefined ? {} : { delayMs: roundTripMs / 2 }),
      },
      (message) => this.connection.send(message),
    );
    const nowMs = this.deps.clock.nowMs();
    const timeline = timelineAt(room.track, this.serverNow(0));
    const settled = state === 'in-step' && status === 'playing' && timeline?.playing === true;
    if (
      this.retitling ||
      room.hostId !== this.myId ||
      !settled ||
      offsetMs === null ||
      !this.connection.clock
    )
      return;
    const picture = pictureAt(timeline, this.connection.clock.toServerMs(nowMs), 0);
    this.connection.send({
      type: 'state_update',
      room: room.id,
      positionSeconds: Math.max(0, picture + offsetMs / 1000),
      playState: 'playing',
    });
  }

  // ---- small things ----------------------------------------------------------------------------

  private idleSync(): SyncReading {
    return { ...idleSync, earlierMs: this.current.sync.earlierMs };
  }

  /** By which the player is led: ahead by the viewer's dial. */
  private playerClock(): ServerClock | null {
    const { clock } = this.connection;
    return clock && clockAhead(clock, this.current.sync.earlierMs);
  }

  /** Server time now; before the first exchange what the last message said. */
  private serverNow(fallbackMs: number): number {
    return this.connection.clock?.toServerMs(this.deps.clock.nowMs()) ?? fallbackMs;
  }

  private notOnline(): void {
    this.notify('warning', 'NOT_CONNECTED', 'Not connected right now. Trying again.');
  }

  private notify(kind: Notice['kind'], code: string, text: string, name?: string): void {
    const about = name === undefined ? {} : { name };
    const notice = { id: ++this.noticeCount, kind, code, text, ...about };
    this.publish({ notices: [...this.current.notices, notice].slice(-NOTICES_MAX) });
  }

  private publish(change: Partial<PartyState>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener(this.current);
  }
}
