// The browser as the engine wants to see it: transport, clock, timers, randomness.
import { parseDial } from '../sync/dial';
import type { Clock, OpenTransport, Timers } from '../session/deps';

export const clock: Clock = { nowMs: () => performance.now() };

export const timers: Timers = {
  after: (delayMs, run) => {
    const id = setTimeout(run, delayMs);
    return () => clearTimeout(id);
  },
};

/** 0 up to (not including) 1. */
export function random(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}

export const openTransport: OpenTransport = (url, events) => {
  const socket = new WebSocket(url);
  const stop = new AbortController();
  const { signal } = stop;
  socket.addEventListener('open', () => events.onOpen(), { signal });
  socket.addEventListener(
    'message',
    (event: MessageEvent<unknown>) => {
      if (typeof event.data === 'string') events.onMessage(event.data, event.timeStamp);
    },
    { signal },
  );
  socket.addEventListener('close', (event) => events.onClose(event.code, event.reason), { signal });
  return {
    send: (text) => socket.send(text),
    close: (code, reason) => {
      stop.abort();
      socket.close(code, reason);
    },
  };
};

/** Resolves to false where the page may not: no clipboard over plain http, or refused. */
export async function copyText(text: string): Promise<boolean> {
  // The type says that it is always there; over plain http it is not.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return false;
  return clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

const dialKey = 'owp.earlierMs';

/** The viewer's dial, kept for this browser and not only this window: its loudspeaker stays. */
export function recallDial(): number {
  try {
    return parseDial(localStorage.getItem(dialKey));
  } catch {
    return 0;
  }
}

export function rememberDial(earlierMs: number): void {
  try {
    localStorage.setItem(dialKey, String(earlierMs));
  } catch {
    // Storage is off or full: the dial is at 0 next time, no more.
  }
}

/** A preference of this window; absent where the browser keeps nothing. */
export function recall(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // Storage is off or full: the name is asked for again next time, no more.
  }
}
