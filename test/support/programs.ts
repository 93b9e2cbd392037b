// Programs that some tests need and npm does not bring. Where one is missing its tests are left out, and say why; in CI they fail.
import { existsSync } from 'node:fs'
import { test } from 'vitest'

interface Program {
  readonly name: string
  /** The environment variable that names another place of it. */
  readonly variable: string
  readonly places: readonly string[]
  /** Debian's packages. */
  readonly packages: string
}

export const chromium: Program = {
  name: 'Chromium',
  variable: 'CHROMIUM',
  places: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  packages: 'chromium fonts-dejavu-core fonts-noto-color-emoji',
}

export const pgbouncer: Program = {
  name: 'PgBouncer',
  variable: 'PGBOUNCER_BIN',
  places: ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'],
  packages: 'pgbouncer',
}

/** Tests that need the program; they get its path. */
export function withProgram({ name, variable, places, packages }: Program, tests: (path: string) => void): void {
  const given = process.env[variable]
  const path = (given ? [given] : places).find(each => existsSync(each))
  if (path !== undefined) {
    tests(path)
    return
  }
  const reason =
    `${given ? `${variable}=${given} does not exist. ` : ''}There is no ${name} here: apt-get install ${packages}, ` +
    `or set ${variable} to the path of its program.`
  test(`what needs ${name}`, ({ skip }) => {
    if (given || process.env['CI']) throw new Error(reason)
    skip(reason)
  })
}
