// The build: one file for each published entry, what they share in chunks of its own, nothing of node_modules inside.
import { entries } from './test/support/entries.ts'

const entry = Object.fromEntries([...entries()].map(([name, source]) => [name.replace(/^invitekit\/?/, '') || 'index', source]))
const { client, ...server } = entry
/** In a file of its own: in the chunk of the whole core, every transport would load what the core loads. */
const shared = { options: 'src/validation/known-options.ts' }

const common = {
  format: 'esm',
  skipNodeModulesBundle: true,
  // tsup would write `crypto` for `node:crypto`, which Deno and Workers do not know.
  removeNodeProtocol: false,
}

// Not through tsup's `defineConfig`: its types do not compile without skipLibCheck.
export default [
  {
    ...common,
    entry: { ...server, ...shared },
    target: 'node20',
    platform: 'node',
    splitting: true,
    // The types of all in one pass, so that the client's are those of the main entry and no copies.
    dts: { entry },
    clean: ['!client.js'],
  },
  {
    // In a pass of its own: in shared chunks the browser would get the whole core, and with it node:crypto.
    ...common,
    entry: { client },
    target: 'es2022',
    platform: 'browser',
    splitting: false,
  },
]
