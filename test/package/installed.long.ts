// The packed package, installed by npm into empty projects: each makes an invite there and accepts it, with nothing at hand
// but what it asked for.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { root } from '../support/entries.ts'
import { commonjsApp, expressApp, honoApp, koaApp, options, typedApp } from './apps.ts'
import { type Packed, pack } from './pack.ts'
import { createProject, type Project } from './projects.ts'

let packed: Packed

beforeAll(() => {
  packed = pack()
}, 180_000)
afterAll(() => packed?.remove())

function project(...packages: readonly string[]): Project {
  const made = createProject(packed.tarball, ...packages)
  onTestFinished(made.remove)
  return made
}

test('are the types wrong? no', () => {
  const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  const { status, stdout } = spawnSync(process.execPath, [attw, packed.tarball, '--profile', 'esm-only'], { encoding: 'utf8' })
  expect(status === 0 ? '' : stdout).toBe('')
})

const told = '201 pending 200 ben member\n'

test.each(['express@5', 'express@4'])('with %s and nothing else', express => {
  const app = project(express)
  app.write('app.js', expressApp)
  expect(app.run('app.js')).toBe(told)
})

test('with koa and nothing else', () => {
  const app = project('koa@3')
  app.write('app.js', koaApp)
  expect(app.run('app.js')).toBe(told)
})

test('with hono and nothing else', () => {
  const app = project('hono@4')
  app.write('app.js', honoApp)
  expect(app.run('app.js')).toBe(told)
})

test('from CommonJS, by require, with SQLite', () => {
  const app = project()
  app.borrow('better-sqlite3')
  app.write('app.cjs', commonjsApp)
  expect(app.run('app.cjs')).toBe(told)
})

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  target: 'es2023',
  lib: ['es2023'],
  module: 'nodenext',
  types: ['node'],
  outDir: 'out',
}

test.each(['typescript@5.9', 'typescript@7'])('a strict %s compiles an app, libraries checked, and it runs', typescript => {
  const app = project('express@5', '@types/express', '@types/better-sqlite3', '@types/node@20', typescript)
  app.borrow('better-sqlite3')
  app.write('app.ts', typedApp)
  app.write('tsconfig.json', JSON.stringify({ compilerOptions: strict, files: ['app.ts'] }))
  expect(app.run('node_modules/typescript/bin/tsc')).toBe('')
  expect(app.run('out/app.js')).toBe('role_unknown\ncook 200\n')
})

describe('what is not installed is named', () => {
  let app: Project
  beforeAll(() => {
    app = createProject(packed.tarball)
  }, 120_000)
  afterAll(() => app?.remove())

  const storageOf = (entry: string, make: string) =>
    `import { createInvites } from 'invitekit'
    import * as entry from '${entry}'
    const storage = ${make}
    await createInvites(${options}).migrate()`

  test.each([
    ['npm install better-sqlite3', storageOf('invitekit/sqlite', "entry.sqliteStorage({ database: 'app.db' })")],
    ['npm install pg', storageOf('invitekit/postgres', "entry.postgresStorage('postgres://localhost/app')")],
    [
      'npm install nodemailer',
      `import { smtpTransport } from 'invitekit/smtp'
      const message = { id: '1', to: 'ben@example.com', subject: 'Hello', text: 'Hello', headers: {} }
      await smtpTransport({ url: 'smtp://localhost', from: 'ann@acme.example' }).send({ ...message, signal: AbortSignal.timeout(9_000) })`,
    ],
    [
      'npm install libphonenumber-js',
      `import { createInvites } from 'invitekit'
      import { memoryStorage } from 'invitekit/memory'
      const storage = memoryStorage()
      const context = { actor: 'system', organizationId: 'acme' }
      await createInvites(${options}).create({ recipient: { phone: '+49 30 901820' }, role: 'member' }, context)`,
    ],
    ["package 'hono'", "await import('invitekit/hono')"],
  ])('%s', (said, code) => {
    app.write('app.js', code)
    expect(app.run('app.js')).toContain(said)
  })

  test('and Express and Koa are not needed by their own mounts', () => {
    app.write('app.js', "await import('invitekit/express')\nawait import('invitekit/koa')\nconsole.log('fine')")
    expect(app.run('app.js')).toBe('fine\n')
  })
})
