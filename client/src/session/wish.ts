// What the viewer wants of the server, and what becomes of that when the server has forgotten the party:
// where it vouches for names, the host makes the party again, and the others know it by the host.
import type { ClientMessage } from '../protocol/messages';
import { pictureAt, timelineAt } from '../sync/timeline';
import type { RoomEntry } from './party-state';
import type { Room } from './room';

/** Kept until the server has answered, over lost connections too. */
export type Wish =
  | { readonly kind: 'lobby' }
  | {
      readonly kind: 'create';
      readonly mediaId: string;
      readonly startSeconds: number;
      readonly isPrivate: boolean;
      /** It is to play at once. */
      readonly plays: boolean;
    }
  | { readonly kind: 'join'; readonly roomId: string; readonly ticket: string | null };

/** A party that its server forgot, as the list shows it once its host has made it again. */
export interface Lost {
  readonly hostName: string;
  readonly mediaId: string;
  readonly untilMs: number;
}

/** By then the host is back, if at all: between two tries to connect are 30 s at most. */
const BACK_WITHIN_MS = 60_000;

/** What to ask the server for. @param seatToken Of a seat that is held for us (P-V2-4). */
export function requestFor(wish: Wish, userName: string, seatToken: string | null): ClientMessage {
  switch (wish.kind) {
    case 'lobby':
      return { type: 'subscribe_rooms' };
    case 'join':
      return {
        type: 'join_room',
        room: wish.roomId,
        userName,
        ...(seatToken === null ? {} : { resumeToken: seatToken }),
        ...(wish.ticket === null ? {} : { inviteTicket: wish.ticket }),
      };
    case 'create':
      return {
        type: 'create_room',
        mediaId: wish.mediaId,
        startPositionSeconds: wish.startSeconds,
        userName,
        private: wish.isPrivate,
      };
  }
}

/** For its host: the party again, where it is by now. Not a private one, which nobody would find. */
export function anew({ mediaId, isPrivate, track }: Room, serverMs: number): Wish | null {
  const timeline = timelineAt(track, serverMs);
  if (isPrivate || mediaId === null || !timeline) return null;
  const startSeconds = pictureAt(timeline, serverMs, 0);
  return { kind: 'create', mediaId, startSeconds, isPrivate, plays: timeline.playing };
}

/** For its guests: what to look out for. */
export function lookFor(room: Room, nowMs: number): Lost | null {
  const host = room.participants.find(({ clientId }) => clientId === room.hostId);
  if (room.isPrivate || room.mediaId === null || !host) return null;
  return { hostName: host.name, mediaId: room.mediaId, untilMs: nowMs + BACK_WITHIN_MS };
}

export function foundAgain(
  { hostName, mediaId, untilMs }: Lost,
  rooms: readonly RoomEntry[],
  nowMs: number,
): RoomEntry | undefined {
  if (nowMs > untilMs) return undefined;
  return rooms.find((room) => room.hostName === hostName && room.mediaId === mediaId);
}
