// @vitest-environment happy-dom
import { html, render } from 'lit';
import { expect, test } from 'vitest';
import { cssVariables } from '../../src/ui/css-variables';

test('variables are written through the style object and follow their values', () => {
  const draw = (hue: string): HTMLElement => {
    render(html`<div ${cssVariables({ '--hue': hue, '--at': '4%' })}></div>`, document.body);
    return document.querySelector('div')!;
  };
  const element = draw('12');
  expect(element.style.getPropertyValue('--hue')).toBe('12');
  expect(element.style.getPropertyValue('--at')).toBe('4%');
  expect(draw('200')).toBe(element);
  expect(element.style.getPropertyValue('--hue')).toBe('200');
});
