// Stands in for jellyfin-web where none is at hand: the places, globals, events and the way of loading
// plugins that our client rests on, of our own writing and no more than that. Who is signed in comes from
// the same place as there, `jellyfin_credentials` in the local storage.
/* global document, window, location, localStorage, fetch, addEventListener, setInterval, CustomEvent, Option, URLSearchParams, WebSocket, XMLHttpRequest */
const { Servers } = JSON.parse(localStorage.getItem('jellyfin_credentials') ?? '{"Servers":[]}');
const [account] = Servers;
const base = location.pathname.replace(/\/web\/.*/, '');

async function get(path, body) {
  const headers = { Authorization: `MediaBrowser Token="${account.AccessToken}"` };
  const posted = body && { method: 'POST', body: JSON.stringify(body) };
  if (posted) headers['Content-Type'] = 'application/json';
  const response = await fetch(`${base}${path}`, { headers, ...posted });
  if (!response.ok) throw response;
  return response.status === 204 ? response : response.json();
}

window.ApiClient = {
  serverAddress: () => `${location.origin}${base}`,
  accessToken: () => account.AccessToken,
  getCurrentUserId: () => account.UserId,
  serverId: () => account.Id,
  deviceId: () => 'this-browser',
  getItem: (user, id) => get(`/Items/${id}`),
  // For the settings of plugins
  getUrl: (path) => `/${path}`,
  getJSON: (path) => get(path),
  ajax: ({ url, data }) => get(url, JSON.parse(data ?? '{}')),
  getPluginConfiguration: (id) => get(`/Plugins/${id}/Configuration`),
  updatePluginConfiguration: (id, settings) => get(`/Plugins/${id}/Configuration`, settings),
};
window.Dashboard = {
  showLoadingMsg: () => undefined,
  hideLoadingMsg: () => undefined,
  processPluginConfigurationUpdateResult: () => undefined,
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

/** How the server would have it played, with what was chosen. */
async function sourceOf(item, choices) {
  const { MediaSources } = await get(`/Items/${item.Id}/PlaybackInfo`, {
    StartTimeTicks: choices.startPositionTicks,
    MediaSourceId: choices.mediaSourceId,
    AudioStreamIndex: choices.audioStreamIndex,
    SubtitleStreamIndex: choices.subtitleStreamIndex,
  });
  return MediaSources[0];
}
function addressOf(item, source) {
  const path = source.SupportsDirectPlay
    ? `/Videos/${item.Id}/stream.mp4?Static=true&mediaSourceId=${source.Id}`
    : source.TranscodingUrl;
  return `${base}${path}&ApiKey=${account.AccessToken}`;
}

let player = null; // { item, source, next, intro, video, container }
const playbackManager = {
  syncPlayEnabled: false,
  getCurrentPlayer: () => player,
  currentItem: () => player?.item,
  currentMediaSource: () => player?.source,
  getPlaybackMediaSources: (item) => Promise.resolve(item.MediaSources),
  async seek(ticks) {
    const { item, source, video } = player;
    if (source.SupportsDirectPlay) video.currentTime = ticks / 1e7;
    else {
      const choices = { startPositionTicks: ticks, mediaSourceId: source.Id };
      video.src = addressOf(item, await sourceOf(item, choices));
      await video.play();
    }
  },
  async play({ ids, startPositionTicks, ...choices }) {
    const item = await get(`/Items/${ids[0]}`);
    const source = await sourceOf(item, { startPositionTicks, ...choices });
    const [intro] = (await get(`/MediaSegments/${source.Id}`)).Items;
    const series = item.SeriesId ? (await get(`/Shows/${item.SeriesId}/Episodes`)).Items : [];
    const next = series[series.findIndex(({ Id }) => Id === item.Id) + 1]?.Id;
    stop();
    const container = document.createElement('div');
    container.className = 'videoPlayerContainer';
    const video = document.createElement('video');
    video.className = 'htmlvideoplayer';
    video.src = addressOf(item, source);
    if (source.SupportsDirectPlay) video.currentTime = startPositionTicks / 1e7;
    container.append(video);
    document.body.prepend(container);
    player = { item, source, next, intro, video, container };
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

// What can be skipped is offered while it plays
const skip = document.createElement('button');
skip.className = 'skip-button hide';
skip.textContent = 'Skip';
skip.addEventListener('click', () => playbackManager.seek(player.intro.EndTicks));
setInterval(() => {
  const ticks = (player?.video.currentTime ?? 0) * 1e7;
  const { StartTicks, EndTicks } = player?.intro ?? { StartTicks: 0, EndTicks: 0 };
  skip.classList.toggle('hide', ticks < StartTicks || ticks >= EndTicks);
}, 100);

// As a remote control: what the server passes on to this page
const socket = new WebSocket(
  `${location.origin.replace('http', 'ws')}${base}/socket?ApiKey=${account.AccessToken}`,
);
socket.onmessage = ({ data }) => {
  const { MessageType, Data } = JSON.parse(data);
  if (MessageType === 'Play')
    void playbackManager.play({ ids: Data.ItemIds, startPositionTicks: Data.StartPositionTicks });
  if (MessageType === 'SyncPlayGroupUpdate')
    playbackManager.syncPlayEnabled = Data.Type === 'GroupJoined';
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
    '<div id="itemDetailPage"><h1></h1><select class="selectSource"></select><select class="selectAudio"></select>' +
    '<select class="selectSubtitles"></select><div class="mainDetailButtons"><button class="btnPlay">Play</button></div></div>',
  video:
    '<div id="videoOsdPage"><div class="videoOsdBottom"><div class="osdControls"><div class="buttons focuscontainer-x">' +
    '<button class="btnPause">Pause</button><button class="btnNextTrack">Next</button><button class="btnVideoOsdSettings">Settings</button></div></div></div></div>',
};
function fill(list, values, value) {
  const options = values.map((choice) => new Option(value(choice), value(choice)));
  pages.querySelector(`.${list}`)?.replaceChildren(...options);
}
/** A plugin's own page; its script is put in anew, or it would not run. */
async function showSettings(name) {
  pages.innerHTML = await (await fetch(`${base}/web/ConfigurationPage?name=${name}`)).text();
  for (const { textContent, parentElement } of pages.querySelectorAll('script')) {
    const script = document.createElement('script');
    script.textContent = textContent;
    parentElement.append(script);
  }
  pages.firstElementChild.dispatchEvent(new CustomEvent('pageshow', { bubbles: true }));
}
async function show() {
  const [path, query = ''] = location.hash.slice(2).split('?');
  if (path === 'configurationpage') {
    await showSettings(new URLSearchParams(query).get('name'));
    return;
  }
  const view = views[path] ? path : 'home';
  if (view !== 'video') stop();
  pages.innerHTML = views[view];
  const page = pages.firstElementChild;
  if (view === 'details') {
    const id = new URLSearchParams(query).get('id');
    const play = () => playbackManager.play({ ids: [id], startPositionTicks: 0 });
    page.querySelector('.btnPlay').addEventListener('click', play);
    const { Name, MediaSources } = await get(`/Items/${id}`);
    page.querySelector('h1').textContent = Name;
    const [{ MediaStreams }] = MediaSources;
    const of = (type) => MediaStreams.filter(({ Type }) => Type === type);
    fill('selectSource', MediaSources, ({ Id }) => Id);
    fill('selectAudio', of('Audio'), ({ Index }) => Index);
    fill('selectSubtitles', [{ Index: -1 }, ...of('Subtitle')], ({ Index }) => Index);
  }
  if (view === 'video') {
    page.querySelector('.btnNextTrack').addEventListener('click', () => {
      if (player.next) void playbackManager.play({ ids: [player.next], startPositionTicks: 0 });
    });
    page.querySelector('.btnPause').addEventListener('click', () => {
      if (player.video.paused) void player.video.play();
      else player.video.pause();
    });
  }
  page.dispatchEvent(new CustomEvent('viewshow', { bubbles: true }));
}

const header = document.createElement('div');
header.className = 'skinHeader';
header.innerHTML = '<div class="headerRight"><button class="headerUserButton">User</button></div>';
document.body.append(header, pages, skip);
addEventListener('hashchange', () => void show());

const asked = new XMLHttpRequest();
asked.open('GET', 'config.json');
asked.onload = async () => {
  for (const spec of JSON.parse(asked.responseText).plugins ?? [])
    if (spec in window) new (await window[spec]())({ events, playbackManager, appSettings });
  await show();
};
asked.send();
