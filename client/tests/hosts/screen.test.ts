// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { PageScreen } from '../../src/hosts/screen';
import { reel } from '../ui/fixtures';

const other = { ...reel, id: 'f'.repeat(32), url: '/media/other.mp4' };
let screen: PageScreen;

beforeEach(() => {
  screen = new PageScreen(false);
});

test('loads a video with its subtitles, each by what it is', () => {
  const subtitles = [{ label: 'Français', lang: 'fr', url: '/media/reel.fr.vtt' }];
  screen.load({ ...reel, subtitles });
  expect(screen.element.getAttribute('src')).toBe(reel.url);
  const [track] = screen.element.querySelectorAll('track');
  expect(track).toMatchObject({ kind: 'subtitles', label: 'Français', srclang: 'fr' });
  expect(screen.video.value?.id).toBe(reel.id);
});

test('what is loaded already plays on', () => {
  screen.load(reel);
  const source = vi.spyOn(screen.element, 'src', 'set');
  screen.load({ ...reel });
  expect(source).not.toHaveBeenCalled();
});

test('another video takes the place of the first, subtitles too', () => {
  screen.load({ ...reel, subtitles: [{ label: 'English', lang: 'en', url: '/media/x.vtt' }] });
  screen.load(other);
  expect(screen.element.getAttribute('src')).toBe(other.url);
  expect(screen.element.querySelectorAll('track')).toHaveLength(0);
});

test('what cannot be played says so, and may be tried again', () => {
  screen.load(reel);
  screen.element.dispatchEvent(new Event('error'));
  expect(screen.failed.value).toBe(true);
  screen.load(reel);
  expect(screen.failed.value).toBe(false);
  expect(screen.element.getAttribute('src')).toBe(reel.url);
});

test('the trouble of a video that was replaced is no trouble', () => {
  screen.load(reel);
  screen.stop();
  screen.element.dispatchEvent(new Event('error'));
  expect(screen.failed.value).toBe(false);
});

test('stopped, it is empty', () => {
  screen.load(reel);
  screen.stop();
  expect(screen.video.value).toBeNull();
  expect(screen.element.hasAttribute('src')).toBe(false);
});

test('a playlist is taken only where it is preferred and there is one', () => {
  const hlsUrl = '/media/reel.m3u8';
  screen.load({ ...reel, hlsUrl });
  expect(screen.element.getAttribute('src')).toBe(reel.url);
  const hls = new PageScreen(true);
  hls.load({ ...reel, hlsUrl });
  expect(hls.element.getAttribute('src')).toBe(hlsUrl); // no media sources here: by the browser
  hls.load(other);
  expect(hls.element.getAttribute('src')).toBe(other.url);
});

test('a refused start is not an error: the element goes on reporting that it is paused', async () => {
  screen.element.play = () => Promise.reject(new Error('refused'));
  screen.play();
  await Promise.resolve();
  expect(screen.element.paused).toBe(true);
});

test('seeks where it is asked to', () => {
  screen.seek(12.5);
  expect(screen.element.currentTime).toBe(12.5);
});
