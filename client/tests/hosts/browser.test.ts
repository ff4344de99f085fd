// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  copyText,
  openTransport,
  random,
  recall,
  recallDial,
  remember,
  rememberDial,
} from '../../src/hosts/browser';

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
  localStorage.clear();
});

test('chance is from 0 up to, not including, 1', () => {
  const draw = (bits: number): number => {
    vi.stubGlobal('crypto', {
      getRandomValues: (into: Uint32Array) => into.fill(bits),
    });
    return random();
  };
  expect(draw(0)).toBe(0);
  expect(draw(0xffff_ffff)).toBeLessThan(1);
  expect(draw(0x8000_0000)).toBe(0.5);
});

test('the dial is kept for the browser, and what was tampered with is 0', () => {
  rememberDial(-185);
  expect(localStorage.getItem('owp.earlierMs')).toBe('-185');
  expect(recallDial()).toBe(-185);
  localStorage.setItem('owp.earlierMs', '{"a":1}');
  expect(recallDial()).toBe(0);
});

test('a browser that keeps nothing has its dial at 0', () => {
  const refuse = (): never => {
    throw new Error('denied');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, clear: () => undefined });
  rememberDial(200);
  expect(recallDial()).toBe(0);
});

describe('copying', () => {
  const withClipboard = (clipboard: unknown): void => {
    vi.stubGlobal('navigator', { clipboard });
  };

  test('says that it did', async () => {
    const copied: string[] = [];
    withClipboard({ writeText: (text: string) => Promise.resolve(void copied.push(text)) });
    expect(await copyText('the link')).toBe(true);
    expect(copied).toEqual(['the link']);
  });

  test('says that it did not: refused, or no clipboard over plain http', async () => {
    withClipboard({ writeText: () => Promise.reject(new Error('refused')) });
    expect(await copyText('the link')).toBe(false);
    withClipboard(undefined);
    expect(await copyText('the link')).toBe(false);
  });
});

describe('a preference', () => {
  test('is kept in this window', () => {
    expect(recall('name')).toBeNull();
    remember('name', 'Ada');
    expect(recall('name')).toBe('Ada');
  });

  test('is absent where the browser keeps nothing, and nobody falls over it', () => {
    const refuse = (): never => {
      throw new Error('storage is off');
    };
    vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, clear: () => undefined });
    remember('name', 'Ada');
    expect(recall('name')).toBeNull();
  });
});

describe('a connection', () => {
  /** A scripted socket in the place of WebSocket. */
  class ScriptedSocket extends EventTarget {
    static last: ScriptedSocket;
    readonly told: unknown[] = [];
    constructor(readonly url: string) {
      super();
      ScriptedSocket.last = this;
    }
    send(text: string): void {
      this.told.push(text);
    }
    close(code?: number, reason?: string): void {
      this.told.push([code, reason]);
    }
  }
  const open = () => {
    vi.stubGlobal('WebSocket', ScriptedSocket);
    const heard: unknown[] = [];
    const transport = openTransport('wss://party.example/ws', {
      onOpen: () => heard.push('open'),
      onMessage: (text, atMs) => heard.push([text, typeof atMs]),
      onClose: (code, reason) => heard.push([code, reason]),
    });
    return { transport, heard, socket: ScriptedSocket.last };
  };

  test('tells what it hears; a message comes with the time of its arrival', () => {
    const { heard, socket } = open();
    expect(socket.url).toBe('wss://party.example/ws');
    socket.dispatchEvent(new Event('open'));
    socket.dispatchEvent(new MessageEvent('message', { data: 'text' }));
    socket.dispatchEvent(Object.assign(new Event('close'), { code: 4001, reason: 'enough' }));
    expect(heard).toEqual(['open', ['text', 'number'], [4001, 'enough']]);
  });

  test('takes nothing but text', () => {
    const { heard, socket } = open();
    socket.dispatchEvent(new MessageEvent('message', { data: new ArrayBuffer(8) }));
    expect(heard).toEqual([]);
  });

  test('closed by us, it is silent from then on', () => {
    const { transport, heard, socket } = open();
    transport.send('hello');
    transport.close(1000, 'bye');
    socket.dispatchEvent(new MessageEvent('message', { data: 'late' }));
    socket.dispatchEvent(Object.assign(new Event('close'), { code: 1000, reason: 'bye' }));
    expect(socket.told).toEqual(['hello', [1000, 'bye']]);
    expect(heard).toEqual([]);
  });
});
