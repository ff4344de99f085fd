// Sets CSS variables on an element: `<div ${cssVariables({ '--hue': '12' })}>`. Lit's own styleMap writes
// a style attribute the first time, which a strict content policy (style-src 'self') refuses; the
// style object is not the policy's business.
import { noChange, type ElementPart } from 'lit';
import { Directive, directive, type DirectiveParameters } from 'lit/directive.js';

type Variables = Readonly<Record<`--${string}`, string>>;

class CssVariablesDirective extends Directive {
  /** Declares what the directive takes; the work is update's, which knows the element. */
  override render(_variables: Variables): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [variables]: DirectiveParameters<this>): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
    return noChange;
  }
}

export const cssVariables = directive(CssVariablesDirective);
