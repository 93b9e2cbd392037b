// What a user gets from the registry, unpacked beside its dependencies: found, typed, weighed, and imported by its name.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import vm from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entries, root } from '../support/entries.ts'
import { type Budget, budgets } from './budget.ts'
import { type Packed, pack } from './pack.ts'

const resolve = createRequire(import.meta.url).resolve
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const names = [...entries().keys()]
const app = mkdtempSync(join(tmpdir(), 'invitekit-app-'))
const home = join(app, 'node_modules/invitekit')
let packed: Packed

const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: app, encoding: 'utf8' })
const link = (name: string) => {
  const path = join(app, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), path)
}

beforeAll(() => {
  packed = pack()
  cpSync(packed.directory, home, { recursive: true })
  writeFileSync(join(app, 'package.json'), JSON.stringify({ type: 'module' }))
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]) link(name)
}, 120_000)

afterAll(() => {
  rmSync(app, { recursive: true, force: true })
  packed?.remove()
})

test('package.json exports what tsconfig.json has paths for', () => {
  const exported = Object.keys(manifest.exports).filter(name => name !== './package.json')
  expect(exported.map(name => `invitekit${name.slice(1)}`).sort()).toEqual([...names].sort())
})

test('every file that package.json points at is in the package', () => {
  const targets = Object.values<string | Record<string, string>>(manifest.exports).flatMap(target =>
    typeof target === 'string' ? [target] : Object.values(target),
  )
  expect(targets.filter(target => !existsSync(join(home, target)))).toEqual([])
})

test('the package has what is built and what is to be read, and nothing else', () => {
  const known = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json']
  expect(readdirSync(packed.directory).filter(name => !known.includes(name))).toEqual([])
  const built = readdirSync(join(packed.directory, 'dist'))
  expect(built.filter(name => !/^[\w-]+\.(?:js|d\.ts)$/.test(name))).toEqual([])
})

test('nothing of this checkout is named in the package', () => {
  const built = readdirSync(join(home, 'dist'), { recursive: true, encoding: 'utf8' }).filter(path => /\.(?:js|ts)$/.test(path))
  expect(built.filter(path => readFileSync(join(home, 'dist', path), 'utf8').includes(root))).toEqual([])
})

test('publint finds nothing, by its strict rules', async () => {
  const tarball = new Uint8Array(readFileSync(packed.tarball)).buffer
  const { messages, pkg } = await publint({ strict: true, pack: { tarball } })
  expect(messages.map(message => formatMessage(message, pkg))).toEqual([])
})

test.each(names)('import { … } from %j works in plain Node', name => {
  const { stdout, stderr } = node('--input-type=module', '-e', `console.log(Object.keys(await import('${name}')).length > 0)`)
  expect(stdout + stderr).toBe('true\n')
})

test('the types are found from each entry, by a strict compiler that checks libraries too', () => {
  writeFileSync(
    join(app, 'app.ts'),
    names.map((name, at) => `import * as entry${at} from '${name}'\nvoid entry${at}\n`).join(''),
  )
  // Reached through these links, and not where they lie: beside Express 5 the types of Koa find a content-disposition that
  // they do not fit.
  for (const name of ['@types', 'pg-protocol', 'pg-types', 'undici-types']) link(name)
  const options = { module: 'nodenext', target: 'es2023', lib: ['es2023'], types: ['node'], preserveSymlinks: true }
  expect(compile('app.ts', options)).toBe('')
})

test('the types of the client need a browser and nothing of Node', () => {
  writeFileSync(
    join(app, 'page.ts'),
    "import { createClient } from 'invitekit/client'\nvoid createClient({ baseUrl: '/invites' })\n",
  )
  const lib = ['es2022', 'dom', 'dom.iterable']
  expect(compile('page.ts', { module: 'esnext', moduleResolution: 'bundler', target: 'es2022', lib, types: [] })).toBe('')
})

/** What a strict compiler says that checks libraries too. */
function compile(file: string, options: object): string {
  const compilerOptions = { ...options, strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false }
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
  return node(resolve('typescript/bin/tsc')).stdout
}

test('every entry has a budget', () => {
  expect(
    Object.keys(budgets)
      .map(name => (name === 'index' ? 'invitekit' : `invitekit/${name}`))
      .sort(),
  ).toEqual([...names].sort())
})

test.each(Object.entries(budgets))('%s loads and weighs what it may', async (name, budget) => {
  const { loads, later, bytes } = await weigh(name)
  expect({ loads, later }).toEqual({ loads: [...budget.loads].sort(), later: budget.later })
  expect(bytes).toBeLessThan(budget.bytes)
  expect(bytes, 'a budget that is never felt: lower it').toBeGreaterThan(budget.bytes * 0.7)
})

async function weigh(name: string): Promise<Budget> {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(home, 'dist', `${name}.js`)],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  const imports = Object.values(metafile.outputs).flatMap(output =>
    output.imports.filter(({ path }) => !path.startsWith('node:')),
  )
  const packages = (isLater: boolean) => {
    const found = imports.filter(({ kind }) => (kind === 'dynamic-import') === isLater)
    return [...new Set(found.map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path))].sort()
  }
  const loads = packages(false)
  const later = packages(true).filter(path => !loads.includes(path))
  return { loads, later, bytes: gzipSync(outputFiles[0]?.contents ?? '').length }
}

test('the client is one file for browsers: no other package, nothing of node, and it calls with fetch alone', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(home, 'dist/client.js')],
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    globalName: 'invitekit',
    platform: 'browser',
  })
  expect(Object.keys(metafile.inputs)).toHaveLength(1)
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([])
  const asked: string[] = []
  const fetch = async (url: string | URL) => {
    asked.push(String(url))
    return Response.json({ code: 'invite_expired', expiresAt: '2026-01-01T00:00:00.000Z' }, { status: 410 })
  }
  const web = {
    fetch,
    Response,
    URL,
    URLSearchParams,
    Headers,
    AbortController,
    AbortSignal,
    crypto,
    setTimeout,
    clearTimeout,
    DOMException,
  }
  const page =
    "invitekit.createClient({ baseUrl: 'https://app.example/invites' }).preview({ token: 'x' }).catch(error => error.code)"
  expect(await vm.runInNewContext(`${outputFiles[0]?.text}\n${page}`, web)).toBe('invite_expired')
  expect(asked).toEqual(['https://app.example/invites/preview'])
})
