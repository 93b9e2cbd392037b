// The build: one file for each published entry, what they share in chunks of its own, nothing of node_modules inside.
import { entries } from './test/support/entries.ts'

const entry = Object.fromEntries([...entries()].map(([name, source]) => [name.replace(/^invitekit\/?/, '') || 'index', source]))

// Not through tsup's `defineConfig`: its types do not compile without skipLibCheck.
export default {
  entry,
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  dts: true,
  clean: true,
  skipNodeModulesBundle: true,
}
