// What a user gets from the registry: built, packed, unpacked beside its dependencies, and imported by its name.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entries, root } from '../support/entries.ts'

const resolve = createRequire(import.meta.url).resolve
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const names = [...entries().keys()]
const app = mkdtempSync(join(tmpdir(), 'invitekit-app-'))
const home = join(app, 'node_modules/invitekit')

const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { cwd: app, encoding: 'utf8' })
const link = (name: string) => {
  const path = join(app, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), path)
}

beforeAll(() => {
  execFileSync(process.execPath, [resolve('tsup/dist/cli-default.js'), '--silent', '--out-dir', join(home, 'dist')], {
    cwd: root,
    stdio: 'pipe',
  })
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(app, 'package.json'), JSON.stringify({ type: 'module' }))
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]) link(name)
}, 120_000)

afterAll(() => rmSync(app, { recursive: true, force: true }))

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

test.each(names)('import { … } from %j works in plain Node', name => {
  const { stdout, stderr } = node('--input-type=module', '-e', `console.log(Object.keys(await import('${name}')).length > 0)`)
  expect(stdout + stderr).toBe('true\n')
})

test('the types are found from each entry, by a strict compiler that checks libraries too', () => {
  writeFileSync(
    join(app, 'app.ts'),
    names.map((name, at) => `import * as entry${at} from '${name}'\nvoid entry${at}\n`).join(''),
  )
  link('@types')
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023', '--types', 'node']
  expect(node(resolve('typescript/bin/tsc'), ...options, 'app.ts').stdout).toBe('')
})

test('nothing of this checkout is named in the package', () => {
  const built = readdirSync(join(home, 'dist'), { recursive: true, encoding: 'utf8' }).filter(path => /\.(?:js|ts)$/.test(path))
  expect(built.filter(path => readFileSync(join(home, 'dist', path), 'utf8').includes(root))).toEqual([])
})
