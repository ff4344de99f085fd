// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { attachSource } from '../../src/player/hls';

type Listener = (event: string, data: { fatal: boolean; type: string }) => void;

// A scripted library in the place of hls.js: it writes down what it is told.
const scripted = vi.hoisted(() => ({
  isSupported: true,
  told: [] as string[],
  listener: null as Listener | null,
}));

vi.mock('hls.js', () => ({
  default: class {
    static readonly Events = { ERROR: 'error' };
    static readonly ErrorTypes = { NETWORK_ERROR: 'network', MEDIA_ERROR: 'media' };
    static isSupported(): boolean {
      return scripted.isSupported;
    }
    on(_name: string, listener: Listener): void {
      scripted.listener = listener;
    }
    loadSource(url: string): void {
      scripted.told.push(`load ${url}`);
    }
    attachMedia(): void {
      scripted.told.push('attach');
    }
    startLoad(): void {
      scripted.told.push('start again');
    }
    recoverMediaError(): void {
      scripted.told.push('recover');
    }
    destroy(): void {
      scripted.told.push('destroy');
    }
  },
}));

let video: HTMLVideoElement;
let failures: string[];
const attach = (url: string) => attachSource(video, url, (text) => failures.push(text));
const breaks = (type: string, fatal = true): void => scripted.listener?.('error', { fatal, type });

beforeEach(() => {
  Object.assign(scripted, { isSupported: true, told: [], listener: null });
  video = document.createElement('video');
  failures = [];
});

describe('a file', () => {
  test('is the element’s own business', () => {
    expect(attach('/media/reel.mp4').isHls).toBe(false);
    expect(video.getAttribute('src')).toBe('/media/reel.mp4');
    expect(scripted.told).toEqual([]);
  });

  test('with a playlist’s letters inside its name is a file', () => {
    expect(attach('/media/reel.m3u8.mp4').isHls).toBe(false);
  });

  test('that cannot be played says so', () => {
    attach('/media/reel.mp4');
    video.dispatchEvent(new Event('error'));
    expect(failures).toEqual(['The video cannot be played.']);
  });

  test('is let go of entirely', () => {
    attach('/media/reel.mp4').detach();
    expect(video.hasAttribute('src')).toBe(false);
    video.dispatchEvent(new Event('error'));
    expect(failures).toEqual([]);
  });
});

describe('a playlist', () => {
  test.each(['/media/reel.m3u8', '/media/reel.M3U8', '/media/reel.m3u8?token=1', '/a.m3u8#t=5'])(
    '%s goes through hls.js',
    (url) => {
      expect(attach(url).isHls).toBe(true);
      expect(scripted.told).toEqual([`load ${url}`, 'attach']);
      expect(video.hasAttribute('src')).toBe(false);
    },
  );

  test('goes to the browser itself where there are no media sources', () => {
    scripted.isSupported = false;
    expect(attach('/media/reel.m3u8').isHls).toBe(true);
    expect(video.getAttribute('src')).toBe('/media/reel.m3u8');
  });

  test('is let go of', () => {
    attach('/media/reel.m3u8').detach();
    expect(scripted.told.at(-1)).toBe('destroy');
  });
});

describe('a stream that breaks', () => {
  beforeEach(() => {
    attach('/media/reel.m3u8');
    scripted.told.length = 0;
  });

  test('is mended by what is broken', () => {
    breaks('network');
    breaks('media');
    expect(scripted.told).toEqual(['start again', 'recover']);
    expect(failures).toEqual([]);
  });

  test('a little mends itself', () => {
    for (let i = 0; i < 100; i++) breaks('media', false);
    expect(scripted.told).toEqual([]);
  });

  test('for a reason that nothing mends, is given up', () => {
    breaks('mux');
    expect(failures).toEqual(['The stream cannot be played.']);
  });

  test('again and again, is given up, and the viewer told once', () => {
    for (let i = 0; i < 6; i++) breaks('network');
    expect(scripted.told.filter((each) => each === 'start again')).toHaveLength(5);
    expect(scripted.told.at(-1)).toBe('destroy');
    expect(failures).toEqual(['The stream broke off.']);
  });
});
