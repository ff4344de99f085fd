import { afterEach, expect, test } from 'vitest';
import { CLOSE_CODES, ERROR_CODES } from '../../src/protocol/codes';
import { sentenceFor, speak, strings, tables } from '../../src/ui/strings';
import { holdsForAllTables } from './tables';

afterEach(() => speak('en'));

holdsForAllTables(tables, [
  'fr.chatField',
  'fr.exact',
  'fr.pause',
  'fr.seek',
  'fr.volume',
  'fr.key',
  'de.key',
  'es.key',
]);

test('the table in force is the one that was chosen', () => {
  expect(strings.join).toBe('Join');
  speak('de');
  expect(strings.join).toBe('Beitreten');
});

test('a code has its sentence in the language in force', () => {
  expect(sentenceFor('ROOM_FULL', 'Room is full')).toBe('Room is full');
  speak('es');
  expect(sentenceFor('ROOM_FULL', 'Room is full')).toBe('La fiesta está completa.');
  expect(sentenceFor('JOINED', 'Ada joined.', 'Ada')).toBe('Ada ha entrado.');
  expect(sentenceFor('JOINED', 'Somebody joined.')).toBe('Somebody joined.');
});

test('an unknown code is told as it came', () => {
  speak('fr');
  expect(sentenceFor('BRAND_NEW', 'Something new.')).toBe('Something new.');
  expect(sentenceFor('constructor', 'No code at all.')).toBe('No code at all.');
});

/** What only ever tells of a fault in our own program, or is mended by connecting again. */
const notForPeople = new Set(['INVALID_JSON', 'UNKNOWN_MESSAGE_TYPE', 'INVALID_POSITION']);

test('what the wire can say to people has a sentence in every language', () => {
  const ended = Object.values(CLOSE_CODES).filter(
    ({ client, name }) => client === 'stop' && name !== 'UNSUPPORTED_DATA',
  );
  const codes = [
    ...Object.keys(ERROR_CODES).filter((code) => !notForPeople.has(code)),
    ...ended.map(({ name }) => name),
  ];
  for (const code of codes) expect(Object.keys(tables.en.sentences)).toContain(code);
});
