// The examples of test/domain and nothing else, for `npm run coverage` and `npm run mutation`: no server starts. The random
// laws are left out, so that both numbers are the same on every run, and are owed to outcomes that were typed by hand.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads this one
export default defineConfig({
  root: fileURLToPath(new URL('../../', import.meta.url)),
  test: {
    include: ['test/domain/**/*.test.ts'],
    exclude: ['**/*laws.test.ts'],
    setupFiles: ['test/mutation/seed.ts'],
    // One worker loads the domain once: a mutant takes a second instead of ten.
    isolate: false,
    coverage: {
      include: ['src/domain/**'],
      reporter: ['text', 'html'],
      reportsDirectory: 'coverage/domain',
      thresholds: { branches: 100, functions: 100, lines: 100, statements: 100 },
    },
  },
})
