// After stryker: every surviving mutant beside its reason in README.md. One without a reason, or a reason whose mutant is
// dead by now, is red; what merely moved to another line is put right in the table. `--write` adds and removes rows.
import { readFileSync, writeFileSync } from 'node:fs'

interface Place {
  readonly line: number
  readonly column: number
}
interface Mutant {
  readonly status: string
  readonly replacement?: string
  readonly location: { readonly start: Place; readonly end: Place }
}
interface Report {
  readonly files: { readonly [name: string]: { readonly source: string; readonly mutants: readonly Mutant[] } }
}

const page = new URL('README.md', import.meta.url)
const report: Report = JSON.parse(readFileSync(new URL('../../coverage/mutation/report.json', import.meta.url), 'utf8'))
const text = readFileSync(page, 'utf8')
const heading = '| where | mutant | why it lives |\n| --- | --- | --- |\n'
const [intro = '', rows = ''] = text.split(heading)

const reasons = new Map(rows.split('\n').flatMap(row => toReason(row)))
const lines = survivorsOf(report)
const unexplained = [...lines.keys()].filter(key => !reasons.get(key))
const stale = [...reasons.keys()].filter(key => !lines.has(key))

const kept = process.argv.includes('--write') ? [...lines.keys()] : [...reasons.keys()]
const table = kept.map(key => rowOf(key, lines.get(key) ?? [], reasons.get(key) ?? ''))
writeFileSync(page, `${intro}${heading}${table.join('\n')}\n`)
for (const [key, at] of lines) console.log(rowOf(key, at, reasons.get(key) ?? 'NO REASON'))
for (const key of stale) console.log(`${key}: is dead by now, remove its row`)
console.log(`${scoreOf(report)}; ${unexplained.length} without a reason, ${stale.length} reasons without a mutant`)
if (unexplained.length + stale.length > 0) process.exitCode = 1

/** `file | mutant` → the lines where it survived. */
function survivorsOf({ files }: Report): Map<string, number[]> {
  const found = new Map<string, number[]>()
  for (const [name, { source, mutants }] of Object.entries(files)) {
    for (const mutant of mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')) {
      const key = `${name.replace('src/domain/', '')} | ${spelled(cut(source, mutant))} → ${spelled(mutant.replacement ?? '')}`
      found.set(key, [...(found.get(key) ?? []), mutant.location.start.line])
    }
  }
  return found
}

function cut(source: string, { location: { start, end } }: Mutant): string {
  const all = source.split('\n').slice(start.line - 1, end.line)
  const last = all.length - 1
  return all.map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined)).join('\n')
}

/** On one line of a table, as code. */
function spelled(code: string): string {
  const line = code.replace(/\s+/g, ' ').replaceAll('|', '\\|')
  return `\`\` ${line.length > 90 ? `${line.slice(0, 60)} … ${line.slice(-25)}` : line} \`\``
}

function rowOf(key: string, at: readonly number[], reason: string): string {
  const [file = '', mutant = ''] = key.split(/ \| (.*)/s)
  return `| ${file}:${at.join(', ')} | ${mutant} | ${reason} |`
}

function toReason(row: string): [string, string][] {
  const [, file, mutant, reason] = /^\| ([^: ]+):[\d, ]* \| (.*) \| ((?:[^|]|\\\|)*?) ?\|$/.exec(row) ?? []
  return file && mutant ? [[`${file} | ${mutant}`, reason ?? '']] : []
}

function scoreOf({ files }: Report): string {
  const all = Object.values(files).flatMap(({ mutants }) => mutants)
  const count = (...statuses: string[]) => all.filter(({ status }) => statuses.includes(status)).length
  const [killed, alive] = [count('Killed', 'Timeout'), count('Survived', 'NoCoverage')]
  return `${((100 * killed) / (killed + alive)).toFixed(2)} % of ${killed + alive} mutants killed, ${alive} alive`
}
