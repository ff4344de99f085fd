// Beyond the usual rules this states which folder may reach for what: globals belong to hosts/,
// everything else is given its clock, timers, transport and randomness; sync/ is pure.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const clocksAndTimers = [
  'Date',
  'performance',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'queueMicrotask',
];
const world = ['WebSocket', 'fetch', 'localStorage', 'sessionStorage', 'location', 'navigator'];
const dom = ['window', 'document', 'globalThis', 'self'];

const forbid = (names, message) => ['error', ...names.map((name) => ({ name, message }))];
const noRandom = [
  'error',
  { object: 'Math', property: 'random', message: 'Randomness is passed in (hosts/ provides it).' },
];
const noImports = (...patterns) => [
  'error',
  {
    patterns: patterns.map((group) => ({
      group: [group],
      message: 'Not a dependency of this folder.',
    })),
  },
];

export default tseslint.config(
  { ignores: ['node_modules/', 'src/protocol/codes.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // An override may have to name what only its sibling uses.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/sync/**/*.ts'],
    rules: {
      'no-restricted-globals': forbid(
        [...clocksAndTimers, ...world, ...dom],
        'sync/ is pure: times are passed in.',
      ),
      'no-restricted-properties': noRandom,
      'no-restricted-imports': noImports('../session/*', '../player/*', '../ui/*', '../hosts/*'),
    },
  },
  {
    files: ['src/protocol/**/*.ts', 'src/session/**/*.ts', 'src/player/**/*.ts'],
    rules: {
      'no-restricted-globals': forbid(
        [...clocksAndTimers, ...world, ...dom],
        'Globals belong to hosts/, which passes them in.',
      ),
      'no-restricted-properties': noRandom,
      'no-restricted-imports': noImports('../ui/*', '../hosts/*'),
    },
  },
  {
    files: ['src/ui/**/*.ts', 'src/jellyfin/**/*.ts'],
    rules: {
      'no-restricted-globals': forbid(
        [...clocksAndTimers, ...world],
        'Globals belong to hosts/, which passes them in.',
      ),
      'no-restricted-properties': noRandom,
      'no-restricted-imports': noImports('../hosts/*'),
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['scripts/**/*.mjs', '*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
