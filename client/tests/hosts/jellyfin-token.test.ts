import { expect, test } from 'vitest';
import { jellyfinTokens } from '../../src/hosts/jellyfin-token';

const noApi = {
  accessToken: (): string => {
    throw new Error('Jellyfin’s own token is nobody else’s business');
  },
};
const noSigning = (): Promise<string> => Promise.reject(new Error('nothing is to be signed'));

test('the plugin’s own server gets no token', async () => {
  const provide = jellyfinTokens({ mode: 'embedded' }, noApi, noSigning);
  expect(await provide(false)).toBeNull();
});

test.each([{}, { jellyfin_token: false }])(
  'a server elsewhere gets what the plugin signs, anew each time (%o)',
  async (way) => {
    let made = 0;
    const provide = jellyfinTokens({ mode: 'remote', ...way }, noApi, () =>
      Promise.resolve(`signed ${++made}`),
    );
    expect(await provide(false)).toBe('signed 1');
    expect(await provide(true)).toBe('signed 2');
  },
);

test('a server that asks Jellyfin gets the user’s token as it is then', async () => {
  let token: string | null = 'first';
  const api = { accessToken: () => token };
  const provide = jellyfinTokens({ mode: 'remote', jellyfin_token: true }, api, noSigning);
  expect(await provide(false)).toBe('first');
  token = 'second';
  expect(await provide(true)).toBe('second');
  token = null;
  expect(await provide(false)).toBeNull();
});
