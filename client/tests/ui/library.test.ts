import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findVideo, parseLibrary } from '../../src/ui/library';
import { reel, reelId } from './fixtures';

const good = { id: reelId, title: 'The Reel', url: '/media/reel.mp4' };

test('an entry as the server writes it is taken whole', () => {
  const subtitles = [{ label: 'English', lang: 'en', url: '/media/reel.en.vtt' }];
  expect(parseLibrary([{ ...good, hls_url: '/media/reel.m3u8', subtitles, size: 5 }])).toEqual([
    {
      ...reel,
      hlsUrl: './media/reel.m3u8',
      subtitles: [{ ...subtitles[0], url: './media/reel.en.vtt' }],
    },
  ]);
});

test('what the server leaves out is none', () => {
  expect(parseLibrary([good])).toEqual([reel]);
});

test.each([null, undefined, 'text', 7, {}, { 0: good, length: 1 }])('%o is no list', (json) => {
  expect(parseLibrary(json)).toEqual([]);
});

describe('one bad entry is left out, the others stay', () => {
  test.each([
    ['null', null],
    ['a list', [good]],
    ['without id', { ...good, id: undefined }],
    ['a short id', { ...good, id: 'abc' }],
    ['an id with more around it', { ...good, id: `${reelId}\n` }],
    ['an id that is markup', { ...good, id: '"><img src=x onerror=alert(1)>'.padEnd(32) }],
    ['a title that is no text', { ...good, title: ['The Reel'] }],
    ['no address', { ...good, url: undefined }],
    ['another origin', { ...good, url: 'https://elsewhere.example/x.mp4' }],
    ['another host', { ...good, url: '//elsewhere.example/x.mp4' }],
    ['another host by backslash', { ...good, url: '/\\elsewhere.example/x.mp4' }],
    ['another host by a tab that is dropped', { ...good, url: '/\t/elsewhere.example/x.mp4' }],
    ['a script', { ...good, url: 'javascript:alert(1)' }],
    ['data', { ...good, url: 'data:video/mp4;base64,AAAA' }],
    ['a relative address', { ...good, url: 'media/reel.mp4' }],
    ['a line break', { ...good, url: '/media/\nreel.mp4' }],
  ])('%s', (_, bad) => {
    expect(parseLibrary([bad, good])).toEqual([reel]);
  });
});

test('a bad playlist or subtitle is left out, the video stays', () => {
  const track = { label: 'English', lang: 'en', url: '/media/reel.en.vtt' };
  const [video] = parseLibrary([
    {
      ...good,
      hls_url: 'https://elsewhere.example/x.m3u8',
      subtitles: [null, { ...track, url: 'javascript:alert(1)' }, { ...track, lang: 3 }, track],
    },
  ]);
  expect(video).toEqual({ ...reel, subtitles: [{ ...track, url: './media/reel.en.vtt' }] });
  expect(parseLibrary([{ ...good, subtitles: 'all of them' }])).toEqual([reel]);
});

test('whatever comes, every address that leaves the parser is a path of this server', () => {
  const text = fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom('/a', '//a', '/\\a', '/\ta'));
  const anything = fc.record(
    { id: fc.oneof(text, fc.constant(reelId)), title: text, url: text, hls_url: text },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(anything, fc.anything())), (json) => {
      const here = new URL('https://party.example/');
      for (const { url, hlsUrl } of parseLibrary(json))
        for (const address of [url, hlsUrl ?? '/'])
          expect(new URL(address, here).origin).toBe(here.origin);
    }),
  );
});

test('a video is found by its id once the list is there', () => {
  const library = { kind: 'loaded', videos: [reel] } as const;
  expect(findVideo(library, reelId)).toBe(reel);
  expect(findVideo(library, 'f'.repeat(32))).toBeNull();
  expect(findVideo(library, null)).toBeNull();
  expect(findVideo({ kind: 'loading' }, reelId)).toBeNull();
  expect(findVideo({ kind: 'failed' }, reelId)).toBeNull();
});
