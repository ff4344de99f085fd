// What the test of Jellyfin's interface looks at: our elements among places like jellyfin-web's, with
// the browser's own time.
import { mountJellyfinUi } from '../../src/jellyfin/mount';
import {
  layOut,
  otherId,
  ScriptedSession,
  ScriptedSurface,
  show,
} from '../../tests/jellyfin/fixtures';
import { entry, line, member, reelId, room } from '../../tests/ui/fixtures';

declare global {
  interface Window {
    stage: typeof stage;
  }
}

const session = new ScriptedSession();

class LiveSurface extends ScriptedSurface {
  override readonly nowMs = (): number => performance.now();
  override readonly later = (delayMs: number, run: () => void): (() => void) => {
    const id = setTimeout(run, delayMs);
    return () => clearTimeout(id);
  };
}
const surface = new LiveSurface();

const stage = {
  mount: (layout: 'legacy' | 'modern' | 'tv', language: string) => {
    layOut(layout);
    surface.tag = language;
    mountJellyfinUi(session, surface);
  },
  show,
  lobby: () => {
    const rooms = [entry({ count: 3 }), entry({ id: 'other', hostName: 'Bob', mediaId: otherId })];
    session.become({ rooms, room: null });
  },
  room: () => {
    const members = [
      member({ isHost: true, isMe: true, status: 'playing', offsetMs: -3 }),
      member({ clientId: 'bob', name: 'Bob', status: 'buffering' }),
      member({ clientId: 'cleo', name: 'Cleo', status: 'away' }),
    ];
    const chat = Array.from({ length: 30 }, (_, id) => line(id, { mine: id % 3 === 0 }));
    session.become({ room: room({ isPrivate: true, members, chat, waitingFor: ['Bob'] }) });
  },
  trouble: () => {
    session.meet('not-playable');
    session.become({
      needsClick: true,
      connection: { kind: 'reconnecting', attempt: 2, nextTryAtMs: performance.now() + 60_000 },
      notices: [{ id: 1, kind: 'error', code: 'MEDIA_NOT_ALLOWED', text: '' }],
    });
  },
  title: () => {
    surface.hash = `#/details?id=${reelId}`;
    show('itemDetailPage');
  },
};
window.stage = stage;
