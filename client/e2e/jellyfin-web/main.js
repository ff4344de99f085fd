// Stands in for jellyfin-web where none is at hand: the places, globals, events and the way of loading
// plugins that our client rests on, of our own writing and no more than that. Who is signed in comes from
// the same place as there, `jellyfin_credentials` in the local storage.
/* global document, window, location, localStorage, fetch, addEventListener, CustomEvent, URLSearchParams, WebSocket, XMLHttpRequest */
const { Servers } = JSON.parse(localStorage.getItem('jellyfin_credentials') ?? '{"Servers":[]}');
const [account] = Servers;
const base = location.pathname.replace(/\/web\/.*/, '');

async function get(path) {
  const headers = { Authorization: `MediaBrowser Token="${account.AccessToken}"` };
  const response = await fetch(`${base}${path}`, { headers });
  if (!response.ok) throw response;
  return response.json();
}

window.ApiClient = {
  serverAddress: () => `${location.origin}${base}`,
  accessToken: () => account.AccessToken,
  getCurrentUserId: () => account.UserId,
  serverId: () => account.Id,
  deviceId: () => 'this-browser',
  getItem: (user, id) => get(`/Items/${id}`),
};

const handlers = new WeakMap();
const events = {
  on: (sender, name, handler) => {
    if (!handlers.has(sender)) handlers.set(sender, []);
    handlers.get(sender).push({ name, handler });
  },
  off: (sender, name, handler) => {
    const rest = (handlers.get(sender) ?? []).filter((known) => known.handler !== handler);
    handlers.set(sender, rest);
  },
  trigger: (sender, name, values = []) => {
    for (const known of handlers.get(sender) ?? [])
      if (known.name === name) known.handler({ type: name }, ...values);
  },
};

let player = null; // { item, video, container }
const playbackManager = {
  syncPlayEnabled: false,
  getCurrentPlayer: () => player,
  currentItem: () => player?.item,
  currentMediaSource: () => player?.item.MediaSources[0],
  getPlaybackMediaSources: (item) => Promise.resolve(item.MediaSources),
  seek: (ticks) => (player.video.currentTime = ticks / 1e7),
  async play({ ids, startPositionTicks }) {
    const item = await get(`/Items/${ids[0]}`);
    stop();
    const container = document.createElement('div');
    container.className = 'videoPlayerContainer';
    const video = document.createElement('video');
    video.className = 'htmlvideoplayer';
    video.src = `${base}/Videos/${item.Id}/stream.mp4?Static=true&ApiKey=${account.AccessToken}`;
    video.currentTime = startPositionTicks / 1e7;
    container.append(video);
    document.body.prepend(container);
    player = { item, video, container };
    await video.play().catch(() => undefined);
    location.hash = '#/video';
    events.trigger(playbackManager, 'playbackstart', [player, { NowPlayingItem: item }]);
  },
};
function stop() {
  if (!player) return;
  const stopped = player;
  player = null;
  stopped.container.remove();
  events.trigger(playbackManager, 'playbackstop', [{ player: stopped }]);
}

// As a remote control: what the server passes on to this page
const socket = new WebSocket(
  `${location.origin.replace('http', 'ws')}${base}/socket?ApiKey=${account.AccessToken}`,
);
socket.onmessage = ({ data }) => {
  const { MessageType, Data } = JSON.parse(data);
  if (MessageType === 'Play')
    void playbackManager.play({ ids: Data.ItemIds, startPositionTicks: Data.StartPositionTicks });
};

const appSettings = {
  enableAutomaticBitrateDetection: () => true,
  maxStreamingBitrate: () => 1_500_000,
};

// ---- views -------------------------------------------------------------------------------------
const pages = document.createElement('div');
const views = {
  home: '<div id="indexPage"><div class="homeSectionsContainer"><div class="verticalSection">My media</div></div></div>',
  details:
    '<div id="itemDetailPage"><h1></h1><div class="mainDetailButtons"><button class="btnPlay">Play</button></div></div>',
  video:
    '<div id="videoOsdPage"><div class="videoOsdBottom"><div class="osdControls"><div class="buttons focuscontainer-x">' +
    '<button class="btnPause">Pause</button><button class="btnVideoOsdSettings">Settings</button></div></div></div></div>',
};
async function show() {
  const [path, query = ''] = location.hash.slice(2).split('?');
  const view = views[path] ? path : 'home';
  if (view !== 'video') stop();
  pages.innerHTML = views[view];
  const page = pages.firstElementChild;
  if (view === 'details') {
    const id = new URLSearchParams(query).get('id');
    const play = () => playbackManager.play({ ids: [id], startPositionTicks: 0 });
    page.querySelector('.btnPlay').addEventListener('click', play);
    page.querySelector('h1').textContent = (await get(`/Items/${id}`)).Name;
  }
  if (view === 'video')
    page.querySelector('.btnPause').addEventListener('click', () => {
      if (player.video.paused) void player.video.play();
      else player.video.pause();
    });
  page.dispatchEvent(new CustomEvent('viewshow', { bubbles: true }));
}

const header = document.createElement('div');
header.className = 'skinHeader';
header.innerHTML = '<div class="headerRight"><button class="headerUserButton">User</button></div>';
document.body.append(header, pages);
addEventListener('hashchange', () => void show());

const asked = new XMLHttpRequest();
asked.open('GET', 'config.json');
asked.onload = async () => {
  for (const spec of JSON.parse(asked.responseText).plugins ?? [])
    if (spec in window) new (await window[spec]())({ events, playbackManager, appSettings });
  await show();
};
asked.send();
