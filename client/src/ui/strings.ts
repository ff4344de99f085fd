// Every text of the watch page and of the parts that it shares with Jellyfin, as a table per language.
// A text with a hole in it is a function, so that a translation may move the hole. `strings` is the
// table in force: read it where you draw, never keep what you read.
import type { Language, Sentence } from './language';
import { de } from './strings/de';
import { en, type UiStrings } from './strings/en';
import { es } from './strings/es';
import { fr } from './strings/fr';

/** A name, the same in all languages. */
export const brand = 'OpenWatchParty';

export const tables: Readonly<Record<Language, UiStrings>> = { en, fr, de, es };

export let strings: UiStrings = en;

/** Chooses the language of everything that is drawn from now on. */
export function speak(language: Language): void {
  strings = tables[language];
}

/** What a notice or an ended connection says, in the language in force; an unknown code as it came. */
export function sentenceFor(code: string, asItCame: string, name = ''): string {
  const sentences: Readonly<Record<string, Sentence>> = strings.sentences;
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : null;
  if (typeof sentence === 'function') return name === '' ? asItCame : sentence(name);
  return sentence ?? asItCame;
}
