// What the server says, as a value. Strict in what it needs, blind to what it does not know: a
// field more changes nothing, a field less or of the wrong kind makes the message `invalid`.
import { ERROR_CODES, type ErrorCode } from './codes';
import type {
  Participant,
  PlayState,
  RoomSummary,
  ServerMessage,
  Timeline,
  Waiting,
} from './messages';
import { Faults, isObject, Reader } from './reader';

/** No frame is longer (P-LIMIT-1); in UTF-16 units it can only be shorter than in bytes. */
const MESSAGE_LENGTH_MAX = 64 * 1024;

/** Never throws: what cannot be understood is `invalid`, a type not known is `unknown`. */
export function decodeServerMessage(text: string): ServerMessage {
  const value = parse(text);
  if (!isObject(value)) return { type: 'invalid', reason: 'no JSON object of at most 64 KiB' };
  const type = value['type'];
  if (typeof type !== 'string') return { type: 'invalid', reason: 'type: no text' };
  const decoder = decoders.get(type);
  if (!decoder) return { type: 'unknown', receivedType: type };
  const faults = new Faults();
  const message = decoder(new Reader(value, '', faults));
  return faults.first === null ? message : { type: 'invalid', reason: `${type}: ${faults.first}` };
}

function parse(text: string): unknown {
  if (text.length > MESSAGE_LENGTH_MAX) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

type Decoder = (envelope: Reader) => ServerMessage;

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['client_hello', clientHello],
  ['auth_success', authSuccess],
  ['room_list', roomList],
  ['room_list_delta', roomListDelta],
  ['room_state', roomState],
  ['participants_update', participantsUpdate],
  ['client_left', clientLeft],
  ['player_event', playerEvent],
  ['state_update', stateUpdate],
  ['play_pending', playPending],
  ['invite', invite],
  ['room_closed', roomClosed],
  ['pong', pong],
  ['chat_message', chatMessage],
  ['error', serverError],
]);

const serverTs = (envelope: Reader): number => envelope.time('server_ts');
const uuid = (reader: Reader, name: string): string => reader.uuid(name);
const hexId = (reader: Reader, name: string): string => reader.hexId(name);
const number = (reader: Reader, name: string): number => reader.number(name);
const time = (reader: Reader, name: string): number => reader.time(name);
const playState = (reader: Reader): PlayState => reader.oneOf('play_state', ['paused', 'playing']);

function timeline(reader: Reader, name: string): Timeline {
  const inner = reader.object(name);
  return {
    mediaId: inner.optional('media_id', hexId),
    positionSeconds: inner.positionSeconds('position'),
    rate: inner.number('rate', 0),
    playing: inner.boolean('playing'),
    atMs: inner.time('at'),
    seq: inner.count('seq'),
  };
}

function participant(reader: Reader): Participant {
  return {
    clientId: reader.uuid('client_id'),
    name: reader.text('name'),
    isHost: reader.boolean('is_host'),
    status: reader.oneOf('status', ['ready', 'playing', 'buffering', 'away']),
    offsetMs: reader.optional('offset_ms', number),
    delayMs: reader.optional('delay_ms', number),
  };
}

function participants(reader: Reader, name: string): Participant[] {
  return reader.objects(name, participant);
}

/** `until` is there while a play pends (P-V2-10). */
function waiting(reader: Reader): Waiting | null {
  if (!reader.has('until')) return null;
  return { clientIds: reader.uuids('waiting_for'), untilMs: reader.time('until') };
}

function roomSummary(reader: Reader): RoomSummary {
  return {
    id: reader.uuid('id'),
    name: reader.text('name'),
    count: reader.count('count'),
    mediaId: reader.optional('media_id', hexId),
    hostName: reader.optional('host_name', (room, name) => room.text(name)) ?? '',
    playing: reader.optional('playing', (room, name) => room.boolean(name)) ?? false,
  };
}

function clientHello(envelope: Reader): ServerMessage {
  return {
    type: 'client_hello',
    serverTs: serverTs(envelope),
    clientId: envelope.object('payload').uuid('client_id'),
  };
}

function authSuccess(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  return {
    type: 'auth_success',
    serverTs: serverTs(envelope),
    clientId: envelope.optional('client', uuid),
    userName: payload.text('user_name'),
    userId: payload.optional('user_id', (reader, name) => reader.text(name)),
    features: payload.optional('features', (reader, name) => reader.texts(name)) ?? [],
    resumeToken: payload.optional('resume_token', hexId),
  };
}

function roomList(envelope: Reader): ServerMessage {
  return {
    type: 'room_list',
    serverTs: serverTs(envelope),
    rooms: envelope.objects('payload', roomSummary),
  };
}

function roomListDelta(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  return {
    type: 'room_list_delta',
    serverTs: serverTs(envelope),
    upserted: payload.objects('upserted', roomSummary),
    removed: payload.uuids('removed'),
  };
}

function roomState(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  const state = payload.object('state');
  return {
    type: 'room_state',
    serverTs: serverTs(envelope),
    room: envelope.uuid('room'),
    name: payload.text('name'),
    hostId: payload.uuid('host_id'),
    participantCount: payload.count('participant_count'),
    mediaId: payload.optional('media_id', hexId),
    positionSeconds: state.positionSeconds('position'),
    playState: playState(state),
    timeline: payload.optional('timeline', timeline),
    participants: payload.optional('participants', participants),
    waiting: waiting(payload),
    private: payload.optional('private', (reader, name) => reader.boolean(name)) ?? false,
  };
}

function participantsUpdate(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  return {
    type: 'participants_update',
    serverTs: serverTs(envelope),
    room: envelope.uuid('room'),
    participantCount: payload.count('participant_count'),
    participants: payload.optional('participants', participants),
  };
}

function clientLeft(envelope: Reader): ServerMessage {
  return {
    type: 'client_left',
    serverTs: serverTs(envelope),
    room: envelope.uuid('room'),
    clientId: envelope.uuid('client'),
    participantCount: envelope.object('payload').count('participant_count'),
  };
}

function playerEvent(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  return {
    type: 'player_event',
    serverTs: serverTs(envelope),
    room: envelope.uuid('room'),
    clientId: envelope.optional('client', uuid),
    action: payload.oneOf('action', ['play', 'pause', 'seek', 'buffering']),
    positionSeconds: payload.positionSeconds('position'),
    playState: playState(payload),
    targetServerTs: payload.time('target_server_ts'),
    timeline: payload.optional('timeline', timeline),
  };
}

function stateUpdate(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  return {
    type: 'state_update',
    serverTs: serverTs(envelope),
    room: envelope.uuid('room'),
    clientId: envelope.optional('client', uuid),
    positionSeconds: payload.positionSeconds('position'),
    playState: playState(payload),
    timeline: payload.optional('timeline', timeline),
  };
}

function playPending(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  return {
    type: 'play_pending',
    serverTs: serverTs(envelope),
    room: envelope.uuid('room'),
    waiting: waiting(payload),
  };
}

function invite(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  return {
    type: 'invite',
    serverTs: serverTs(envelope),
    room: envelope.uuid('room'),
    ticket: payload.hexId('ticket'),
    expiresTs: payload.time('expires_ts'),
  };
}

function roomClosed(envelope: Reader): ServerMessage {
  return {
    type: 'room_closed',
    serverTs: serverTs(envelope),
    room: envelope.uuid('room'),
    reason: envelope.object('payload').text('reason'),
  };
}

function pong(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  return {
    type: 'pong',
    serverTs: serverTs(envelope),
    room: envelope.optional('room', uuid),
    clientTs: payload.optional('client_ts', number),
    serverReceiveTs: payload.optional('server_receive_ts', time),
    serverTransmitTs: payload.optional('server_transmit_ts', time),
  };
}

function chatMessage(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  return {
    type: 'chat_message',
    serverTs: serverTs(envelope),
    room: envelope.uuid('room'),
    clientId: envelope.uuid('client'),
    userName: payload.text('username'),
    text: payload.text('text'),
  };
}

function serverError(envelope: Reader): ServerMessage {
  const payload = envelope.object('payload');
  const code = payload.optional('code', (reader, name) => reader.text(name));
  return {
    type: 'error',
    serverTs: serverTs(envelope),
    code: isErrorCode(code) ? code : null,
    message: payload.text('message'),
  };
}

function isErrorCode(code: string | null): code is ErrorCode {
  return code !== null && Object.hasOwn(ERROR_CODES, code);
}
