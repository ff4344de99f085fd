// protocol/schema against the vectors: whatever a vector puts on the wire fits its schema, and
// what a schema calls closed is closed.
import { readdirSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { frameOf, loadJson, loadVectors, PROTOCOL_DIR, type Framed, type Json } from './vectors';

interface Message {
  readonly type: string;
  readonly payload?: Json;
}
interface FromClient extends Framed {
  readonly refused?: string;
}
interface ToClient extends Framed {
  readonly wire: Message | null;
  readonly dialect: 'v1' | 'v2';
}

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
ajv.addSchema(loadJson('schema/common.json') as object);
const schemas = new Map<string, ValidateFunction>();
for (const folder of ['from-client', 'to-client-v1', 'to-client-v2']) {
  for (const file of readdirSync(`${PROTOCOL_DIR}schema/${folder}`)) {
    const schema = loadJson(`schema/${folder}/${file}`) as object;
    schemas.set(`${folder}/${file.replace('.json', '')}`, ajv.compile(schema));
  }
}

function faults(folder: string, message: Message): string {
  const validate = schemas.get(`${folder}/${message.type}`);
  if (!validate) return `no schema ${folder}/${message.type}`;
  return validate(message) ? '' : ajv.errorsText(validate.errors);
}

const accepted = loadVectors('codec/from_client.json') as readonly FromClient[];
const refused = loadVectors('codec/from_client_refused.json') as readonly FromClient[];
const sent = (loadVectors('codec/to_client.json') as readonly ToClient[]).filter(
  (vector): vector is ToClient & { wire: Message } => vector.wire !== null,
);

describe('what a client may send', () => {
  it.each(accepted)('$name', (vector) => {
    expect(faults('from-client', JSON.parse(frameOf(vector)) as Message)).toBe('');
  });
});

describe('what a client must not send', () => {
  // The rest is no JSON of a known type, or a rule that no schema can state (protocol/schema).
  const stated = ['INVALID_MESSAGE', 'INVALID_POSITION', 'NOT_IN_ROOM', 'ROOM_NOT_FOUND'];
  const messages = refused.filter((vector) => {
    if (!stated.includes(vector.refused ?? '')) return false;
    const message = JSON.parse(frameOf(vector)) as Partial<Message> | null;
    return typeof message?.type === 'string';
  });
  it.each(messages)('$name', (vector) => {
    expect(faults('from-client', JSON.parse(frameOf(vector)) as Message)).not.toBe('');
  });
});

describe('what the server sends', () => {
  it.each(sent)('$name', ({ dialect, wire }) => {
    expect(faults(`to-client-${dialect}`, wire)).toBe('');
  });

  it.each(sent)('$name: and nothing more', ({ dialect, wire }) => {
    expect(faults(`to-client-${dialect}`, { ...wire, novelty: 1 } as Message)).not.toBe('');
    expect(faults(`to-client-${dialect}`, { ...wire, room: null } as Message)).not.toBe('');
    const { payload } = wire;
    if (wire.type === 'pong' || Array.isArray(payload)) return; // a pong echoes what it got
    const more = { ...wire, payload: { ...(payload as object), novelty: 1 } };
    expect(faults(`to-client-${dialect}`, more)).not.toBe('');
  });

  it('is covered by a vector, message by message', () => {
    const seen = new Set(sent.map(({ dialect, wire }) => `to-client-${dialect}/${wire.type}`));
    for (const name of schemas.keys())
      if (name.startsWith('to-client')) expect(seen).toContain(name);
  });
});
