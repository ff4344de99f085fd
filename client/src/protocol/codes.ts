// Generated from protocol/codes.json by tools/generate-codes. Do not edit.

/** What a client does about a code. */
export type Advice = 'fix' | 'wait' | 'authenticate' | 'leave' | 'stop' | 'reconnect';

/** Error codes of the wire: the sentence for people and what the client does. */
export const ERROR_CODES = {
  INVALID_JSON: { message: 'The message is not valid JSON.', client: 'fix' },
  INVALID_MESSAGE: {
    message: 'A field of the message is missing or of the wrong type.',
    client: 'fix',
  },
  UNKNOWN_MESSAGE_TYPE: {
    message: 'This server does not know that type of message.',
    client: 'fix',
  },
  MESSAGE_TOO_LARGE: { message: 'The message is larger than 64 KiB.', client: 'fix' },
  RATE_LIMITED: { message: 'Too many messages. Please slow down.', client: 'wait' },
  AUTHENTICATION_REQUIRED: { message: 'Please sign in first.', client: 'authenticate' },
  INVALID_TOKEN: {
    message: 'The token was not accepted. Please sign in again.',
    client: 'authenticate',
  },
  TOKEN_EXPIRED: {
    message: 'The token has expired. Please sign in again.',
    client: 'authenticate',
  },
  PROTOCOL_VERSION_UNSUPPORTED: {
    message: 'This server speaks protocol version 1.',
    client: 'stop',
  },
  ROOM_NOT_FOUND: { message: 'This room does not exist any more.', client: 'leave' },
  INVITE_INVALID: {
    message: 'This invite does not open a party (any more). Please ask for a new invite link.',
    client: 'leave',
  },
  ROOM_FULL: { message: 'Room is full', client: 'wait' },
  ROOM_LIMIT_REACHED: { message: 'You have too many rooms open. Close one first.', client: 'wait' },
  NOT_IN_ROOM: { message: 'You are not in this room.', client: 'leave' },
  HOST_PERMISSION_REQUIRED: { message: 'Only the host can do that.', client: 'fix' },
  MEDIA_FORBIDDEN: {
    message: 'You may not see this title. Ask whoever runs the media server.',
    client: 'fix',
  },
  INVALID_POSITION: { message: 'The position must be between 0 and 86400 seconds.', client: 'fix' },
  INVALID_CHAT_MESSAGE: { message: 'A chat message has 1 to 500 characters.', client: 'fix' },
  USER_NOT_ALLOWED: {
    message: 'Your account may not watch here now. Ask whoever runs the media server.',
    client: 'stop',
  },
  AUTH_UNAVAILABLE: {
    message: 'The media server could not be asked who you are. Please try again in a moment.',
    client: 'wait',
  },
  SERVER_FULL: { message: 'The server is full. Please try again later.', client: 'wait' },
} as const satisfies Record<string, { message: string; client: Advice }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Close codes of the WebSocket, likewise. */
export const CLOSE_CODES = {
  1001: { name: 'GOING_AWAY', message: 'The server is stopping.', client: 'reconnect' },
  1002: {
    name: 'PROTOCOL_ERROR',
    message: 'The peer broke the WebSocket protocol.',
    client: 'reconnect',
  },
  1003: { name: 'UNSUPPORTED_DATA', message: 'Only text messages are understood.', client: 'stop' },
  1007: { name: 'INVALID_PAYLOAD', message: 'The text is not valid UTF-8.', client: 'reconnect' },
  1008: {
    name: 'POLICY_VIOLATION',
    message: 'The connection broke a rule that it was told about.',
    client: 'stop',
  },
  1009: {
    name: 'MESSAGE_TOO_BIG',
    message: 'The message is larger than 64 KiB.',
    client: 'reconnect',
  },
  1011: {
    name: 'INTERNAL_ERROR',
    message: 'The server met an unexpected condition.',
    client: 'reconnect',
  },
  1012: { name: 'SERVICE_RESTART', message: 'The server is restarting.', client: 'reconnect' },
  1013: { name: 'TRY_AGAIN_LATER', message: 'The server is full.', client: 'reconnect' },
  4000: { name: 'TIMED_OUT', message: 'No sign of life for too long.', client: 'reconnect' },
  4001: {
    name: 'TOO_SLOW',
    message: 'The connection does not take its messages fast enough.',
    client: 'reconnect',
  },
  4100: {
    name: 'AUTHENTICATION_TIMEOUT',
    message: 'No valid token arrived in time.',
    client: 'stop',
  },
  4101: { name: 'REPLACED', message: 'The same member has connected again.', client: 'stop' },
  4102: {
    name: 'SIGNED_OUT',
    message: 'Your sign-in does not hold any more. Please sign in again.',
    client: 'stop',
  },
} as const satisfies Record<number, { name: string; message: string; client: Advice }>;

export type CloseCode = keyof typeof CLOSE_CODES;
