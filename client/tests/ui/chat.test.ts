// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import '../../src/ui/chat';
import { maxChatLength, type Chat } from '../../src/ui/chat';
import { button, drawn, field, find, findAll, line, mount, textOf, type } from './fixtures';

async function chat(change: Partial<Chat> = {}) {
  const sent: string[] = [];
  const element = await mount('owp-chat', { send: (text) => sent.push(text), ...change });
  const submit = async (text: string): Promise<void> => {
    type(field(element), text);
    await drawn(element);
    find(element, 'form').dispatchEvent(new Event('submit', { cancelable: true }));
    await drawn(element);
  };
  return { element, sent, submit };
}

/** Gives the log a height and a place, which a page without layout has not. */
function scrolled(element: Chat, fromEndPx: number): HTMLElement {
  const log = find(element, '.log');
  Object.defineProperty(log, 'clientHeight', { value: 100, configurable: true });
  Object.defineProperty(log, 'scrollHeight', { value: 1_000, configurable: true });
  log.scrollTop = 900 - fromEndPx;
  return log;
}

test('sends what was written, trimmed, and empties the field', async () => {
  const { element, sent, submit } = await chat();
  await submit('  Hello there ');
  expect(sent).toEqual(['Hello there']);
  expect(field(element).value).toBe('');
});

test('sends nothing when nothing was written', async () => {
  const { element, sent, submit } = await chat();
  expect(button(element, 'Send').disabled).toBe(true);
  await submit('   ');
  expect(sent).toEqual([]);
});

test('a message may be as long as the wire allows, counted in characters', async () => {
  const { sent, submit } = await chat();
  await submit('😀'.repeat(maxChatLength));
  expect(sent).toHaveLength(1);
});

test('a message that is too long is kept, and says by how much', async () => {
  const { element, sent, submit } = await chat();
  await submit('x'.repeat(maxChatLength + 2));
  expect(sent).toEqual([]);
  expect(field(element).value).toHaveLength(maxChatLength + 2);
  expect(textOf(find(element, '#over'))).toBe('2 characters too many');
  expect(field(element).getAttribute('aria-invalid')).toBe('true');
  expect(button(element, 'Send').disabled).toBe(true);
});

test('markup in a message or a name is text', async () => {
  const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script> & &amp;';
  const { element } = await chat({ lines: [line(1, { text: hostile, userName: hostile })] });
  expect(findAll(element, 'img, script')).toEqual([]);
  expect(find(element, '.text').textContent).toBe(hostile);
  expect(find(element, '.from strong').textContent).toBe(hostile);
});

test('the white space of a message stays as it was sent', async () => {
  const { element } = await chat({ lines: [line(1, { text: 'one\n  two' })] });
  expect(find(element, '.text').textContent).toBe('one\n  two');
});

test('lines in one breath stand under one name', async () => {
  const start = 1_790_000_000_000;
  const { element } = await chat({
    lines: [
      line(1, { atMs: start }),
      line(2, { atMs: start + 60_000 }),
      line(3, { atMs: start + 61_000, clientId: 'bob', userName: 'Bob' }),
      line(4, { atMs: start + 62_000, clientId: 'bob', userName: 'Robert' }),
      line(5, { atMs: start + 63_000 }),
      line(6, { atMs: start + 300_000 }),
    ],
  });
  const names = findAll(element, 'li').map((item) => item.querySelector('strong')?.textContent);
  expect(names).toEqual(['Ada', undefined, 'Bob', 'Robert', 'Ada', 'Ada']);
});

test('an empty chat says so, in a log that readers follow', async () => {
  const { element } = await chat();
  const log = find(element, '[role=log]');
  expect(textOf(log)).toBe('No messages yet. Say hello.');
  expect(log.tabIndex).toBe(0);
});

test('who reads along is taken to the newest line', async () => {
  const { element } = await chat({ lines: [line(1)] });
  const log = scrolled(element, 10);
  element.lines = [line(1), line(2)];
  await drawn(element);
  expect(log.scrollTop).toBe(1_000);
});

test('who reads further up stays there and is offered the newest', async () => {
  const { element } = await chat({ lines: [line(1)] });
  const log = scrolled(element, 400);
  element.lines = [line(1), line(2)];
  await drawn(element);
  expect(log.scrollTop).toBe(500);
  button(element, 'New messages').click();
  await drawn(element);
  expect(log.scrollTop).toBe(1_000);
  expect(() => button(element, 'New messages')).toThrow();
});

test('one’s own line is always shown', async () => {
  const { element } = await chat({ lines: [line(1)] });
  const log = scrolled(element, 400);
  element.lines = [line(1), line(2, { mine: true })];
  await drawn(element);
  expect(log.scrollTop).toBe(1_000);
});

test('a log that becomes lower keeps the newest line in sight, if one reads along', async () => {
  const resized: (() => void)[] = [];
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(callback: () => void) {
        resized.push(callback);
      }
      readonly observe = (): void => undefined;
    },
  );
  const { element } = await chat({ lines: [line(1)] });
  vi.unstubAllGlobals();
  const log = scrolled(element, 0);
  log.dispatchEvent(new Event('scroll'));
  Object.defineProperty(log, 'clientHeight', { value: 50, configurable: true });
  resized[0]?.();
  expect(log.scrollTop).toBe(1_000);
  scrolled(element, 400).dispatchEvent(new Event('scroll'));
  resized[0]?.();
  expect(log.scrollTop).toBe(500);
});
