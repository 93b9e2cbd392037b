// A real mail server in a process of its own. It takes every mail and tells when its first byte came.
import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'

/** Milliseconds, by the clock that all processes of a machine share. */
const now = () => performance.timeOrigin + performance.now()

const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  onData(stream, { envelope }, answer) {
    stream.once('data', () => process.send?.({ to: envelope.rcptTo[0]?.address, at: now() }))
    stream.once('end', () => answer()).resume()
  },
})
server.on('error', () => {})
server.listen(0, '127.0.0.1')
await once(server.server, 'listening')
const address = server.server.address()
process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 })
process.once('disconnect', () => process.exit())
