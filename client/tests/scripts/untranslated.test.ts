import { expect, test } from 'vitest';
import { untranslated } from '../../scripts/untranslated';

const texts = (source: string): string[] =>
  untranslated(source, 'sample.ts').map(({ text }) => text);

test('words between tags are found, with their line', () => {
  expect(untranslated('\nhtml`<p class="big">Hello ${name}</p>`', 'sample.ts')).toEqual([
    { line: 2, text: 'Hello' },
  ]);
});

test('words in attributes that are shown or read out are found', () => {
  expect(texts('html`<button aria-label="Close it"></button>`')).toEqual(['Close it']);
  expect(texts("html`<input placeholder='Say something' />`")).toEqual(['Say something']);
  expect(texts('html`<button aria-label=${open ? "Close" : strings.open}></button>`')).toEqual([
    'Close',
  ]);
});

test('words that a hole turns into are found', () => {
  expect(texts("html`<p>${busy ? 'Please wait' : nothing}</p>`")).toEqual(['Please wait']);
});

test('words given to the page by hand are found', () => {
  expect(texts("element.textContent = 'Hello';")).toEqual(['Hello']);
  expect(texts("element.title = on ? 'Leave' : strings.join;")).toEqual(['Leave']);
  expect(texts("element.setAttribute('aria-label', 'Chat');")).toEqual(['Chat']);
});

test('templates within templates are searched', () => {
  expect(texts('html`<ul>${rows.map((row) => html`<li>Row</li>`)}</ul>`')).toEqual(['Row']);
});

test('markup, classes, signs and what comes from a table are left alone', () => {
  expect(
    texts(
      'html`<p class="big ${on ? "good" : ""}" title=${strings.hint}>${strings.text} · × ${n}&nbsp;</p>`',
    ),
  ).toEqual([]);
  expect(texts("svg`<path d='M4 9h3'/>`; css`p { color: red; }`; element.id = 'chat';")).toEqual(
    [],
  );
});
