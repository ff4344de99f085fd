// What the client knows of the room it is in, and how messages change it: values in, values out.
import type {
  ChatMessage,
  Participant,
  RoomListDelta,
  RoomState,
  RoomSummary,
  Waiting,
} from '../protocol/messages';
import { adopt, timelineAt, type Timeline, type Track } from '../sync/timeline';
import type { ChatLine, Member, RoomEntry, RoomView } from './party-state';

export interface Room {
  readonly id: string;
  readonly name: string;
  readonly hostId: string;
  readonly mediaId: string | null;
  readonly isPrivate: boolean;
  readonly participants: readonly Participant[];
  readonly waiting: Waiting | null;
  readonly chat: readonly ChatLine[];
  readonly track: Track;
}

/** Enough to scroll back through an evening's last hour; older lines are forgotten. */
const CHAT_LINES_MAX = 200;

/** Room state is the truth about everything but the chat, and the timeline if it is older. */
export function enterRoom(before: Room | null, state: RoomState, nowServerMs: number): Room {
  const same = before?.id === state.room ? before : null;
  const track = same?.track ?? [];
  return {
    id: state.room,
    name: state.name,
    hostId: state.hostId,
    mediaId: state.mediaId,
    isPrivate: state.private,
    participants: state.participants ?? [],
    waiting: state.waiting,
    chat: same?.chat ?? [],
    track: state.timeline ? adopt(track, state.timeline, nowServerMs) : track,
  };
}

export function withTimeline(room: Room, timeline: Timeline | null, nowServerMs: number): Room {
  if (!timeline) return room;
  const track = adopt(room.track, timeline, nowServerMs);
  return track === room.track ? room : { ...room, track };
}

export function withParticipants(room: Room, participants: readonly Participant[] | null): Room {
  if (!participants) return room;
  const hostId = participants.find((who) => who.isHost)?.clientId ?? room.hostId;
  return { ...room, hostId, participants };
}

export function withChat(room: Room, message: ChatMessage, myId: string): Room {
  const line: ChatLine = {
    id: (room.chat.at(-1)?.id ?? 0) + 1,
    clientId: message.clientId,
    userName: message.userName,
    text: message.text,
    mine: message.clientId === myId,
    atMs: message.serverTs,
  };
  return { ...room, chat: [...room.chat, line].slice(-CHAT_LINES_MAX) };
}

/** Names that came and went. Who only got a new connection (same name) did neither. */
export function comings(
  before: readonly Participant[],
  after: readonly Participant[],
): { readonly joined: readonly string[]; readonly left: readonly string[] } {
  const known = new Set(before.map((who) => who.clientId));
  const present = new Set(after.map((who) => who.clientId));
  const joined = after.filter((who) => !known.has(who.clientId)).map((who) => who.name);
  const left = before.filter((who) => !present.has(who.clientId)).map((who) => who.name);
  for (const name of [...joined]) {
    if (!left.includes(name)) continue;
    joined.splice(joined.indexOf(name), 1);
    left.splice(left.indexOf(name), 1);
  }
  return { joined, left };
}

export function viewOf(room: Room, myId: string, nowServerMs: number): RoomView {
  const names = new Map(room.participants.map((who) => [who.clientId, who.name]));
  return {
    id: room.id,
    name: room.name,
    mediaId: room.mediaId,
    isPrivate: room.isPrivate,
    amHost: room.hostId === myId,
    members: room.participants.map((who): Member => ({ ...who, isMe: who.clientId === myId })),
    playing: timelineAt(room.track, nowServerMs)?.playing ?? false,
    waitingFor: room.waiting?.clientIds.map((id) => names.get(id) ?? 'Somebody') ?? [],
    chat: room.chat,
  };
}

export function entryOf(room: RoomSummary): RoomEntry {
  return { ...room };
}

export function applyDelta(rooms: readonly RoomEntry[], delta: RoomListDelta): RoomEntry[] {
  const changed = new Map(delta.upserted.map((room) => [room.id, entryOf(room)]));
  const removed = new Set(delta.removed);
  const kept = rooms.filter((room) => !removed.has(room.id));
  const updated = kept.map((room) => changed.get(room.id) ?? room);
  const old = new Set(kept.map((room) => room.id));
  return [...updated, ...[...changed.values()].filter((room) => !old.has(room.id))];
}
