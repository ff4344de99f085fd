import { beforeEach, describe, expect, test } from 'vitest';
import { TokenDesk } from '../../src/hosts/token';
import { settle } from '../sim/world';

let submitted: number;
let asked: number;

beforeEach(() => {
  submitted = 0;
  asked = 0;
});

function desk(isAuthEnabled: boolean): TokenDesk {
  return new TokenDesk(
    () => {
      asked += 1;
      return Promise.resolve(isAuthEnabled);
    },
    () => submitted++,
  );
}

test('a server without auth gets no token, and the viewer is not asked', async () => {
  const it = desk(false);
  expect(await it.provide(false)).toBeNull();
  expect(it.state.value).toEqual({ needed: false, refused: false });
});

test('a server with auth waits for what the viewer gives', async () => {
  const it = desk(true);
  let token: string | null | undefined;
  void it.provide(false).then((given) => (token = given));
  await settle();
  expect(it.state.value).toEqual({ needed: true, refused: false });
  expect(token).toBeUndefined();
  it.submit('a.b.c');
  await settle();
  expect(token).toBe('a.b.c');
  expect(it.state.value).toEqual({ needed: false, refused: false });
  expect(submitted).toBe(1);
});

test('the token is kept for the next connection, without asking anybody', async () => {
  const it = desk(true);
  it.submit('a.b.c');
  expect(await it.provide(false)).toBe('a.b.c');
  expect(asked).toBe(0);
});

describe('a token that was refused', () => {
  test('is forgotten, and the viewer is told', async () => {
    const it = desk(true);
    it.submit('old');
    let token: string | null | undefined;
    void it.provide(true).then((given) => (token = given));
    await settle();
    expect(it.state.value).toEqual({ needed: true, refused: true });
    it.submit('new');
    await settle();
    expect(token).toBe('new');
    expect(await it.provide(false)).toBe('new');
  });

  test('is asked for again also where the server said that it has no auth', async () => {
    const it = desk(false);
    void it.provide(true);
    await settle();
    expect(asked).toBe(0);
    expect(it.state.value.needed).toBe(true);
  });
});

test('all who wait get the same token', async () => {
  const it = desk(true);
  const both = Promise.all([it.provide(false), it.provide(false)]);
  await settle();
  it.submit('a.b.c');
  expect(await both).toEqual(['a.b.c', 'a.b.c']);
});

test('a server that does not answer is the connection’s trouble, not a wrong token', async () => {
  const it = new TokenDesk(
    () => Promise.reject(new Error('no answer')),
    () => submitted++,
  );
  await expect(it.provide(false)).rejects.toThrow('no answer');
  expect(it.state.value.needed).toBe(false);
});
