import { afterEach, expect, test } from 'vitest';
import { speak, strings, tables } from '../../src/jellyfin/strings';
import { strings as shared } from '../../src/ui/strings';
import { holdsForAllTables } from '../ui/tables';

afterEach(() => speak('en'));

holdsForAllTables(tables, []);

test('one choice of language holds for the shared parts too', () => {
  speak('fr');
  expect(strings.watchTogether).toBe('Regarder ensemble');
  expect(shared.leave).toBe('Quitter');
});
