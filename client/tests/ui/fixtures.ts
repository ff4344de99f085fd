// What the interface's tests put in the place of the party, the page and the time.
import type { LitElement } from 'lit';
import {
  idleSync,
  type ChatLine,
  type Member,
  type Notice,
  type Party,
  type PartyState,
  type RoomEntry,
  type RoomView,
} from '../../src/session/party-state';
import type { Screen } from '../../src/ui/environment';
import type { Video } from '../../src/ui/library';
import { Cell } from '../../src/ui/store';

export const reelId = '0123456789abcdef0123456789abcdef';
export const roomId = '6f0c8a52-1e9d-4c55-9a0e-0b9f6a3c2d11';

export const reel: Video = {
  id: reelId,
  title: 'The Reel',
  url: './media/reel.mp4',
  hlsUrl: null,
  subtitles: [],
};

export const quiet = idleSync;

export function member(change: Partial<Member> = {}): Member {
  return {
    clientId: 'ada',
    name: 'Ada',
    isHost: false,
    isMe: false,
    status: 'ready',
    offsetMs: null,
    delayMs: null,
    ...change,
  };
}

export function room(change: Partial<RoomView> = {}): RoomView {
  return {
    id: roomId,
    name: 'Ada',
    mediaId: reelId,
    isPrivate: false,
    amHost: true,
    members: [member({ isHost: true, isMe: true })],
    playing: false,
    waitingFor: [],
    chat: [],
    ...change,
  };
}

export function entry(change: Partial<RoomEntry> = {}): RoomEntry {
  return {
    id: roomId,
    name: 'Ada',
    hostName: 'Ada',
    count: 2,
    mediaId: reelId,
    playing: true,
    ...change,
  };
}

export function line(id: number, change: Partial<ChatLine> = {}): ChatLine {
  return {
    id,
    clientId: 'ada',
    userName: 'Ada',
    text: `line ${id}`,
    mine: false,
    atMs: 1_790_000_000_000,
    ...change,
  };
}

export function notice(id: number, change: Partial<Notice> = {}): Notice {
  return { id, kind: 'info', code: 'JOINED', text: 'Ada joined.', ...change };
}

export function partyState(change: Partial<PartyState> = {}): PartyState {
  return {
    connection: { kind: 'online' },
    userName: 'Ada',
    signedIn: null,
    rooms: [],
    room: null,
    sync: quiet,
    needsClick: false,
    notices: [],
    ...change,
  };
}

/** Writes down what it is asked for; its state is what a test says. */
export class RecordedParty implements Party {
  readonly asked: (readonly unknown[])[] = [];
  /** What is answered to who asks for an invite. */
  ticket: string | null = 'c'.repeat(32);
  private readonly listeners = new Set<(state: PartyState) => void>();

  constructor(public state: PartyState = partyState()) {}

  get listenerCount(): number {
    return this.listeners.size;
  }

  become(change: Partial<PartyState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener(this.state);
  }

  subscribe(listener: (state: PartyState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  setUserName(name: string): void {
    this.asked.push(['setUserName', name]);
  }
  createRoom(mediaId: string, startPositionSeconds: number, isPrivate = false): void {
    this.asked.push([
      'createRoom',
      mediaId,
      startPositionSeconds,
      ...(isPrivate ? ['private'] : []),
    ]);
  }
  joinRoom(id: string, ticket: string | null = null): void {
    this.asked.push(['joinRoom', id, ...(ticket === null ? [] : [ticket])]);
  }
  createInvite(): Promise<string | null> {
    this.asked.push(['createInvite']);
    return Promise.resolve(this.ticket);
  }
  leaveRoom(): void {
    this.asked.push(['leaveRoom']);
  }
  closeRoom(): void {
    this.asked.push(['closeRoom']);
  }
  setMedia(mediaId: string, startPositionSeconds: number): void {
    this.asked.push(['setMedia', mediaId, startPositionSeconds]);
  }
  sendChat(text: string): void {
    this.asked.push(['sendChat', text]);
  }
  joinIn(): void {
    this.asked.push(['joinIn']);
  }
  dismissNotice(id: number): void {
    this.asked.push(['dismissNotice', id]);
  }
  playEarlier(earlierMs: number): void {
    this.asked.push(['playEarlier', earlierMs]);
  }
  reconnectNow(): void {
    this.asked.push(['reconnectNow']);
  }
  dispose(): void {
    this.asked.push(['dispose']);
  }
}

/** A video element whose values a test sets, and a record of what the viewer asked for. */
export class RecordedScreen implements Screen {
  readonly element = document.createElement('video');
  readonly video: Cell<Video | null>;
  readonly failed = new Cell(false);
  readonly asked: (readonly unknown[])[] = [];

  constructor(video: Video | null = reel) {
    this.video = new Cell(video);
    this.report({
      paused: true,
      duration: 120,
      currentTime: 0,
      readyState: 4,
      HAVE_FUTURE_DATA: 3,
    });
  }

  /** What the element says from now on; then it fires the events. */
  report(values: Partial<HTMLVideoElement>, ...events: string[]): void {
    for (const [name, value] of Object.entries(values))
      Object.defineProperty(this.element, name, { value, configurable: true, writable: true });
    for (const event of events) this.element.dispatchEvent(new Event(event));
  }

  stop(): void {
    this.asked.push(['stop']);
    this.video.set(null);
  }
  play(): void {
    this.asked.push(['play']);
  }
  pause(): void {
    this.asked.push(['pause']);
  }
  seek(positionSeconds: number): void {
    this.asked.push(['seek', positionSeconds]);
  }
}

/** Puts an element into the page with these properties, and waits until it is drawn. */
export async function mount<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
): Promise<HTMLElementTagNameMap[K]> {
  document.body.replaceChildren();
  const element = document.createElement(tag);
  Object.assign(element, properties);
  document.body.append(element);
  await drawn(element);
  return element;
}

/** Waits until an element and those inside it are drawn. */
export async function drawn(element: Element): Promise<void> {
  await (element as Partial<LitElement>).updateComplete;
  for (const inner of element.shadowRoot?.querySelectorAll('*') ?? [])
    if (inner.localName.includes('-')) await drawn(inner);
}

/** The first that matches, through the shadow roots below; a test fails if there is none. */
export function find(within: Element, selector: string): HTMLElement {
  const found = findAll(within, selector)[0];
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

export function field(within: Element, selector = 'input'): HTMLInputElement {
  return find(within, selector) as HTMLInputElement;
}

export function findAll<T extends Element = HTMLElement>(within: Element, selector: string): T[] {
  const root = within.shadowRoot ?? within;
  const here = Array.from(root.querySelectorAll<T>(selector));
  const inner = Array.from(root.querySelectorAll('*')).filter((element) => element.shadowRoot);
  return [...here, ...inner.flatMap((element) => findAll<T>(element, selector))];
}

/** The button of that name, as it is spoken. */
export function button(within: Element, name: string | RegExp): HTMLButtonElement {
  const match = (text: string): boolean =>
    typeof name === 'string' ? text === name : name.test(text);
  const found = findAll<HTMLButtonElement>(within, 'button').find((element) =>
    match(element.getAttribute('aria-label') ?? textOf(element)),
  );
  if (!found) throw new Error(`no button is called ${String(name)}`);
  return found;
}

/** The text that is drawn, shadow roots included, white space as a reader takes it. */
export function textOf(element: Element): string {
  const walk = (node: Node): string => {
    if (node.nodeType === 3) return node.textContent ?? '';
    if (!(node instanceof Element) || node.localName === 'style') return '';
    const children = Array.from((node.shadowRoot ?? node).childNodes);
    return children.map(walk).join(inline.has(node.localName) ? '' : ' ');
  };
  return walk(element).replaceAll(/\s+/gu, ' ').trim();
}
const inline: ReadonlySet<string> = new Set(['span', 'strong', 'button', 'p', 'h1', 'h2', 'time']);

export function press(target: EventTarget, key: string, init: KeyboardEventInit = {}): Event {
  const event = new KeyboardEvent('keydown', {
    key,
    bubbles: true,
    cancelable: true,
    composed: true,
    ...init,
  });
  target.dispatchEvent(event);
  return event;
}

export function type(field: HTMLInputElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
}
