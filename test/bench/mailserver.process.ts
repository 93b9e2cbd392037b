// A real mail server, and an endpoint of webhooks, in a process of their own. They take everything, and tell when the first
// byte of a mail came.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Server as Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** Milliseconds, by the clock that all processes of a machine share. */
const now = () => performance.timeOrigin + performance.now()

const mail = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  onData(stream, { envelope }, answer) {
    stream.once('data', () => process.send?.({ to: envelope.rcptTo[0]?.address, at: now() }))
    stream.once('end', () => answer()).resume()
  },
})
mail.on('error', () => {})
mail.listen(0, '127.0.0.1')

const hooks = createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(204).end())
})
hooks.listen(0, '127.0.0.1')

const portOf = async (server: Server | Socket) => {
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
const [mailPort, hookPort] = await Promise.all([portOf(mail.server), portOf(hooks)])
process.send?.({ mail: `smtp://127.0.0.1:${mailPort}`, hook: `http://127.0.0.1:${hookPort}/` })
process.once('disconnect', () => process.exit())
