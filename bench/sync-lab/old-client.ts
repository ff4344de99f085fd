// The client of the old system, as far as its sync goes, for comparison in the same run: it speaks v1
// and holds a bare video to the room with that system's controller. Written from its description
// (issue 5): least round trip of 8 exchanges, smoothed by 0.4, a ping each 10 s; a loop of 500 ms that
// does nothing within 40 ms, plays at 1 ± 0.5 √|drift| within 0.85 to 2 up to 2 s, and seeks beyond.

/** Runs in a page of the server's origin that is otherwise empty. */
export function oldClient(room: string, mediaUrl: string): void {
  const pingMs = 10_000;
  const loopMs = 500;
  const deadZoneSeconds = 0.04;
  const seekSeconds = 2;
  const [rateMin, rateMax] = [0.85, 2];
  const smoothing = 0.4;
  const exchangesKept = 8;

  const video = document.createElement('video');
  video.src = mediaUrl;
  video.preload = 'auto';
  video.width = 860;
  document.body.replaceChildren(video);

  const nowMs = (): number => performance.timeOrigin + performance.now();
  const exchanges: { roundTripMs: number; offsetMs: number }[] = [];
  let offsetMs: number | null = null;
  const serverNowMs = (): number => nowMs() + (offsetMs ?? 0);

  /** Where the room was when. */
  let anchor = { position: 0, atMs: 0 };
  let playing = false;

  const socket = new WebSocket(`ws://${location.host}/ws`);
  const say = (type: string, payload: object, extra: object = {}): void =>
    socket.send(JSON.stringify({ type, payload, ts: Date.now(), ...extra }));
  const ping = (): void => say('ping', { client_ts: nowMs() });
  const atServerTime = (ms: number, run: () => void): void =>
    void setTimeout(run, Math.max(0, ms - serverNowMs()));

  const takePong = (sentMs: number, serverMs: number): void => {
    const roundTripMs = nowMs() - sentMs;
    exchanges.push({ roundTripMs, offsetMs: serverMs + roundTripMs / 2 - nowMs() });
    if (exchanges.length > exchangesKept) exchanges.shift();
    const best = exchanges.reduce((a, b) => (b.roundTripMs < a.roundTripMs ? b : a));
    offsetMs =
      offsetMs === null ? best.offsetMs : offsetMs + smoothing * (best.offsetMs - offsetMs);
  };
  const follow = (position: number, atMs: number, plays: boolean): void => {
    anchor = { position, atMs };
    if (plays && !playing) void video.play();
    if (!plays && playing) {
      video.pause();
      video.currentTime = position;
    }
    playing = plays;
  };
  const untilItCanPlay = (run: () => void): void => {
    if (video.readyState >= 3) run();
    else video.addEventListener('canplay', run, { once: true });
  };
  socket.addEventListener('open', () => {
    say('auth', { user_name: 'Old' });
    say('join_room', {}, { room });
    ping();
    setInterval(ping, pingMs);
  });
  socket.addEventListener('message', (event) => {
    const { type, payload, server_ts, target_server_ts } = JSON.parse(event.data as string) as {
      type: string;
      payload: {
        client_ts: number;
        action: string;
        position: number;
        play_state: string;
        target_server_ts: number;
        state: { position: number; play_state: string };
      };
      server_ts: number;
      target_server_ts?: number;
    };
    if (type === 'pong') takePong(payload.client_ts, server_ts);
    if (type === 'room_state') {
      const { position, play_state } = payload.state;
      untilItCanPlay(() => say('ready', {}, { room }));
      video.currentTime = position;
      follow(position, server_ts, play_state === 'playing');
    }
    if (type === 'state_update')
      follow(payload.position, server_ts, payload.play_state === 'playing');
    if (type === 'player_event') {
      const atMs = target_server_ts ?? payload.target_server_ts;
      const { action, position } = payload;
      if (action === 'play' || action === 'seek') video.currentTime = position;
      atServerTime(atMs, () =>
        follow(position, atMs, action === 'seek' ? playing : action === 'play'),
      );
    }
  });

  setInterval(() => {
    if (!playing || video.paused || video.seeking || offsetMs === null) return;
    const expected = anchor.position + (serverNowMs() - anchor.atMs) / 1000;
    const drift = expected - video.currentTime; // behind is positive
    const size = Math.abs(drift);
    if (size >= seekSeconds) {
      video.playbackRate = 1;
      video.currentTime = expected;
    } else if (size < deadZoneSeconds) video.playbackRate = 1;
    else {
      const rate = 1 + Math.sign(drift) * 0.5 * Math.sqrt(size);
      video.playbackRate = Math.min(rateMax, Math.max(rateMin, rate));
    }
  }, loopMs);
}
