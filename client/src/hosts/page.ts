// The watch page: gives the engine and the interface the browser's real things and lets go.
//
// `?hls` in the address plays HLS where a video has it. `?debug` puts `owpDebug` on the window: what
// the engine knows of clock, timeline and player, to be read by tests; nothing can be changed there.
import { createParty } from '../session/party';
import type { PartyDebug } from '../session/deps';
import type { PartyState } from '../session/party-state';
import '../ui/app';
import { makeGuestName } from '../ui/guest-name';
import { languageOf } from '../ui/language';
import { findVideo, parseLibrary, type Library } from '../ui/library';
import { formatRoute, parseRoute, type Route } from '../ui/route';
import { Cell } from '../ui/store';
import { speak } from '../ui/strings';
import { startBeeps } from './beeper';
import {
  clock,
  copyText,
  openTransport,
  random,
  recall,
  recallDial,
  remember,
  rememberDial,
  timers,
} from './browser';
import { PageScreen } from './screen';
import { TokenDesk } from './token';

declare global {
  interface Window {
    /** Only with `?debug`. */
    owpDebug?: { readonly state: PartyState; readonly engine: PartyDebug };
  }
}

const options = new URLSearchParams(location.search);
const nameKey = 'owp.name';
/** Codes that end a connection and that another token can mend. */
const tokenCodes: ReadonlySet<string> = new Set([
  'AUTHENTICATION_REQUIRED',
  'AUTHENTICATION_TIMEOUT',
  'INVALID_TOKEN',
  'TOKEN_EXPIRED',
]);

/** An address of this server, wherever a proxy has put the page. */
function address(path: string): URL {
  return new URL(path, document.baseURI);
}

function socketUrl(): string {
  const url = address('ws');
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = '';
  url.hash = '';
  return url.href;
}

async function getJson(path: string): Promise<unknown> {
  const response = await fetch(address(path));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

const screen = new PageScreen(options.has('hls'));
const library = new Cell<Library>({ kind: 'loading' });
const route = new Cell<Route>(parseRoute(location.hash));

const desk = new TokenDesk(
  async () => {
    const health = await getJson('health');
    return (health as { auth_enabled?: unknown }).auth_enabled === true;
  },
  () => {
    if (party.state.connection.kind !== 'online') party.reconnectNow();
  },
);

const party = createParty({
  openTransport,
  clock,
  timers,
  random,
  url: socketUrl(),
  earlierMs: recallDial(),
  userName: recall(nameKey) ?? makeGuestName(random),
  token: desk.provide,
});

function reloadLibrary(): void {
  library.set({ kind: 'loading' });
  getJson('media/index.json').then(
    (json) => library.set({ kind: 'loaded', videos: parseLibrary(json) }),
    () => library.set({ kind: 'failed' }),
  );
}

/** A room's video is loaded when both room and list are there; without a room it stays and plays on. */
function followRoom(): void {
  const { room } = party.state;
  const video = room && findVideo(library.value, room.mediaId);
  if (video) screen.load(video);
  else if (room && library.value.kind === 'loaded') screen.stop();
  party.setPlayer(video ? screen.player : null);
}

function followConnection({ connection }: PartyState): void {
  if (connection.kind === 'stopped' && tokenCodes.has(connection.code))
    desk.ask(connection.code === 'INVALID_TOKEN' || connection.code === 'TOKEN_EXPIRED');
}

let before = party.state;
remember(nameKey, before.userName);
party.subscribe((state) => {
  const { connection, userName, sync } = before;
  before = state;
  followRoom();
  if (state.connection !== connection) followConnection(state);
  if (state.sync.earlierMs !== sync.earlierMs) rememberDial(state.sync.earlierMs);
  if (state.userName !== userName) remember(nameKey, state.userName);
});
library.subscribe(followRoom);
document.addEventListener('visibilitychange', () => party.setVisible(!document.hidden));
addEventListener('hashchange', () => {
  route.set(parseRoute(location.hash));
  const { room } = party.state;
  // Back to the lobby, or on to another room, by the address: that is leaving this one.
  if (room && !(route.value.kind === 'room' && route.value.roomId === room.id)) party.leaveRoom();
});

const language = languageOf(navigator.languages);
speak(language);
document.documentElement.lang = language;
const app = document.createElement('owp-app');
app.environment = {
  party,
  screen,
  signIn: desk,
  library,
  reloadLibrary,
  route,
  navigate: (to, how) => {
    const url = `${location.pathname}${location.search}${formatRoute(to)}`;
    if (how === 'push') history.pushState(null, '', url);
    else history.replaceState(null, '', url);
    route.set(to);
  },
  inviteUrl: (roomId, ticket) =>
    `${location.origin}${location.pathname}${formatRoute({ kind: 'room', roomId, ticket })}`,
  copyText,
  nowMs: () => clock.nowMs(),
  later: (delayMs, run) => timers.after(delayMs, run),
  startBeeps: (periodMs) => startBeeps(periodMs, screen.element),
  setTitle: (title) => (document.title = title),
};
document.body.append(app);
reloadLibrary();

if (options.has('debug'))
  Object.defineProperty(window, 'owpDebug', {
    value: {
      get state() {
        return party.state;
      },
      get engine() {
        return party.debug;
      },
    },
  });
