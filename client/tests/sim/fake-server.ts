// The least of a session server that engines need for a party: rooms, seats, timelines, clock. It
// speaks the text of the wire, so the codec is part of every simulation. The real one has its own
// tests; this one exists so that a party of engines runs in milliseconds from a seed.
import type { OpenTransport, TransportEvents } from '../../src/session/deps';
import type { World } from './world';

export interface Network {
  readonly leastMs: number;
  /** Mean of the exponential jitter on top, each way. */
  readonly jitterMs: number;
}

interface Wire {
  readonly type: string;
  readonly room?: string;
  readonly payload?: Record<string, unknown>;
}
interface Seat {
  token: string;
  link: Link | null;
  clientId: string;
  name: string;
  status: string;
}
interface Room {
  id: string;
  mediaId: unknown;
  isPrivate: boolean;
  /** What opens it if it is private; a test lets them expire. */
  tickets: unknown[];
  host: Seat;
  seats: Seat[];
  timeline: Record<string, unknown> & {
    position: number;
    playing: boolean;
    at: number;
    seq: number;
  };
}
interface Link {
  readonly id: number;
  readonly events: TransportEvents;
  readonly send: (type: string, payload?: unknown, room?: string, client?: string) => void;
  open: boolean;
  subscribed: boolean;
  name: string;
  seat: Seat | null;
  room: Room | null;
}

/** Server time runs with the world, from some day in 2026 on. */
export const EPOCH_MS = 1_790_000_000_000;
const LEAD_MS = 300;

export class FakeServer {
  private links: Link[] = [];
  private rooms: Room[] = [];
  private count = 0;
  private down = false;
  readonly received: { readonly client: string; readonly message: Wire }[] = [];
  refuseToken: string | null = null;
  /** Whether names are those of accounts. */
  vouches = true;
  /** Who may not see a title, as `name media`. */
  readonly forbidden = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly random: () => number,
  ) {}

  get nowMs(): number {
    return EPOCH_MS + this.world.nowMs;
  }

  /** What a client on this network opens its connections with. `cut` makes it go dead. */
  network(
    network: Network,
    localMs: () => number,
  ): { readonly open: OpenTransport; cut: boolean; readonly opened: () => number } {
    let opened = 0;
    const path = { cut: false, opened: () => opened, open: undefined as unknown as OpenTransport };
    const delay = (): number => network.leastMs - network.jitterMs * Math.log(1 - this.random());
    path.open = (_url, events) => {
      opened += 1;
      let closed = false;
      let upMs = 0;
      let downMs = 0;
      /** In order, like TCP; a cut path loses what is on it, for good enough. */
      const deliver = (lastMs: number, run: () => void): number => {
        const atMs = Math.max(lastMs, this.world.nowMs + delay());
        this.world.at(atMs, () => {
          if (!path.cut && !closed) run();
        });
        return atMs;
      };
      const toClient = (run: () => void): void => {
        downMs = deliver(downMs, run);
      };
      const link: Link = {
        id: ++this.count,
        events,
        open: true,
        subscribed: false,
        name: '',
        seat: null,
        room: null,
        send: (type, payload, room, client = uuid(link.id)) => {
          const text = JSON.stringify({ type, room, client, payload, server_ts: this.nowMs });
          if (link.open) toClient(() => events.onMessage(text, localMs()));
        },
      };
      upMs = deliver(upMs, () => {
        if (this.down) {
          closed = true;
          return events.onClose(1006, '');
        }
        this.links.push(link);
        events.onOpen();
        link.send('client_hello', { client_id: uuid(link.id) });
      });
      return {
        send: (text) => {
          upMs = deliver(upMs, () => this.take(link, JSON.parse(text) as Wire));
        },
        close: () => {
          closed = true;
          this.world.after(delay(), () => {
            if (!path.cut) this.gone(link);
          });
        },
      };
    };
    return path;
  }

  /** All connections end, all rooms are lost; back again after `durationMs`. */
  restart(durationMs: number): void {
    this.down = true;
    this.rooms = [];
    for (const link of this.links) {
      link.open = false;
      this.world.after(5, () => link.events.onClose(1012, ''));
    }
    this.links = [];
    this.world.after(durationMs, () => (this.down = false));
  }

  /** As if the socket of every member with this name had closed. */
  notice(name: string): void {
    for (const link of this.links.filter((held) => held.name === name)) this.gone(link);
  }

  /** Where the room's picture is now. */
  pictureSeconds(): number {
    const { timeline } = this.rooms[0]!;
    const ran = timeline.playing ? (this.nowMs - timeline.at) / 1000 : 0;
    return timeline.position + ran;
  }

  /** No ticket opens a room any more. */
  expireTickets(): void {
    for (const room of this.rooms) room.tickets = [];
  }

  /** Every held seat is given away. */
  dropSeats(): void {
    for (const room of this.rooms) room.seats = room.seats.filter((seat) => seat.link);
  }

  get roomCount(): number {
    return this.rooms.length;
  }

  private gone(link: Link): void {
    if (!link.open) return;
    link.open = false;
    this.links = this.links.filter((held) => held !== link);
    const { room, seat } = link;
    if (!room || !seat) return;
    seat.link = null;
    seat.status = 'away';
    if (room.host === seat) this.close(room, 'The host has left.');
    else this.sendParticipants(room);
  }

  private take(link: Link, message: Wire): void {
    if (!link.open) return;
    this.received.push({ client: link.name, message });
    const payload = message.payload ?? {};
    const room = this.rooms.find((held) => held.id === message.room);
    switch (message.type) {
      case 'ping':
        return link.send('pong', {
          ...payload,
          server_receive_ts: this.nowMs,
          server_transmit_ts: this.nowMs,
        });
      case 'auth':
        if (this.refuseToken !== null && payload['token'] === this.refuseToken)
          return this.error(link, 'INVALID_TOKEN');
        link.name = payload['user_name'] as string;
        return link.send('auth_success', {
          user_name: link.name,
          user_id: this.vouches ? link.name : '', // as the real one says of nobody
          features: ['owp.v2'],
          resume_token: token(link.id),
        });
      case 'subscribe_rooms':
        link.subscribed = true;
        return link.send('room_list', this.rooms.map(summary));
      case 'unsubscribe_rooms':
        link.subscribed = false;
        return;
      case 'create_room':
        return this.create(link, payload);
      case 'join_room':
        if (!room) return this.error(link, 'ROOM_NOT_FOUND');
        return this.join(link, room, payload['resume_token'], payload['invite_ticket']);
      case 'create_invite':
        if (room?.host !== link.seat) return this.error(link, 'HOST_PERMISSION_REQUIRED');
        room.tickets.push(token(room.tickets.length));
        return link.send(
          'invite',
          { ticket: room.tickets.at(-1), expires_ts: this.nowMs + 60_000 },
          room.id,
        );
      case 'leave_room':
        return this.leave(link);
      case 'close_room':
        if (room) this.close(room, 'The host has closed the room.');
        return;
      case 'set_media':
        return room && this.setMedia(link, room, payload);
      case 'participant_status':
        if (!link.seat || !room) return;
        Object.assign(link.seat, payload);
        return this.sendParticipants(room);
      case 'chat_message':
        return room && this.toAll(room, 'chat_message', { username: link.name, ...payload }, link);
      case 'player_event':
        return room && this.command(link, room, payload);
      default:
        return;
    }
  }

  private create(link: Link, payload: Record<string, unknown>): void {
    this.leave(link);
    const seat = this.seat(link);
    const room: Room = {
      id: uuid(1_000 + ++this.count),
      mediaId: payload['media_id'] ?? null,
      isPrivate: payload['private'] === true,
      tickets: [],
      host: seat,
      seats: [seat],
      timeline: {
        media_id: payload['media_id'] ?? null,
        position: Number(payload['start_pos'] ?? 0),
        rate: 1,
        playing: false,
        at: this.nowMs,
        seq: 1,
      },
    };
    this.rooms.push(room);
    link.room = room;
    this.sendRoom(link, room);
    this.sendDirectory(room);
  }

  private join(link: Link, room: Room, resume: unknown, ticket: unknown): void {
    const held = room.seats.find((seat) => seat.token === resume);
    if (!held && room.isPrivate && !room.tickets.includes(ticket))
      return this.error(link, ticket === undefined ? 'ROOM_NOT_FOUND' : 'INVITE_INVALID');
    if (held) {
      Object.assign(held, {
        link,
        token: token(link.id),
        clientId: uuid(link.id),
        status: 'ready',
      });
      link.seat = held;
    } else room.seats.push(this.seat(link));
    link.room = room;
    this.sendRoom(link, room);
    this.sendParticipants(room);
  }

  private leave(link: Link): void {
    const { room, seat } = link;
    link.room = null;
    link.seat = null;
    if (!room || !seat) return;
    room.seats = room.seats.filter((other) => other !== seat);
    if (room.host === seat) this.close(room, 'The host has left.');
    else this.sendParticipants(room);
  }

  private command(link: Link, room: Room, payload: Record<string, unknown>): void {
    if (room.host !== link.seat) return this.error(link, 'HOST_PERMISSION_REQUIRED');
    const before = room.timeline;
    const action = payload['action'];
    const at = this.nowMs + LEAD_MS;
    const playing = action === 'seek' ? before.playing : action === 'play';
    const stopped = before.position + (before.playing ? (at - before.at) / 1000 : 0);
    const position = action === 'pause' ? stopped : Number(payload['position']);
    room.timeline = { ...before, position, playing, at, seq: before.seq + 1 };
    this.toAll(
      room,
      'player_event',
      {
        action,
        position,
        play_state: playing ? 'playing' : 'paused',
        target_server_ts: at,
        timeline: room.timeline,
      },
      link,
    );
  }

  private setMedia(link: Link, room: Room, payload: Record<string, unknown>): void {
    if (room.host !== link.seat) return this.error(link, 'HOST_PERMISSION_REQUIRED');
    const mayNot = ({ name }: Link): boolean =>
      this.forbidden.has(`${name} ${String(payload['media_id'])}`);
    if (mayNot(link)) return this.error(link, 'MEDIA_FORBIDDEN');
    for (const seat of room.seats)
      if (seat.link && mayNot(seat.link)) {
        this.error(seat.link, 'MEDIA_FORBIDDEN');
        seat.link.send('room_closed', { reason: 'It goes on.' }, room.id);
        this.leave(seat.link);
      }
    room.mediaId = payload['media_id'];
    room.timeline = {
      ...room.timeline,
      media_id: room.mediaId,
      position: Number(payload['start_position_seconds']),
      playing: false,
      at: this.nowMs,
      seq: room.timeline.seq + 1,
    };
    for (const seat of room.seats) if (seat.link) this.sendRoom(seat.link, room);
    this.sendDirectory(room);
  }

  private close(room: Room, reason: string): void {
    this.rooms = this.rooms.filter((held) => held !== room);
    for (const seat of room.seats) {
      seat.link?.send('room_closed', { reason }, room.id);
      if (seat.link) {
        seat.link.room = null;
        seat.link.seat = null;
      }
    }
    this.sendDirectory(room);
  }

  private seat(link: Link): Seat {
    const seat: Seat = {
      token: token(link.id),
      link,
      clientId: uuid(link.id),
      name: link.name,
      status: 'buffering',
    };
    link.seat = seat;
    return seat;
  }

  private error(link: Link, code: string): void {
    link.send('error', { code, message: `It says ${code}.` });
  }

  private sendRoom(link: Link, room: Room): void {
    const { timeline } = room;
    link.send(
      'room_state',
      {
        name: room.host.name,
        host_id: room.host.clientId,
        participant_count: room.seats.length,
        media_id: room.mediaId,
        ...(room.isPrivate ? { private: true } : {}),
        state: {
          position: timeline.position,
          play_state: timeline.playing ? 'playing' : 'paused',
        },
        timeline,
        participants: participants(room),
      },
      room.id,
    );
  }

  private sendParticipants(room: Room): void {
    const list = participants(room);
    this.toAll(room, 'participants_update', {
      participant_count: list.length,
      participants: list,
    });
  }

  private sendDirectory(room: Room): void {
    const there = this.rooms.includes(room);
    const delta = { upserted: there ? [summary(room)] : [], removed: there ? [] : [room.id] };
    for (const link of this.links) if (link.subscribed) link.send('room_list_delta', delta);
  }

  private toAll(room: Room, type: string, payload: unknown, from?: Link): void {
    for (const seat of room.seats) seat.link?.send(type, payload, room.id, from && uuid(from.id));
  }
}

const participants = (room: Room): object[] =>
  room.seats.map((seat) => ({
    client_id: seat.clientId,
    name: seat.name,
    is_host: seat === room.host,
    status: seat.status,
  }));

const summary = (room: Room): object => ({
  id: room.id,
  name: room.host.name,
  count: room.seats.length,
  media_id: room.mediaId,
  host_name: room.host.name,
  playing: room.timeline.playing,
});

const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const token = (n: number): string => n.toString(16).padStart(32, '0');
