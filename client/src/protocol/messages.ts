// Every message as a value, one closed union per direction (P-MSG-*). The wire's own names and
// limits stand in protocol/PROTOCOL.md; codec.ts does the text. Times are milliseconds since the
// epoch, positions seconds; what the wire may leave out is null here.
import type { ErrorCode } from './codes';
import type { Timeline } from './timeline';

export type { Timeline } from './timeline';

/** What asks for v2 in `auth` (P-V2-1). */
export const FEATURE_V2 = 'owp.v2';

export type PlayState = 'paused' | 'playing';
export type PlayerAction = 'play' | 'pause' | 'seek' | 'buffering';
export type ParticipantStatus = 'ready' | 'playing' | 'buffering' | 'away';

// ---- client to server --------------------------------------------------------------------------

export interface Auth {
  readonly type: 'auth';
  readonly token?: string;
  readonly userName?: string;
  readonly userId?: string;
  readonly protocolVersion?: number;
  readonly features?: readonly string[];
}
export interface ListRooms {
  readonly type: 'list_rooms';
}
export interface CreateRoom {
  readonly type: 'create_room';
  readonly startPositionSeconds?: number;
  readonly mediaId?: string;
  readonly userName?: string;
  /** v2: in no list, and opened by an invite ticket alone (P-INVITE-1). */
  readonly private?: boolean;
}
export interface JoinRoom {
  readonly type: 'join_room';
  readonly room: string;
  readonly userName?: string;
  /** Opens a private room (P-INVITE-3). */
  readonly inviteTicket?: string;
  /** v2: takes the seat of an earlier connection again (P-V2-4). */
  readonly resumeToken?: string;
}
export interface LeaveRoom {
  readonly type: 'leave_room';
}
export interface Ready {
  readonly type: 'ready';
  readonly room: string;
  readonly mediaId?: string;
}
export interface SendPlayerEvent {
  readonly type: 'player_event';
  readonly room: string;
  readonly action: PlayerAction;
  readonly positionSeconds: number;
  readonly playState?: PlayState;
}
export interface SendStateUpdate {
  readonly type: 'state_update';
  readonly room: string;
  readonly positionSeconds: number;
  readonly playState: PlayState;
}
export interface Ping {
  readonly type: 'ping';
  readonly room?: string;
  /** Comes back in the pong; the sender's own clock. */
  readonly clientTs: number;
}
export interface SendChatMessage {
  readonly type: 'chat_message';
  readonly room: string;
  readonly text: string;
}
export interface ClientLog {
  readonly type: 'client_log';
  readonly category: string;
  readonly message: string;
}
export interface SubscribeRooms {
  readonly type: 'subscribe_rooms';
}
export interface UnsubscribeRooms {
  readonly type: 'unsubscribe_rooms';
}
export interface CloseRoom {
  readonly type: 'close_room';
  readonly room: string;
}
/** v2: the host moves the room to another title (P-V2-14). */
export interface SetMedia {
  readonly type: 'set_media';
  readonly room: string;
  readonly mediaId: string;
  readonly startPositionSeconds: number;
}
/** v2: the host asks for a ticket to its room (P-INVITE-2). */
export interface CreateInvite {
  readonly type: 'create_invite';
  readonly room: string;
}
export interface StatusReport {
  readonly type: 'participant_status';
  readonly room: string;
  readonly status: ParticipantStatus;
  /** The player's distance from the timeline; ahead is positive. */
  readonly offsetMs?: number;
  /** One way. */
  readonly delayMs?: number;
}

export type ClientMessage =
  | Auth
  | ListRooms
  | CreateRoom
  | JoinRoom
  | LeaveRoom
  | Ready
  | SendPlayerEvent
  | SendStateUpdate
  | Ping
  | SendChatMessage
  | ClientLog
  | SubscribeRooms
  | UnsubscribeRooms
  | CloseRoom
  | SetMedia
  | CreateInvite
  | StatusReport;

// ---- server to client --------------------------------------------------------------------------

/** A room as the lobby lists it. */
export interface RoomSummary {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly mediaId: string | null;
  /** v2; '' from a v1 server. */
  readonly hostName: string;
  /** v2; false from a v1 server. */
  readonly playing: boolean;
}
export interface Participant {
  readonly clientId: string;
  readonly name: string;
  readonly isHost: boolean;
  readonly status: ParticipantStatus;
  readonly offsetMs: number | null;
  readonly delayMs: number | null;
}
/** Whom a pending play waits for, and how long at most (P-V2-10). */
export interface Waiting {
  readonly clientIds: readonly string[];
  readonly untilMs: number;
}

/** On every message of the server: the moment of sending on its clock. */
interface Stamped {
  readonly serverTs: number;
}
export interface Hello extends Stamped {
  readonly type: 'client_hello';
  readonly clientId: string;
}
export interface AuthSuccess extends Stamped {
  readonly type: 'auth_success';
  readonly clientId: string | null;
  readonly userName: string;
  /** v2 */
  readonly userId: string | null;
  /** Holds FEATURE_V2 if the connection speaks v2 from now on. */
  readonly features: readonly string[];
  /** v2 */
  readonly resumeToken: string | null;
}
export interface RoomList extends Stamped {
  readonly type: 'room_list';
  readonly rooms: readonly RoomSummary[];
}
/** v2 */
export interface RoomListDelta extends Stamped {
  readonly type: 'room_list_delta';
  readonly upserted: readonly RoomSummary[];
  readonly removed: readonly string[];
}
export interface RoomState extends Stamped {
  readonly type: 'room_state';
  readonly room: string;
  readonly name: string;
  readonly hostId: string;
  readonly participantCount: number;
  readonly mediaId: string | null;
  /** True at serverTs. */
  readonly positionSeconds: number;
  readonly playState: PlayState;
  /** v2; null from a v1 server. */
  readonly timeline: Timeline | null;
  /** v2; null from a v1 server. */
  readonly participants: readonly Participant[] | null;
  /** v2; null: nothing pends. */
  readonly waiting: Waiting | null;
  /** v2; false from a v1 server. */
  readonly private: boolean;
}
export interface ParticipantsUpdate extends Stamped {
  readonly type: 'participants_update';
  readonly room: string;
  readonly participantCount: number;
  /** v2; null from a v1 server. */
  readonly participants: readonly Participant[] | null;
}
export interface ClientLeft extends Stamped {
  readonly type: 'client_left';
  readonly room: string;
  readonly clientId: string;
  readonly participantCount: number;
}
export interface PlayerEvent extends Stamped {
  readonly type: 'player_event';
  readonly room: string;
  /** v2: who commanded. */
  readonly clientId: string | null;
  readonly action: PlayerAction;
  /** True at serverTs. */
  readonly positionSeconds: number;
  readonly playState: PlayState;
  /** When to act. */
  readonly targetServerTs: number;
  /** v2; null from a v1 server. */
  readonly timeline: Timeline | null;
}
export interface StateUpdate extends Stamped {
  readonly type: 'state_update';
  readonly room: string;
  /** v2: whose report it was. */
  readonly clientId: string | null;
  /** True at serverTs. */
  readonly positionSeconds: number;
  readonly playState: PlayState;
  /** v2; null from a v1 server. */
  readonly timeline: Timeline | null;
}
/** v2 */
export interface PlayPending extends Stamped {
  readonly type: 'play_pending';
  readonly room: string;
  /** null: nothing pends any more. */
  readonly waiting: Waiting | null;
}
/** v2: the answer to create_invite. */
export interface Invite extends Stamped {
  readonly type: 'invite';
  readonly room: string;
  /** Secret: whoever has it may join. */
  readonly ticket: string;
  readonly expiresTs: number;
}
export interface RoomClosed extends Stamped {
  readonly type: 'room_closed';
  readonly room: string;
  /** A sentence for people. */
  readonly reason: string;
}
export interface Pong extends Stamped {
  readonly type: 'pong';
  readonly room: string | null;
  readonly clientTs: number | null;
  /** v2: when the ping's bytes arrived. */
  readonly serverReceiveTs: number | null;
  /** v2: when the answer left. */
  readonly serverTransmitTs: number | null;
}
export interface ChatMessage extends Stamped {
  readonly type: 'chat_message';
  readonly room: string;
  readonly clientId: string;
  readonly userName: string;
  readonly text: string;
}
export interface ServerError extends Stamped {
  readonly type: 'error';
  /** null: a code that this client does not know. */
  readonly code: ErrorCode | null;
  readonly message: string;
}
/** A message that this client does not know: to be ignored. */
export interface Unknown {
  readonly type: 'unknown';
  readonly receivedType: string;
}
/** What could not be understood: to be ignored and logged. */
export interface Invalid {
  readonly type: 'invalid';
  readonly reason: string;
}

export type ServerMessage =
  | Hello
  | AuthSuccess
  | RoomList
  | RoomListDelta
  | RoomState
  | ParticipantsUpdate
  | ClientLeft
  | PlayerEvent
  | StateUpdate
  | PlayPending
  | Invite
  | RoomClosed
  | Pong
  | ChatMessage
  | ServerError
  | Unknown
  | Invalid;
