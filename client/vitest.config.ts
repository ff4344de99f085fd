import { defineConfig } from 'vitest/config';

// Tests run without a DOM; one that needs it says so in its first line:
// `// @vitest-environment happy-dom`.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
