// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import {
  choicesOn,
  detailsSpots,
  headerSpots,
  homeSpots,
  itemOf,
  osdSpots,
  settle,
  toolbarSpots,
  type Spot,
} from '../../src/jellyfin/places';
import { reelId } from '../ui/fixtures';
import { layOut, ours, show } from './fixtures';

beforeEach(() => layOut());

const before = (spots: readonly Spot[]): (string | null)[] =>
  spots.map((spot) => spot.before?.className ?? null);

test('in the player it is before the gear', () => {
  expect(before(osdSpots(document))).toEqual(['btnVideoOsdSettings']);
});

test('in the player it is at the end where there is no gear', () => {
  document.querySelector('.btnVideoOsdSettings')?.remove();
  expect(before(osdSpots(document))).toEqual([null]);
});

test('in the legacy header it is the first on the right', () => {
  expect(before(headerSpots(document))).toEqual(['headerButton headerSyncButton']);
  expect(toolbarSpots(document)).toEqual([]);
});

test('a header that is not drawn is none', () => {
  layOut('modern');
  expect(headerSpots(document)).toEqual([]);
});

test('in the modern toolbar it is the last before the user’s menu', () => {
  layOut('modern');
  expect(toolbarSpots(document).map(({ parent }) => parent.className)).toEqual(['buttons']);
});

test('a toolbar without other buttons takes it beside the user’s menu', () => {
  layOut('modern');
  for (const other of document.querySelectorAll('.MuiToolbar-root > :not(.user)')) other.remove();
  expect(before(toolbarSpots(document))).toEqual(['user']);
});

test('a user’s menu outside a toolbar is not ours to build on', () => {
  document.body.innerHTML = '<button aria-controls="app-user-menu"></button>';
  expect(toolbarSpots(document)).toEqual([]);
});

test('while the player is shown the headers have none', () => {
  show('videoOsdPage');
  expect(headerSpots(document)).toEqual([]);
});

test('on the home page it is above Jellyfin’s sections', () => {
  expect(before(homeSpots(document))).toEqual(['verticalSection section0']);
});

test('on a title’s page it is after what plays, and only while that page is shown', () => {
  expect(detailsSpots(document)).toEqual([]);
  show('itemDetailPage');
  expect(before(detailsSpots(document))).toEqual(['button-flat btnDownload detailButton']);
});

test('settling puts one at each spot, once, and takes away those that are out of place', () => {
  const make = (): HTMLElement => document.createElement('i');
  settle(document, 'osd', osdSpots(document), make);
  const [first] = ours('osd');
  settle(document, 'osd', osdSpots(document), make);
  expect(ours('osd')).toEqual([first]);

  document.body.append(first!);
  settle(document, 'osd', osdSpots(document), make);
  expect(ours('osd')).toHaveLength(1);
  expect(ours('osd')[0]?.parentElement?.className).toContain('buttons');

  settle(document, 'osd', [], make);
  expect(ours('osd')).toEqual([]);
});

test.each([
  [`#/details?id=${reelId}&serverId=x`, reelId],
  [`#!/details?id=${reelId.toUpperCase()}`, reelId],
  [`#/details.html?id=${reelId}`, reelId],
  [`#!/item?id=${reelId}`, reelId],
  ['#/details', null],
  ['#/details?id=', null],
  ['#/details?id=../../x', null],
  [`#/home?id=${reelId}`, null],
  ['#/video', null],
  ['', null],
])('the item of the route %s is %s', (route, id) => {
  expect(itemOf(route)).toBe(id);
});

test('the version, sound and subtitles chosen on a title’s page are read', () => {
  expect(choicesOn(document)).toEqual({});
  const choose = (list: string, value: string): void => {
    const select = document.querySelector(`.${list}`);
    if (select) select.innerHTML = `<option value="${value}" selected></option>`;
  };
  choose('selectSource', reelId);
  choose('selectAudio', '2');
  choose('selectSubtitles', '-1');
  expect(choicesOn(document)).toEqual({}); // the page is not shown
  show('itemDetailPage');
  const chosen = { mediaSourceId: reelId, audioStreamIndex: 2, subtitleStreamIndex: -1 };
  expect(choicesOn(document)).toEqual(chosen);
});
