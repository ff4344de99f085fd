// The codec against protocol/vectors/codec.
import { describe, expect, it } from 'vitest';
import { decodeServerMessage, encodeClientMessage } from '../../src/protocol/codec';
import type { ClientMessage } from '../../src/protocol/messages';
import {
  camelCased,
  frameOf,
  loadVectors,
  type Framed,
  type Json,
  type JsonObject,
} from './vectors';

interface FromClient extends Framed {
  readonly wire?: { readonly type: string; readonly ts: number };
  readonly value: JsonObject;
  readonly client_sends?: true;
}
interface ToClient extends Framed {
  readonly wire: JsonObject | null;
  readonly reads?: JsonObject;
}
interface Refused extends Framed {
  readonly reads: 'invalid' | 'unknown';
}

/** The message that a vector's value describes; `ts` is no part of it but given to the codec. */
function clientMessageOf(value: JsonObject): ClientMessage {
  const { payload_json: payload, ...rest } = value;
  const fields: Record<string, Json> = rest;
  delete fields['ts'];
  const ping = typeof payload === 'string' ? (JSON.parse(payload) as JsonObject) : {};
  return camelCased({ ...fields, ...ping }) as unknown as ClientMessage;
}

describe('what our client sends', () => {
  const sent = (loadVectors('codec/from_client.json') as readonly FromClient[]).filter(
    (v) => v.client_sends,
  );
  it.each(sent)('$name', ({ wire, value }) => {
    const frame = encodeClientMessage(clientMessageOf(value), wire!.ts);
    const { payload = {}, ...envelope } = JSON.parse(frame) as JsonObject;
    const { payload: expected = {}, ...expectedEnvelope } = wire as unknown as JsonObject;
    expect(envelope).toEqual(expectedEnvelope);
    expect(payload).toEqual(expected);
  });
  it('covers every message', () => {
    const types: Record<ClientMessage['type'], true> = {
      auth: true,
      list_rooms: true,
      create_room: true,
      join_room: true,
      leave_room: true,
      ready: true,
      player_event: true,
      state_update: true,
      ping: true,
      chat_message: true,
      client_log: true,
      subscribe_rooms: true,
      unsubscribe_rooms: true,
      close_room: true,
      set_media: true,
      create_invite: true,
      participant_status: true,
    };
    expect(new Set(sent.map((v) => v.value['type']))).toEqual(new Set(Object.keys(types)));
  });
});

describe('what our client reads', () => {
  const read = (loadVectors('codec/to_client.json') as readonly ToClient[]).filter(
    (v) => v.wire !== null,
  );
  it.each(read)('$name', (vector) => {
    expect(decodeServerMessage(frameOf(vector))).toEqual(camelCased(vector.reads!));
  });
});

describe('what our client does not take', () => {
  it.each(loadVectors('codec/to_client_refused.json') as readonly Refused[])('$name', (vector) => {
    expect(decodeServerMessage(frameOf(vector)).type).toBe(vector.reads);
  });
  it('is longer than 64 KiB', () => {
    const text = JSON.stringify({ type: 'room_closed', padding: 'x'.repeat(64 * 1024) });
    expect(decodeServerMessage(text)).toEqual({
      type: 'invalid',
      reason: 'no JSON object of at most 64 KiB',
    });
  });
});
