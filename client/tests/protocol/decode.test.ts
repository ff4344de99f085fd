// Whatever a server sends, reading it ends in a value.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeServerMessage } from '../../src/protocol/decode';
import { frameOf, loadVectors, type Framed, type JsonObject } from './vectors';

const frames = (loadVectors('codec/to_client.json') as readonly Framed[])
  .filter((vector) => vector.wire !== null)
  .map((vector) => vector.wire as JsonObject);

describe('decodeServerMessage', () => {
  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeServerMessage(text).type).toBe('invalid');
      }),
    );
  });

  it('takes any value for any field of a valid message, and never a number out of range', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...frames),
        fc.nat(),
        fc.jsonValue(),
        (frame, at, replacement) => {
          const message = decodeServerMessage(JSON.stringify(replaced(frame, at, replacement)));
          if ('positionSeconds' in message) {
            expect(message.positionSeconds).toBeGreaterThanOrEqual(0);
            expect(message.positionSeconds).toBeLessThanOrEqual(86_400);
          }
          if ('serverTs' in message) expect(message.serverTs).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('ignores a field that it does not know', () => {
    for (const wire of frames) {
      const { payload } = wire;
      const more = Array.isArray(payload) ? payload : { ...(payload as JsonObject), novelty: 1 };
      const known = decodeServerMessage(frameOf({ name: '', wire }));
      expect(decodeServerMessage(JSON.stringify({ ...wire, payload: more, novelty: [] }))).toEqual(
        known,
      );
    }
  });
});

/** The object with the value of its nth member, nested ones counted, replaced. */
function replaced(object: JsonObject, at: number, replacement: unknown): unknown {
  const paths: string[][] = [];
  const walk = (value: unknown, path: string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      paths.push([...path, name]);
      walk(inner, [...path, name]);
    }
  };
  walk(object, []);
  const path = paths[at % paths.length]!;
  const copy = structuredClone(object) as Record<string, unknown>;
  let parent = copy;
  for (const name of path.slice(0, -1)) parent = parent[name] as Record<string, unknown>;
  parent[path.at(-1)!] = replacement;
  return copy;
}
