// What every set of translations must hold to, whichever part of the interface it belongs to.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { languages, type Language } from '../../src/ui/language';

const sources = globSync('src/{ui,jellyfin}/*.ts')
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

/** A text, or a function whose holes a marker can be seen in. */
type Leaf = string | null | ((...holes: never[]) => string);
interface Table {
  readonly [key: string]: Leaf | Table;
}

function leaves(table: Table, path = ''): [string, Leaf][] {
  return Object.entries(table).flatMap(([key, value]): [string, Leaf][] =>
    typeof value === 'object' && value !== null
      ? leaves(value, `${path}${key}.`)
      : [[path + key, value]],
  );
}

const holes = [7001, 7002, 7003];
/** Numbers stand for names as well: they come through as they are. */
function told(leaf: Leaf): string | null {
  return typeof leaf === 'function' ? (leaf as (...n: number[]) => string)(...holes) : leaf;
}
function holesIn(text: string): number[] {
  return holes.filter((hole) => text.includes(String(hole)));
}

/**
 * @param same Texts that a language rightly has in common with English: `language.key`.
 */
export function holdsForAllTables(
  tables: Readonly<Record<Language, object>>,
  same: readonly string[],
): void {
  const english = new Map(leaves(tables.en as Table));

  for (const language of languages.filter((other) => other !== 'en')) {
    const own = leaves(tables[language] as Table);

    test(`${language} has the texts of English, with the same holes`, () => {
      expect(own.map(([key]) => key).sort()).toEqual([...english.keys()].sort());
      for (const [key, leaf] of own) {
        const here = told(leaf);
        const there = told(english.get(key) ?? null);
        expect(here, key).toBeTruthy();
        expect(typeof leaf === 'function', key).toBe(typeof english.get(key) === 'function');
        if (there !== null) expect(holesIn(here ?? ''), key).toEqual(holesIn(there));
      }
    });

    test(`${language} repeats English only where it says so`, () => {
      const repeated = own
        .filter(([key, leaf]) => told(leaf) === told(english.get(key) ?? null))
        .map(([key]) => `${language}.${key}`);
      expect(repeated).toEqual(same.filter((key) => key.startsWith(`${language}.`)));
    });
  }

  test('every text is read somewhere', () => {
    for (const key of Object.keys(tables.en))
      expect(sources, key).toMatch(new RegExp(`(?:strings|shared)\\s*\\.${key}\\b`, 'u'));
  });

  test('no text begins or ends with a space, none has two in a row', () => {
    for (const language of languages)
      for (const [key, leaf] of leaves(tables[language] as Table))
        expect(told(leaf) ?? '', `${language}.${key}`).not.toMatch(/^\s|\s$|\s\s/u);
  });
}
