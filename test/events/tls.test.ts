// TLS as in production: the certificate is verified, and must be for the host name.
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { webhookSink } from 'invitekit/webhook'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anEvent, calm, refusal, secret } from './given.ts'

const folder = mkdtempSync(join(tmpdir(), 'invitekit-tls-'))
const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
const run = promisify(execFile)
const names: unknown[] = []
let port = 0
let server: ReturnType<typeof createServer>

beforeAll(async () => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', [...made, '-keyout', key, '-out', cert, ...subject], { stdio: 'pipe' })
  server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    names.push((request.socket as TLSSocket).servername)
    request.resume().on('end', () => response.writeHead(204).end())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a certificate that no trusted authority signed is refused', async () => {
  const sink = webhookSink({ url: `https://localhost:${port}`, secret, allow: ['localhost'] })
  const failure = 'TLS with the endpoint failed'
  expect(await refusal(sink.publish(anEvent(), { signal: calm() }))).toMatchObject({ permanent: false, failure })
  await sink.close()
})

test('a process that trusts the certificate posts over TLS by name, and idle connections let it end', async () => {
  const program = join(folder, 'program.ts')
  const source = new URL('../../adapters/events/webhook/index.ts', import.meta.url).href
  writeFileSync(
    program,
    `import { webhookSink } from ${JSON.stringify(source)}
     const sink = webhookSink({ url: 'https://localhost:${port}', secret: ${JSON.stringify(secret)}, allow: ['localhost'] })
     const event = ${JSON.stringify(anEvent())}
     event.timestamp = new Date(event.timestamp)
     const publish = () => sink.publish(event, { signal: new AbortController().signal })
     publish().then(publish).then(() => console.log('taken'), error => console.log(error.failure))`,
  )
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: cert }
  const { stdout } = await run(process.execPath, ['--import', 'tsx', program], { env, timeout: 15_000 })
  expect(stdout.trim()).toBe('taken')
  expect(names).toEqual(['localhost', 'localhost'])
})
