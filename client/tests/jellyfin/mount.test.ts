// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mountJellyfinUi } from '../../src/jellyfin/mount';
import type { Overlay } from '../../src/jellyfin/overlay';
import { speak } from '../../src/jellyfin/strings';
import { drawn, entry, member, press, reelId, room, roomId, textOf } from '../ui/fixtures';
import { layOut, otherId, ours, ScriptedSession, ScriptedSurface, show } from './fixtures';

let session: ScriptedSession;
let surface: ScriptedSurface;
let unmount: () => void;

function mount(): void {
  unmount = mountJellyfinUi(session, surface);
}

beforeEach(() => {
  layOut();
  session = new ScriptedSession();
  surface = new ScriptedSurface();
});

afterEach(() => {
  unmount();
  speak('en');
});

const overlay = (): Overlay => document.querySelector('owp-jellyfin')!;
const classes = (): DOMTokenList => document.documentElement.classList;
const label = (kind: string): string | null => ours(kind)[0]?.getAttribute('aria-label') ?? null;
const tidy = (): Promise<void> => surface.world.run(100);

test('has one button in the header and one in the player, in the legacy layout', () => {
  mount();
  expect(ours('header').map((own) => own.nextElementSibling?.className)).toEqual([
    'headerButton headerSyncButton',
  ]);
  expect(ours('osd').map((own) => own.nextElementSibling?.className)).toEqual([
    'btnVideoOsdSettings',
  ]);
  expect(ours('toolbar')).toEqual([]);
});

test('has its button in the toolbar in the modern layout', () => {
  layOut('modern');
  mount();
  expect(ours('toolbar')).toHaveLength(1);
  expect(ours('header')).toEqual([]);
});

test('stands once however often views are shown and the page changes', async () => {
  mount();
  for (let times = 0; times < 5; times++) {
    show('videoOsdPage');
    show('indexPage');
    document.body.append(document.createElement('i'));
    await tidy();
  }
  for (const kind of ['header', 'osd', 'home']) expect(ours(kind)).toHaveLength(1);
  expect(document.querySelectorAll('owp-jellyfin')).toHaveLength(1);
});

test('comes back when Jellyfin has rebuilt a part of its page', async () => {
  layOut('modern');
  mount();
  const toolbar = document.querySelector('.MuiToolbar-root')!;
  const { outerHTML } = toolbar;
  toolbar.outerHTML = outerHTML.replace(/<button type="button".*?<\/button>/u, '');
  expect(ours('toolbar')).toEqual([]);
  await tidy();
  expect(ours('toolbar')).toHaveLength(1);
});

test('leaves no trace when it is unmounted', () => {
  const before = document.documentElement.outerHTML;
  mount();
  session.become({ rooms: [entry()] });
  show('videoOsdPage');
  ours('osd')[0]?.click();
  unmount();
  show('indexPage');
  expect(document.documentElement.outerHTML).toBe(before);
  expect(session.listenerCount).toBe(0);
});

test('shows the parties on the home page, and nothing when there are none', () => {
  mount();
  const [home] = ours('home');
  expect(home?.hidden).toBe(true);
  session.become({ rooms: [entry({ count: 3 }), entry({ id: 'x', mediaId: null, hostName: '' })] });
  expect(home?.hidden).toBe(false);
  expect(textOf(home!)).toContain('The Reel Ada’s party · 3 people');
  const [first, second] = home!.querySelectorAll('button');
  expect(first?.getAttribute('aria-label')).toBe('Join Ada’s party: The Reel');
  expect(second?.getAttribute('aria-label')).toBe('Join Ada’s party: No title chosen yet');
  expect(home!.querySelector('img')?.getAttribute('src')).toBe('/reel.webp');
  first?.click();
  expect(session.asked).toEqual([['join', roomId]]);
  session.become({ rooms: [] });
  expect(home?.hidden).toBe(true);
});

test('a name with markup in it is text', () => {
  mount();
  session.become({ rooms: [entry({ hostName: '<img src=x onerror=alert(1)>' })] });
  const pictures = [...ours('home')[0]!.querySelectorAll('img')];
  expect(pictures.map((image) => image.getAttribute('src'))).toEqual(['/reel.webp']);
});

test('offers to watch a title together on its page', () => {
  mount();
  surface.hash = `#/details?id=${reelId}`;
  show('itemDetailPage');
  const [button] = ours('details');
  expect(label('details')).toBe('Watch together');
  button?.click();
  expect(session.asked).toEqual([['watchTogether', reelId, {}]]);
});

test('a host is offered to take the party there, a guest is not', () => {
  mount();
  surface.hash = `#/details?id=${reelId}`;
  show('itemDetailPage');
  session.become({ room: room() });
  expect(label('details')).toBe('Take the party here');
  session.become({ room: room({ amHost: false }) });
  expect(ours('details')).toEqual([]);
});

test.each([
  ['a series', `#/details?id=${otherId}`, null],
  ['a title that is not known yet', `#/details?id=${'0'.repeat(32)}`, null],
  ['no title at all', '#/details', null],
  ['a title while something stands in the way', `#/details?id=${reelId}`, 'sync-play' as const],
])('offers nothing on the page of %s', (_, hash, problem) => {
  session.problem = problem;
  mount();
  surface.hash = hash;
  show('itemDetailPage');
  expect(ours('details')).toEqual([]);
});

test('a button opens the panel and closes it, and has the focus again', async () => {
  mount();
  const button = ours('header')[0]!;
  button.click();
  await drawn(overlay());
  expect(overlay().open).toBe(true);
  expect(button.getAttribute('aria-expanded')).toBe('true');
  expect(overlay().shadowRoot?.activeElement?.id).toBe('panel');
  press(overlay().shadowRoot!.querySelector('#panel')!, 'Escape');
  expect(overlay().open).toBe(false);
  expect(document.activeElement).toBe(button);
  button.click();
  button.click();
  expect(overlay().open).toBe(false);
});

test('beside the player the picture makes room, and takes it back', () => {
  mount();
  show('videoOsdPage');
  expect(classes().contains('owp-docked')).toBe(false);
  let resized = 0;
  const count = (): void => void (resized += 1);
  window.addEventListener('resize', count);
  ours('osd')[0]?.click();
  expect(overlay().docked).toBe(true);
  expect(classes().contains('owp-docked')).toBe(true);
  show('indexPage');
  expect(classes().contains('owp-docked')).toBe(false);
  expect(overlay().open).toBe(false); // nor does it lie on the page that comes
  expect(resized).toBe(2);
  window.removeEventListener('resize', count);
});

test('entering a party opens the panel, its end over the player closes it', () => {
  mount();
  show('videoOsdPage');
  session.become({ room: room() });
  expect(overlay().open).toBe(true);
  session.become({ room: room({ playing: true }) });
  session.become({ room: null });
  expect(overlay().open).toBe(false);
});

test('on a TV entering a party leaves the picture alone', () => {
  layOut('tv');
  mount();
  session.become({ room: room() });
  expect(overlay().open).toBe(false);
  expect(ours('header')[0]?.classList.contains('show-focus')).toBe(true);
});

test('what stands in the way opens the panel once, on a TV with the focus in it', async () => {
  layOut('tv');
  mount();
  session.meet('not-allowed');
  await drawn(overlay());
  expect(overlay().open).toBe(true);
  await overlay().takeFocus();
  expect(document.activeElement).toBe(overlay());
  overlay().onClose();
  session.become({ rooms: [entry()] });
  expect(overlay().open).toBe(false);
});

test('in a party the buttons say so', () => {
  mount();
  expect(label('osd')).toBe('Watch party');
  session.become({ room: room({ members: [member({ isMe: true }), member({ clientId: 'b' })] }) });
  expect(label('osd')).toBe('Watch party, 2 people');
  expect(ours('osd')[0]?.classList.contains('owp-active')).toBe(true);
});

test('speaks Jellyfin’s language, and follows when it changes', () => {
  surface.tag = 'fr-FR';
  mount();
  expect(label('header')).toBe('Soirée vidéo');
  surface.tag = 'de';
  show('indexPage');
  expect(label('header')).toBe('Filmparty');
  expect(overlay().lang).toBe('de');
});

test('is inside what fills the screen', () => {
  mount();
  const box = document.body.appendChild(document.createElement('div'));
  const fill = (element: Element | null): void => {
    Object.defineProperty(document, 'fullscreenElement', { value: element, configurable: true });
    document.dispatchEvent(new Event('fullscreenchange'));
  };
  fill(box);
  expect(overlay().parentElement).toBe(box);
  fill(document.documentElement);
  expect(overlay().parentElement).toBe(document.body);
  fill(document.createElement('video'));
  expect(overlay().parentElement).toBe(document.body);
  fill(null);
});
