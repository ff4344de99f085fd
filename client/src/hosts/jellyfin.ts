// The script that the plugin adds to Jellyfin's page. It gives jellyfin-web the class of a plugin, which
// is handed the playback manager, and keeps a party session for whoever is signed in.
//
// With `owp.debug` in the local storage, `owpDebug` on the window tells what the engine knows, as on our
// own page; nothing can be changed there.
import { mountJellyfinUi } from '../jellyfin/mount';
import { createParty } from '../session/party';
import type { PartyDebug } from '../session/deps';
import type { PartyState } from '../session/party-state';
import { startBeeps } from './beeper';
import {
  clock,
  copyText,
  openTransport,
  random,
  recallDial,
  rememberDial,
  timers,
} from './browser';
import { PagePlayback } from './jellyfin-page-playback';
import { managedPlayback } from './jellyfin-playback';
import type { Quality } from './jellyfin-quality';
import { PartyInJellyfin } from './jellyfin-session';
import { jellyfinTokens, type SignInWay } from './jellyfin-token';
import type { ApiClient, PluginObjects } from './jellyfin-web';

declare global {
  interface Window {
    ApiClient?: ApiClient;
    OpenWatchPartyPlugin?: () => Promise<unknown>;
    /** Only with `owp.debug` in the local storage. */
    owpDebug?: { readonly state: PartyState; readonly engine: PartyDebug };
  }
}

/** `GET /OpenWatchParty/Info`. */
interface Info extends SignInWay {
  readonly ws_path: string;
  readonly ws_url: string | null;
  readonly quality: Quality;
}

/** Who is signed in where; another account, server or token is another session. */
interface SignedIn {
  readonly api: ApiClient;
  readonly token: string;
  readonly key: string;
}

/** How often it is looked at who is signed in: jellyfin-web tells nobody. */
const LOOK_EVERY_MS = 1_000;
/** After the plugin did not answer: Jellyfin is starting, or the plugin is gone. */
const ASK_AGAIN_MS = 30_000;
/** From the first page that jellyfin-web showed on: it made its plugins before that. */
const NOT_MADE_MS = 3_000;
/** An invitation, `room` or `room.ticket`, is kept over signing in, which loses what the address said. */
const invitationKey = 'owp.invitation';

function signedIn(): SignedIn | null {
  const api = window.ApiClient;
  const token = api?.accessToken();
  const userId = api?.getCurrentUserId();
  if (!api || !token || !userId) return null;
  return { api, token, key: `${api.serverAddress()} ${userId} ${token}` };
}

async function ask({ api, token }: SignedIn, path: string, method = 'GET'): Promise<unknown> {
  const response = await fetch(`${api.serverAddress()}/${path}`, {
    method,
    headers: { Authorization: `MediaBrowser Token="${token}"` },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.status === 204 ? null : response.json();
}

function socketUrl({ api, token }: SignedIn, info: Info): string {
  if (info.mode === 'remote' && info.ws_url !== null) return info.ws_url;
  const address = api.serverAddress().replace(/^http/u, 'ws');
  return `${address}${info.ws_path}?ApiKey=${encodeURIComponent(token)}`;
}

async function signedToken(user: SignedIn): Promise<string> {
  return ((await ask(user, 'OpenWatchParty/Token', 'POST')) as { token: string }).token;
}

function takeInvitation(): void {
  const invitation = new URLSearchParams(location.hash.split('?')[1] ?? '').get('owp');
  if (invitation !== null) keep(invitation);
}

function keep(invitation: string | null): void {
  try {
    if (invitation === null) sessionStorage.removeItem(invitationKey);
    else sessionStorage.setItem(invitationKey, invitation);
  } catch {
    // Storage is off: the link has to be opened again after signing in, no more.
  }
}

function kept(): string | null {
  try {
    return sessionStorage.getItem(invitationKey);
  } catch {
    return null;
  }
}

function pagePlayback(user: SignedIn): PagePlayback {
  const { api } = user;
  return new PagePlayback({
    document,
    api,
    ask: (path, method) => ask(user, path, method),
    showItem: (id) => (location.hash = `#/details?id=${id}&serverId=${api.serverId()}`),
    later: (delayMs, run) => timers.after(delayMs, run),
  });
}

/** One session; returns what ends it. */
function begin(user: SignedIn, info: Info, objects: PluginObjects | null): () => void {
  const party = createParty({
    openTransport,
    clock,
    timers,
    random,
    url: socketUrl(user, info),
    userName: '',
    earlierMs: recallDial(),
    token: jellyfinTokens(info, user.api, () => signedToken(user)),
  });
  let { earlierMs } = party.state.sync;
  party.subscribe(({ sync }) => {
    if (sync.earlierMs === earlierMs) return;
    earlierMs = sync.earlierMs;
    rememberDial(earlierMs);
  });
  const video = (): HTMLVideoElement | null =>
    document.querySelector<HTMLVideoElement>('video.htmlvideoplayer');
  const session = new PartyInJellyfin({
    party,
    playback: objects ? managedPlayback(objects, user.api, info.quality) : pagePlayback(user),
    limited: objects === null,
    api: user.api,
    nowMs: () => clock.nowMs(),
    later: (delayMs, run) => timers.after(delayMs, run),
    video,
    inviteUrl: (roomId, ticket) => {
      const invitation = ticket === null ? roomId : `${roomId}.${ticket}`;
      return `${location.origin}${location.pathname}#/home?owp=${invitation}`;
    },
  });
  const unmount = mountJellyfinUi(session, {
    document,
    language: () => document.documentElement.lang,
    route: () => location.hash.slice(1),
    nowMs: () => clock.nowMs(),
    later: (delayMs, run) => timers.after(delayMs, run),
    copyText,
    startBeeps: (periodMs) => startBeeps(periodMs, video()),
  });
  const seen = (): void => party.setVisible(!document.hidden);
  document.addEventListener('visibilitychange', seen);
  const [roomId, ticket] = kept()?.split('.') ?? [];
  keep(null);
  if (roomId !== undefined) session.join(roomId, ticket ?? null);
  if (debugging()) showDebug(party);
  return () => {
    document.removeEventListener('visibilitychange', seen);
    unmount();
    session.end();
  };
}

function debugging(): boolean {
  try {
    return localStorage.getItem('owp.debug') !== null;
  } catch {
    return false;
  }
}

function showDebug(party: { readonly state: PartyState; readonly debug: PartyDebug }): void {
  Object.defineProperty(window, 'owpDebug', {
    configurable: true,
    value: {
      get state() {
        return party.state;
      },
      get engine() {
        return party.debug;
      },
    },
  });
}

let keeping = false;

/**
 * Keeps a session for whoever is signed in, for as long as they are. A page has one of us, however
 * often and late it is told to load us.
 */
function keepSession(objects: PluginObjects | null): void {
  if (keeping) return;
  keeping = true;
  let key: string | null = null;
  let end: () => void = () => undefined;
  let askAtMs = 0;
  const look = (): void => {
    const user = signedIn();
    if ((user?.key ?? null) === key || clock.nowMs() < askAtMs) return;
    key = user?.key ?? null;
    end();
    end = () => undefined;
    if (!user) return;
    ask(user, 'OpenWatchParty/Info').then(
      (answer) => {
        const info = answer as Info;
        if (key === user.key && info.mode !== 'off') end = begin(user, info, objects);
      },
      () => {
        if (key !== user.key) return;
        key = null;
        askAtMs = clock.nowMs() + ASK_AGAIN_MS;
      },
    );
  };
  addEventListener('hashchange', () => {
    takeInvitation();
    look();
  });
  setInterval(look, LOOK_EVERY_MS);
  look();
}

takeInvitation();
window.OpenWatchPartyPlugin ??= () =>
  Promise.resolve(
    class {
      readonly name = 'OpenWatchParty';
      readonly id = 'openwatchparty';
      readonly type = 'openwatchparty';

      constructor(objects: PluginObjects) {
        keepSession(objects);
      }
    },
  );
document.addEventListener('viewshow', () => timers.after(NOT_MADE_MS, () => keepSession(null)), {
  once: true,
});
