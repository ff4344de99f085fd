// What this client says, as the text of one frame.
import type { ClientMessage } from './messages';

/** The frame of a message; `tsMs` is this client's clock, milliseconds since the epoch. */
export function encodeClientMessage(message: ClientMessage, tsMs: number): string {
  const room = 'room' in message ? message.room : undefined;
  return JSON.stringify({ type: message.type, room, ts: tsMs, payload: payloadOf(message) });
}

/** The payload under the wire's names. JSON leaves out what is undefined: absent means absent. */
function payloadOf(message: ClientMessage): Record<string, unknown> | undefined {
  switch (message.type) {
    case 'auth':
      return {
        token: message.token,
        user_name: message.userName,
        user_id: message.userId,
        protocol_version: message.protocolVersion,
        features: message.features,
      };
    case 'create_room':
      return {
        start_pos: message.startPositionSeconds,
        media_id: message.mediaId,
        user_name: message.userName,
        private: message.private,
      };
    case 'join_room':
      return {
        user_name: message.userName,
        resume_token: message.resumeToken,
        invite_ticket: message.inviteTicket,
      };
    case 'ready':
      return { room: message.room, media_id: message.mediaId };
    case 'player_event':
      return {
        action: message.action,
        position: message.positionSeconds,
        play_state: message.playState,
      };
    case 'state_update':
      return { position: message.positionSeconds, play_state: message.playState };
    case 'ping':
      return { client_ts: message.clientTs };
    case 'chat_message':
      return { text: message.text };
    case 'client_log':
      return { category: message.category, message: message.message };
    case 'participant_status':
      return { status: message.status, offset_ms: message.offsetMs, delay_ms: message.delayMs };
    case 'set_media':
      return {
        media_id: message.mediaId,
        start_position_seconds: message.startPositionSeconds,
      };
    case 'list_rooms':
    case 'leave_room':
    case 'subscribe_rooms':
    case 'unsubscribe_rooms':
    case 'close_room':
    case 'create_invite':
      return undefined;
  }
}
