// Finds text that people would read and that no translation can reach: words that stand in a template,
// in an attribute that is read out or shown, or are given to the page by hand. `npm run lint` runs it
// over what people see.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const readAttributes: ReadonlySet<string> = new Set([
  'aria-label',
  'aria-description',
  'aria-valuetext',
  'title',
  'placeholder',
  'alt',
]);
const shownProperties: ReadonlySet<string> = new Set([
  'textContent',
  'innerText',
  'innerHTML',
  'title',
  'ariaLabel',
  'placeholder',
  'alt',
]);
const word = /\p{L}{2,}/u;

export interface Finding {
  readonly line: number;
  readonly text: string;
}

/** The words of markup that are shown or read out. */
function wordsOf(markup: string): string[] {
  const attributes = [
    ...markup.matchAll(/(?<name>[\w-]+)=(?:"(?<double>[^"]*)"|'(?<single>[^']*)')/gu),
  ]
    .filter(({ groups }) => readAttributes.has(groups?.['name'] ?? ''))
    .map(({ groups }) => groups?.['double'] ?? groups?.['single'] ?? '');
  const text = markup.replaceAll(/<!--[\s\S]*?-->|<[^>]*>/gu, ' ').replaceAll(/&\w+;/gu, ' ');
  return [text, ...attributes].filter((part) => word.test(part));
}

/** Whether what stands after this much markup is shown, or is an attribute that is read out. */
function isRead(before: string): boolean {
  const inTag = before.lastIndexOf('<') > before.lastIndexOf('>');
  const attribute = /(?<name>[\w-]+)=["']?[^"'=]*$/u.exec(before)?.groups?.['name'] ?? '';
  return !inTag || readAttributes.has(attribute);
}

/** The words that an expression can turn into. */
function literals(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text].filter((text) => word.test(text));
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  if (ts.isConditionalExpression(node))
    return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...literals(node.left), ...literals(node.right)];
  return [];
}

function wordsOfTemplate(template: ts.TemplateLiteral): string[] {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return wordsOf(template.text);
  let markup = template.head.text;
  const inHoles: string[] = [];
  for (const { expression, literal } of template.templateSpans) {
    if (isRead(markup) && !ts.isBinaryExpression(expression)) inHoles.push(...literals(expression));
    markup += `\u0001${literal.text}`;
  }
  return [...wordsOf(markup.replaceAll('\u0001', ' ')), ...inHoles];
}

/** Every text in a source file that cannot be translated. */
export function untranslated(source: string, name: string): Finding[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    for (const text of wordsOfNode(node, file))
      findings.push({ line, text: text.replaceAll(/\s+/gu, ' ').trim() });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

function wordsOfNode(node: ts.Node, file: ts.SourceFile): string[] {
  if (ts.isTaggedTemplateExpression(node))
    return ['html', 'svg'].includes(node.tag.getText(file)) ? wordsOfTemplate(node.template) : [];
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(node.left) &&
    shownProperties.has(node.left.name.text)
  )
    return literals(node.right);
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const [attribute, value] = node.arguments;
    const isSet = node.expression.name.text === 'setAttribute';
    if (isSet && attribute && value && literals(attribute).some((text) => readAttributes.has(text)))
      return literals(value);
  }
  return [];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const client = fileURLToPath(new URL('..', import.meta.url));
  const names = globSync('src/{ui,jellyfin,hosts}/**/*.ts', { cwd: client });
  for (const name of names)
    for (const { line, text } of untranslated(readFileSync(client + name, 'utf8'), name)) {
      console.log(`${name}:${line}: text that cannot be translated: ${text}`);
      process.exitCode = 1;
    }
  console.log(`untranslated: ${names.length} files`);
}
