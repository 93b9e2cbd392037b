// The README's first two snippets, as they stand there: they compile, run, and end when they are told to. And its list of codes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { statuses } from '../adapters/http/profiles/native/problem.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const readme = readFileSync(`${root}README.md`, 'utf8')
const [app = '', calls = ''] = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'invitekit-readme-'))
  symlinkSync(`${root}node_modules`, join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, code: string): string {
  const file = join(folder, name)
  writeFileSync(file, code)
  return file
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** On another port, with the outcome printed. */
const started = (port: number) => `${app.replaceAll('3000', String(port))}
${calls}
console.log(JSON.stringify({ member, mails: deliveries.length }))`

test('they compile', { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const program = ts.createProgram([write('types.mts', started(0))], { ...options, skipLibCheck: true })
  const told = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  expect(told).toEqual([])
})

test('they run: invited, mailed, seen, accepted; and the process ends by itself on SIGTERM', async () => {
  const port = await freePort()
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), write('app.mts', started(port))], {
    cwd: folder,
    env: { ...process.env, INVITE_KEY: '11'.repeat(32), TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (printed += chunk))
  await expect.poll(() => printed, { timeout: 15_000 }).toContain('"member"')
  const outcome = /^\{"member".*$/m.exec(printed)?.[0] ?? ''
  const member = { userId: 'grace', role: 'member' }
  expect(JSON.parse(outcome)).toMatchObject({ member, mails: 2 })

  const asked = await fetch(`http://127.0.0.1:${port}/invites`, {
    method: 'POST',
    headers: { authorization: 'Bearer ada', 'content-type': 'application/json' },
    body: JSON.stringify({ recipient: { email: 'alan@example.com' }, role: 'member' }),
  })
  expect(asked.status).toBe(201)
  const { link } = (await asked.json()) as { readonly link: string }
  await expect.poll(() => printed, { timeout: 5_000 }).toContain(link)
  const page = await fetch(link.replace('localhost', '127.0.0.1'))
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Team acme')])

  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('it has every code, with its status', () => {
  const [, list = ''] = /<summary>Codes,.*?\n(- .*?)\n\n/s.exec(readme) ?? []
  const listed = list.split(/\n?- | · /).flatMap(part => {
    const [status, ...codes] = part.match(/\w+/g) ?? []
    return codes.map(code => [code, Number(status)])
  })
  expect(Object.fromEntries(listed)).toEqual(statuses)
})
