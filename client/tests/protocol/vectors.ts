// Reads protocol/vectors, which the C++ codec runs too (server/tests/protocol/vectors_test.cpp).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PROTOCOL_DIR = fileURLToPath(new URL('../../../protocol/', import.meta.url));

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** A frame as a vector writes it, and the name under which it fails. */
export interface Framed {
  readonly name: string;
  readonly wire?: unknown;
  readonly text?: string;
  readonly text_hex?: string;
}

export function loadJson(path: string): unknown {
  return JSON.parse(readFileSync(PROTOCOL_DIR + path, 'utf8'));
}

/** The vectors of a file; its reader knows their type. */
export function loadVectors(file: string): unknown {
  return (loadJson(`vectors/${file}`) as { vectors: unknown }).vectors;
}

export function frameOf(vector: Framed): string {
  if (vector.text_hex !== undefined) return Buffer.from(vector.text_hex, 'hex').toString('utf8');
  return vector.text ?? JSON.stringify(vector.wire);
}

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The same value with its names in camel case, as the client writes them. */
export function camelCased(value: Json): Json {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [camel(name), camelCased(inner)]),
  );
}
