// The texts that only Jellyfin's users see; the parts shared with the watch page bring their own.
import type { Language } from '../ui/language';
import { speak as speakShared } from '../ui/strings';
import { de } from './strings/de';
import { en, type JellyfinStrings } from './strings/en';
import { es } from './strings/es';
import { fr } from './strings/fr';

export const tables: Readonly<Record<Language, JellyfinStrings>> = { en, fr, de, es };

export let strings: JellyfinStrings = en;

/** Chooses the language of everything that is drawn from now on, the shared parts included. */
export function speak(language: Language): void {
  strings = tables[language];
  speakShared(language);
}
