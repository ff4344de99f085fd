// The plugin's page among Jellyfin's settings, as its administrator uses it. With JELLYFIN_WEB in the real
// client, as in jellyfin.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jellyfin, people } from './jellyfin.ts';
import { until, type Window } from './windows.ts';

interface Settings {
  readonly JwtSecret: string;
  readonly MembersPerRoomMax: number;
}

const plugin = '6d1c3a52-58f7-4c0e-9b7b-2f0e6b7c94d1';
const noServerThere = 'ws://127.0.0.1:1/ws';

async function settings({ address }: Jellyfin): Promise<Settings> {
  const headers = { Authorization: `MediaBrowser Token="${people.Ada.token}"` };
  const answer = await fetch(`${address}/Plugins/${plugin}/Configuration`, { headers });
  return (await answer.json()) as Settings;
}

/** What somebody could read who looks at the page, or at what it is made of. */
function all({ page }: Window): Promise<string> {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll('input')].map(({ value }) => value);
    return document.documentElement.outerHTML + fields.join('\n');
  });
}

void test('status, save, test, secret and the switch', { timeout: 180_000 }, async (t) => {
  const jellyfin = await Jellyfin.start();
  t.after(() => jellyfin.stop());
  const ada = await jellyfin.open('Ada', '/configurationpage?name=OpenWatchParty');
  t.after(() => ada.close());
  const at = (id: string) => ada.page.locator(`#owp${id}`);
  const save = () => at('Form').locator('button[type=submit]').click();
  const says = async (id: string, text: RegExp): Promise<void> =>
    until(`${id} says ${String(text)}`, async () => text.test((await at(id).textContent()) ?? ''));

  await says('Status', /own server is running \(process \d+\)/u);
  const { JwtSecret } = await settings(jellyfin);
  assert.ok(JwtSecret.length >= 32, 'a secret was made');
  assert.equal((await all(ada)).includes(JwtSecret), false, 'it is shown to who asks only');

  await at('MembersPerRoomMax').fill('7');
  await save();
  const kept = async (): Promise<boolean> => (await settings(jellyfin)).MembersPerRoomMax === 7;
  await until('it is saved', kept);
  await says('Status', /own server is running/u);
  await at('Test').click();
  await says('TestResult', /^All is well/u);

  await at('Mode').selectOption('Remote');
  await at('RemoteUrl').fill(noServerThere);
  await at('ShowSecret').click();
  await until('it is shown', async () => (await at('Secret').inputValue()) === JwtSecret);
  await at('Test').click();
  await says('TestResult', /^Nothing answers at 127\.0\.0\.1:1: check port/u);
  assert.equal((await all(ada)).includes(JwtSecret), false, 'it is hidden once it is saved');
  assert.equal((await settings(jellyfin)).JwtSecret, JwtSecret);

  await ada.page.getByText('Add Watch Party to Jellyfin').click();
  await save();
  const page = async (): Promise<string> => (await fetch(`${jellyfin.address}/web/`)).text();
  await until(
    'the script is out of the page',
    async () => !(await page()).includes('ClientScript'),
  );
  assert.deepEqual(ada.trouble, [], 'no exception in the page');
});
