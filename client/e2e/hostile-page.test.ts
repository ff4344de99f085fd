// What a page of somebody else can do with a viewer's browser: nothing to our server or our page.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { mintToken } from '../../server/tests/conformance/harness.ts';
import { until, Visit } from './windows.ts';

/** A page on another port is of another origin. */
async function serveForeignPage(t: TestContext, html: string): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** How a WebSocket that the page opens itself ends up: 'open', or the code of its close. */
function connectFrom(page: Page, url: string): Promise<string> {
  return page.evaluate(
    (target) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(target);
        socket.onopen = () => resolve('open');
        socket.onclose = ({ code }) => resolve(String(code));
      }),
    url,
  );
}

void test('a foreign page can neither connect nor frame ours', { timeout: 120_000 }, async (t) => {
  const visit = await Visit.start(t);
  const own = visit.server.address;
  const socket = `${own.replace('http', 'ws')}/ws`;
  const foreign = await serveForeignPage(t, `<p>Win a prize</p><iframe src="${own}/"></iframe>`);

  const ada = await visit.open('Ada');
  assert.equal(await connectFrom(ada.page, socket), 'open', 'our own page may');
  const bait = await visit.open('Bait', { at: foreign });
  assert.equal(await connectFrom(bait.page, socket), '1006');
  const framed = (): string | undefined => bait.page.frames()[1]?.url();
  await until('the frame is refused', () => framed() === 'chrome-error://chromewebdata/');
  await ada.startParty();
  await ada.untilMembers(1);
});

void test('nothing that is stored opens a session', { timeout: 120_000 }, async (t) => {
  const secret = 'a secret for this test, of 32 and more bytes';
  const visit = await Visit.start(t, { JWT_SECRET: secret });
  const token = mintToken(secret, { name: 'Ada' });
  const ada = await visit.open('Ada');
  await ada.page.getByLabel('Token').fill(token);
  await ada.page.getByRole('button', { name: 'Sign in' }).click();
  await ada.page
    .getByRole('button', { name: /^Start a party with / })
    .first()
    .click();
  await ada.untilInRoom();
  const stored = await ada.page.evaluate(() => JSON.stringify(localStorage));
  assert.ok(!stored.includes(token), 'the token is not kept');
  assert.doesNotMatch(stored, /[0-9a-f]{32}/i, 'no resume token, no ticket');
  assert.equal(await ada.page.evaluate(() => document.cookie), '');
  assert.ok(!ada.page.url().includes(token));
});
