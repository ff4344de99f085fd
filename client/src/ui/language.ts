// Which of our languages a reader gets, and how each of them counts. Pure.

export const languages = ['en', 'fr', 'de', 'es'] as const;
export type Language = (typeof languages)[number];

/** The first language that is ours in a list such as `navigator.languages`; else English. */
export function languageOf(tags: readonly string[]): Language {
  for (const tag of tags) {
    const [primary] = tag.toLowerCase().split(/[-_]/u);
    const ours = languages.find((language) => language === primary);
    if (ours) return ours;
  }
  return 'en';
}

/** Chooses the form of a word that goes with a count. */
export function plural(language: Language): (count: number, one: string, more: string) => string {
  const rules = new Intl.PluralRules(language);
  return (count, one, more) => (rules.select(count) === 'one' ? one : more);
}

/** What people are told about a code; a function where a name belongs into it, null: as it came. */
export type Sentence = string | ((name: string) => string) | null;
