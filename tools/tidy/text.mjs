// What the rules share: how they report, and how they look at code without its comments and strings.

export const finding = (path, line, message) => ({ path, line, message });

/** Calls visit(line, number, path) for every line of the files that `wanted` says yes to. */
export function eachLine(files, wanted, visit) {
  for (const [path, text] of files)
    if (wanted(path)) text.split('\n').forEach((line, index) => visit(line, index + 1, path));
}

export const isCpp = (path) => /\.(cpp|hpp)$/.test(path);
export const isTypeScript = (path) => path.endsWith('.ts');
/** What people wrote by hand as code or prose; data of tests may look like anything. */
export const isSource = (path) =>
  !/^(protocol\/(vectors|scenarios)|server\/fuzz\/(corpus|regressions))\//.test(path);

/**
 * The text with comments and the insides of string literals blanked out, line by line the same.
 * Template literals lose their expressions too: a rule may miss a breach there, but never invents one.
 */
export function codeOnly(text) {
  const pattern = new RegExp(
    [
      String.raw`R"(?<raw>[^(\s]*)\([\s\S]*?\)\k<raw>"`, // C++ raw strings
      String.raw`//[^\n]*`,
      String.raw`/\*[\s\S]*?\*/`,
      String.raw`(?<![\w])'(?:\\.|[^'\\\n])*'`, // not the digit separator of 1'000
      String.raw`"(?:\\.|[^"\\\n])*"`,
      '`(?:\\\\[\\s\\S]|[^`\\\\])*`',
    ].join('|'),
    'g',
  );
  return text.replace(pattern, (match) => match.replace(/[^\n]/g, ' '));
}
