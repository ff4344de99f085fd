import { expect, test } from 'vitest';
import { languageOf, plural } from '../../src/ui/language';

test.each([
  [['de'], 'de'],
  [['fr-CA', 'en'], 'fr'],
  [['es_419'], 'es'],
  [['ES-mx'], 'es'],
  [['pt-BR', 'de-AT', 'fr'], 'de'],
  [['zh-CN'], 'en'],
  [['', 'x-klingon'], 'en'],
  [['den'], 'en'],
  [[], 'en'],
])('of %j it is %s', (tags, language) => {
  expect(languageOf(tags)).toBe(language);
});

test('counts take the form that the language asks for', () => {
  const forms = (language: Parameters<typeof plural>[0]): string[] =>
    [0, 1, 2, 21].map((count) => plural(language)(count, 'one', 'more'));
  expect(forms('en')).toEqual(['more', 'one', 'more', 'more']);
  expect(forms('de')).toEqual(['more', 'one', 'more', 'more']);
  expect(forms('es')).toEqual(['more', 'one', 'more', 'more']);
  expect(forms('fr')).toEqual(['one', 'one', 'more', 'more']);
});
