// The rooms of the house and who may enter which, asserted over the real tree. Each rule comes with a file that breaks it.
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { root } from './support/entries.ts'
import { type Import, loadedBy, nodes, parse, readTree, ringAt, type SourceFile } from './support/tree.ts'

type Files = readonly SourceFile[]
type Check = (files: Files) => readonly string[]

const isIn = (file: Pick<SourceFile, 'path'>, room: string) => file.path.startsWith(room)
const lineOf = (file: SourceFile, node: ts.Node) => file.syntax.getLineAndCharacterOfPosition(node.getStart()).line + 1

/** Files of `room` import nothing but what `allowed` lets through. */
const imports =
  (room: string, allowed: (target: string, file: SourceFile) => boolean): Check =>
  files =>
    files
      .filter(file => isIn(file, room))
      .flatMap(file => file.imports.filter(one => !allowed(one.target, file)).map(one => `${file.path} imports ${one.written}`))

/** Only files of `room` import `library`. */
const isOurs = (file: SourceFile) => isIn(file, 'src/') || isIn(file, 'adapters/')

const onlyIn =
  (room: string, library: string): Check =>
  files =>
    files.flatMap(file =>
      isOurs(file) && !isIn(file, room) && file.imports.some(one => one.target === library)
        ? [`${file.path} imports ${library}`]
        : [],
    )

/** No node of the files that `where` admits is one that `what` names. */
const says =
  (where: (file: SourceFile) => boolean, what: (node: ts.Node) => string | null): Check =>
  files =>
    files.filter(where).flatMap(file =>
      [...nodes(file.syntax)].flatMap(node => {
        const found = what(node)
        return found === null ? [] : [`${file.path}:${lineOf(file, node)} has ${found}`]
      }),
    )

const isPackage = (target: string) => !/^(?:src|adapters|test|examples|\.\.)(?:\/|$)/.test(target)
const under =
  (...rooms: readonly string[]) =>
  (target: string) =>
    rooms.some(room => target.startsWith(room))
const among =
  (...names: readonly string[]) =>
  (target: string) =>
    names.includes(target)

/** The rooms and files of src, from the ground up. Those of one layer do not import each other. */
const layers = [
  ['domain', 'text'],
  ['ports'],
  ['api'],
  ['concurrency'],
  ['validation'],
  ['templates'],
  ['options'],
  ['input', 'views'],
  ['commit', 'mail', 'core.ts'],
  ['relay'],
  ['usecases', 'maintenance'],
  ['create-invites.ts'],
  ['index.ts'],
]
const roomOf = (path: string) => path.split('/')[1] ?? ''
const layerOf = (path: string) => layers.findIndex(layer => layer.includes(roomOf(path)))
const isBelow = (target: string, path: string) =>
  !target.startsWith('src/') ||
  (layerOf(path) !== -1 && layerOf(target) !== -1 && (layerOf(target) < layerOf(path) || roomOf(target) === roomOf(path)))

const ofDomain = among('node:crypto', 'node:url', 'node:buffer', 'nanoid')
const ofCore = among('nanoid', 'mitt', 'uuidv7')
const kindOf = (path: string) => /^adapters\/[^/]+\//.exec(path)?.[0] ?? path
const severalKinds = ['adapters/testing/', 'adapters/cli/']
const mayPrint = (file: SourceFile) =>
  isIn(file, 'adapters/cli/') || ['adapters/transport/console.ts', 'src/options/settings.ts'].includes(file.path)

function impurity(node: ts.Node): string | null {
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword) return 'async or await'
  if (ts.isThrowStatement(node)) return 'throw'
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()'
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()'
  const access = ts.isPropertyAccessExpression(node) ? node.getText() : ''
  return /^(?:globalThis\.)?(?:Date\.now|Math\.random|performance\.now)$/.test(access) ? access : null
}

const isPrint = (node: ts.Node) =>
  ts.isPropertyAccessExpression(node) && /^(?:globalThis\.)?console$/.test(node.expression.getText()) ? node.getText() : null

const sql =
  /^\s*(?:select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|(?:create|alter|drop)\s+(?:table|index|schema)\s|begin\s+immediate)/i
const isSql = (node: ts.Node) =>
  (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && sql.test(node.text) ? 'SQL' : null

/** The file that `src/core.ts` has a value from; null for a type. */
function homeOf(name: string, files: Files): string | null {
  const index = files.find(file => file.path === 'src/core.ts')
  for (const statement of index?.syntax.statements ?? []) {
    if (!ts.isExportDeclaration(statement) || statement.isTypeOnly || !statement.exportClause) continue
    const exported = ts.isNamedExports(statement.exportClause) ? statement.exportClause.elements : []
    if (!exported.some(one => !one.isTypeOnly && one.name.text === name)) continue
    const from = statement.moduleSpecifier
    return from && ts.isStringLiteral(from) ? posix.join('src', from.text) : null
  }
  return null
}

/** What a bundler for browsers keeps of an entry: of `src/core.ts` only the files that something is taken from. */
function keptBy(entry: string, files: Files): readonly string[] {
  const index = 'src/core.ts'
  const loaded = loadedBy(
    entry,
    files.filter(file => file.path !== index),
  )
  // An export counts like an import: `export { isInviteError } from '../../src/core.ts'`.
  const taken = files
    .filter(file => loaded.has(file.path))
    .flatMap(file => [...nodes(file.syntax)].flatMap(node => namesFrom(index, file.path, node)))
  const homes = taken.flatMap(name => homeOf(name, files) ?? [])
  return [...loaded.keys(), ...homes.flatMap(home => [...loadedBy(home, files).keys()])]
}

function namesFrom(target: string, path: string, node: ts.Node): readonly string[] {
  if (!(ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) || !node.moduleSpecifier) return []
  if (!ts.isStringLiteral(node.moduleSpecifier) || posix.join(posix.dirname(path), node.moduleSpecifier.text) !== target)
    return []
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause
  return bindings && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings))
    ? bindings.elements.map(one => (one.propertyName ?? one.name).text)
    : []
}

/** Folders as files, so that rings are found in the same way: an `index.ts` and what else is an entry are folders of their own. */
function folderRings(files: Files): readonly string[] {
  const folderOf = (path: string) => (/(?:^|\/)(?:index|core)\.ts$/.test(path) ? path : posix.dirname(path))
  const folders = new Map<string, Import[]>()
  for (const { path, imports } of files) {
    const others = imports.filter(one => one.written.startsWith('.')).map(one => ({ ...one, target: folderOf(one.target) }))
    const own = folderOf(path)
    folders.set(own, [...(folders.get(own) ?? []), ...others.filter(one => one.target !== own)])
  }
  const nodes = [...folders].map(([path, imports]) => ({ path, imports }) as unknown as SourceFile)
  return nodes.flatMap(({ path }) => ringAt(path, nodes)?.join(' → ') ?? []).slice(0, 5)
}

const heavy = ['zod', 'kysely', 'libphonenumber-js', 'liquidjs']

type Text = readonly [path: string, text: string]

/** `breach`: a file that breaks the rule, where it takes two together with `also`. */
const rules: readonly { name: string; check: Check; breach: Text; also?: Text }[] = [
  {
    name: 'the domain imports only itself, node:crypto, node:url, node:buffer and nanoid',
    check: imports('src/domain/', target => under('src/domain/')(target) || ofDomain(target)),
    breach: ['src/domain/a.ts', "export type { Storage } from '../ports/storage.ts'"],
  },
  {
    name: 'of node:crypto the domain takes what is no source of randomness',
    check: files =>
      files.flatMap(file => {
        const taken = file.imports.filter(one => isIn(file, 'src/domain/') && one.target === 'node:crypto')
        const isFine = among('createHmac', 'createHash', 'timingSafeEqual')
        return taken.flatMap(({ names }) => (names.length > 0 && names.every(isFine) ? [] : [`${file.path} takes ${names}`]))
      }),
    breach: ['src/domain/a.ts', "import { createHmac, randomUUID } from 'node:crypto'"],
  },
  {
    name: 'the domain has no async, clock, randomness or throw',
    check: says(file => isIn(file, 'src/domain/'), impurity),
    breach: ['src/domain/a.ts', 'export const a = () => new Date().getTime() - new Date(0).getTime()'],
  },
  {
    name: 'the ports import the domain and each other, types only',
    check: files => [
      ...imports('src/ports/', under('src/domain/', 'src/ports/'))(files),
      ...files
        .filter(file => isIn(file, 'src/ports/'))
        .flatMap(file => file.imports.filter(one => !one.typeOnly).map(one => `${file.path} loads ${one.written}`)),
    ],
    breach: ['src/ports/a.ts', "import { isPast } from '../domain/invite.ts'"],
  },
  {
    name: 'a file of src imports its own room and those of lower layers',
    check: files =>
      files
        .filter(file => isIn(file, 'src/'))
        .flatMap(file =>
          file.imports.filter(one => !isBelow(one.target, file.path)).map(one => `${file.path} imports ${one.written}`),
        ),
    breach: ['src/commit/a.ts', "import type { Relay } from '../relay/relay.ts'"],
  },
  {
    name: 'of packages src imports nanoid, mitt and uuidv7',
    check: imports('src/', target => !isPackage(target) || isIn({ path: target }, 'node:') || ofCore(target)),
    breach: ['src/commit/a.ts', "import type { Pool } from 'pg'"],
  },
  {
    name: 'only src/index.ts imports adapters',
    check: files => imports('src/', target => !under('adapters/')(target))(files.filter(({ path }) => path !== 'src/index.ts')),
    breach: ['src/core.ts', "export { consoleTransport } from '../adapters/transport/console.ts'"],
  },
  {
    name: 'an adapter imports src/core.ts and its own kind, as a stranger could; those that put several together, src/index.ts',
    check: imports('adapters/', (target, file) => {
      if (isPackage(target) || under(kindOf(file.path))(target)) return true
      return severalKinds.some(room => isIn(file, room))
        ? target === 'src/index.ts' || under('adapters/')(target)
        : target === 'src/core.ts'
    }),
    breach: ['adapters/http/a.ts', "import { statusAt } from '../../src/domain/invite.ts'"],
  },
  {
    name: 'the HTTP handler knows no wire: it imports no profiles, pages or mounts',
    check: imports(
      'adapters/http/handler/',
      target => !under('adapters/http/')(target) || under('adapters/http/handler/')(target),
    ),
    breach: ['adapters/http/handler/a.ts', "import { statuses } from '../profiles/native/problem.ts'"],
  },
  {
    name: 'a profile imports no mount',
    check: imports('adapters/http/profiles/', target => !under('adapters/http/mounts/', 'adapters/http/index.ts')(target)),
    breach: ['adapters/http/profiles/a.ts', "import { pathOf } from '../mounts/bridge/mount.ts'"],
  },
  {
    name: 'an example imports published entries and packages, as a user does',
    check: imports(
      'examples/',
      (target, file) =>
        isPackage(target) || under('examples/')(target) || (file.path.endsWith('.test.ts') && under('test/support/')(target)),
    ),
    breach: ['examples/a/b.ts', "import { createInvites } from '../../src/index.ts'"],
  },
  {
    name: 'zod is imported in adapters/http only',
    check: onlyIn('adapters/http/', 'zod'),
    breach: ['adapters/events/a.ts', "const { z } = await import('zod')"],
  },
  {
    name: 'kysely is imported in adapters/storage only',
    check: onlyIn('adapters/storage/', 'kysely'),
    breach: ['adapters/http/a.ts', "import type { Kysely } from 'kysely'"],
  },
  {
    name: 'SQL is written in adapters/storage only',
    check: says(file => isOurs(file) && !isIn(file, 'adapters/storage/'), isSql),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a file
    breach: ['adapters/http/a.ts', 'const a = (b: string) => `select * from ${b}`'],
  },
  {
    name: 'nothing prints but the command line, the console transport and the default onError',
    check: says(file => isOurs(file) && !mayPrint(file), isPrint),
    breach: ['src/commit/a.ts', "console.warn('a')"],
  },
  {
    name: `the main entry loads none of ${heavy.join(', ')}`,
    check: files => {
      const loaded = loadedBy('src/index.ts', files)
      return heavy.flatMap(library => (loaded.has(library) ? [`${loaded.get(library)} loads ${library}`] : []))
    },
    breach: ['src/index.ts', "export { z } from 'zod'"],
  },
  {
    name: 'what a browser gets of invitekit/client is ours alone: nothing of node, no other package',
    check: files => keptBy('adapters/client/index.ts', files).filter(isPackage),
    breach: ['adapters/client/index.ts', "import { randomUUID } from 'node:crypto'"],
  },
  {
    name: 'no files of src or adapters load each other in a ring',
    check: files => {
      const ours = files.filter(isOurs)
      return ours.flatMap(file => ringAt(file.path, ours, one => !one.typeOnly)?.join(' → ') ?? []).slice(0, 5)
    },
    breach: ['src/commit/a.ts', "import { a } from './a.ts'"],
  },
  {
    name: 'nor do they import types in a ring',
    check: files => {
      const others = files.filter(isOurs)
      return others.flatMap(file => ringAt(file.path, others)?.join(' → ') ?? []).slice(0, 5)
    },
    breach: ['src/commit/a.ts', "import type { a } from './a.ts'"],
  },
  {
    name: 'nor do folders import each other in a ring; an index stands above its folder',
    check: files => folderRings(files.filter(isOurs)).slice(0, 1),
    breach: ['src/domain/decide/a.ts', "import type { b } from '../b.ts'"],
    also: ['src/domain/b.ts', "import type { a } from './decide/c.ts'"],
  },
  {
    name: 'every file of src and adapters starts with a line that says what lives there',
    check: files =>
      files.filter(isOurs).flatMap(file => (/^(?:#!.*\n)?(?:\/\/|\/\*\*?) ?\S/.test(file.text) ? [] : [file.path])),
    breach: ['src/commit/a.ts', 'export const a = 1'],
  },
  {
    name: 'no file is longer than 200 lines',
    check: files =>
      files.flatMap(file => {
        const lines = file.text.trimEnd().split('\n').length
        return lines > 200 ? [`${file.path} has ${lines} lines`] : []
      }),
    breach: ['examples/a.ts', '\n'.repeat(200).concat('a')],
  },
]

const files = readTree('src', 'adapters', 'examples')

for (const { name, check, breach, also } of rules) {
  test(name, () => expect(check(files).join('\n')).toBe(''))
  test(`a file that breaks it is seen: ${name}`, () =>
    expect(check([breach, ...(also ? [also] : [])].map(text => parse(...text)))).toHaveLength(1))
}

test('a client that takes the core into the browser is seen', () => {
  const client = parse('adapters/client/index.ts', "export { toCode } from '../../src/core.ts'")
  const others = files.filter(({ path }) => path !== client.path)
  expect(keptBy(client.path, [...others, client])).toContain('node:crypto')
})

test('every folder of src and adapters is in CONTRIBUTING.md', () => {
  const page = readFileSync(`${root}CONTRIBUTING.md`, 'utf8')
  const folders = files.filter(isOurs).flatMap(({ path }) => path.split('/').slice(1, -1))
  expect([...new Set(folders)].filter(folder => !page.includes(`${folder}/`))).toEqual([])
  expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(120)
})
