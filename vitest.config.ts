// How the tests run. `--mode long` runs test/**/*.long.ts instead of the tests that every change should pass.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { entries, root } from './test/support/entries.ts'

const alias = [...entries()].map(([name, source]) => ({ find: new RegExp(`^${name}$`), replacement: root + source }))

// What needs no server starts none: `vitest run test/domain` answers at once.
const pure = ['test/domain/**/*.test.ts']
// Compilers and packers take whole cores, so they run after the tests that race.
const house = ['test/structure.test.ts', 'test/package/**/*.test.ts']
const whole = ['test/**/*.test.ts', 'examples/**/*.test.ts']

const server = { globalSetup: ['test/support/setup.ts'] }
const project = (name: string, test: object) => ({ extends: true as const, test: { name, ...test } })

export default defineConfig(({ mode }) => ({
  resolve: { alias },
  test: {
    pool: 'forks',
    // By itself vitest leaves one core alone, and half of the time passes in waiting; more than four compete for one Postgres.
    maxWorkers: Math.min(4, availableParallelism()),
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ['./test/support/reporter.ts'],
    coverage: { include: ['src/**', 'adapters/**'] },
    projects:
      mode === 'long'
        ? [project(mode, { ...server, include: ['test/**/*.long.ts'], testTimeout: 600_000, maxWorkers: 1 })]
        : [
            project('pure', { include: pure, sequence: { groupOrder: 0 } }),
            project('whole', { ...server, include: whole, exclude: [...pure, ...house], sequence: { groupOrder: 1 } }),
            project('house', { include: house, testTimeout: 120_000, sequence: { groupOrder: 2 } }),
          ],
  },
}))
