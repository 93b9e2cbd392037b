// The source tree as the structure rules see it: files, what they import, and what they say.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'
import { root } from './entries.ts'

export interface Import {
  /** A path from the root of the checkout, or the name of a package, without what follows it: `zod`, `node:url`, `invitekit`. */
  readonly target: string
  /** As it stands in the file. */
  readonly written: string
  /** The names it binds; none for `import()` and for a whole module. */
  readonly names: readonly string[]
  /** Gone once compiled. */
  readonly typeOnly: boolean
  /** `import()`: loaded on first use. */
  readonly lazy: boolean
}

export interface SourceFile {
  /** From the root of the checkout, with slashes. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
  readonly syntax: ts.SourceFile
}

export function readTree(...directories: readonly string[]): readonly SourceFile[] {
  const paths = directories.flatMap(directory => list(directory))
  return paths.map(path => parse(path, readFileSync(root + path, 'utf8')))
}

function list(directory: string): readonly string[] {
  if (!existsSync(root + directory)) return []
  const all = readdirSync(root + directory, { recursive: true, encoding: 'utf8' })
  const sources = all.filter(path => /\.[cm]?[jt]sx?$/.test(path) && !path.includes('node_modules'))
  return sources.map(path => posix.join(directory, path.replaceAll('\\', '/'))).sort()
}

export function parse(path: string, text: string): SourceFile {
  const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  return { path, text, syntax, imports: [...nodes(syntax)].flatMap(node => toImport(path, node) ?? []) }
}

export function* nodes(node: ts.Node): Generator<ts.Node> {
  yield node
  const children: ts.Node[] = []
  ts.forEachChild(node, child => void children.push(child))
  for (const child of children) yield* nodes(child)
}

function toImport(path: string, node: ts.Node): Import | null {
  if (ts.isImportDeclaration(node)) {
    const bindings = node.importClause?.namedBindings
    const elements = bindings && ts.isNamedImports(bindings) ? bindings.elements : []
    const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    return describe(path, node.moduleSpecifier, { typeOnly, names: elements.map(one => (one.propertyName ?? one.name).text) })
  }
  if (ts.isExportDeclaration(node)) return describe(path, node.moduleSpecifier, { typeOnly: node.isTypeOnly })
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return describe(path, node.argument.literal, { typeOnly: true })
  }
  const called = ts.isCallExpression(node) ? node.expression : null
  const imports =
    called?.kind === ts.SyntaxKind.ImportKeyword || (called && ts.isIdentifier(called) && called.text === 'require')
  return ts.isCallExpression(node) && imports ? describe(path, node.arguments[0], { lazy: true }) : null
}

function describe(path: string, specifier: ts.Node | undefined, details: Partial<Import>): Import | null {
  if (specifier === undefined) return null
  const written = ts.isStringLiteralLike(specifier) ? specifier.text : specifier.getText()
  const target = written.startsWith('.')
    ? posix.join(posix.dirname(path), written)
    : (/^(?:node:[^/]+|@[^/]+\/[^/]+|[^/]+)/.exec(written)?.[0] ?? written)
  return { names: [], typeOnly: false, lazy: false, ...details, target, written }
}

/** What is loaded at once when `path` is: files and packages, as far as they are in `files`. */
export function loadedBy(path: string, files: readonly SourceFile[]): ReadonlyMap<string, string> {
  const from = new Map([[path, '']])
  for (const current of from.keys()) {
    const imports = files.find(file => file.path === current)?.imports ?? []
    for (const { target, typeOnly, lazy } of imports) {
      if (!typeOnly && !lazy && !from.has(target)) from.set(target, current)
    }
  }
  return from
}

/** One ring of files that import each other, by the imports that count, or null. */
export function ringAt(
  start: string,
  files: readonly SourceFile[],
  counts: (one: Import) => boolean = () => true,
): readonly string[] | null {
  const from = new Map(files.map(file => [file.path, file]))
  const seen = new Set<string>()
  const walk = (path: string, way: readonly string[]): readonly string[] | null => {
    if (path === start && way.length > 0) return [...way, path]
    if (seen.has(path)) return null
    seen.add(path)
    for (const one of from.get(path)?.imports ?? []) {
      const ring = counts(one) ? walk(one.target, [...way, path]) : null
      if (ring) return ring
    }
    return null
  }
  return walk(start, [])
}
