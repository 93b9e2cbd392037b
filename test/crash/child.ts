// The process that dies: told what to do in one JSON value, it says `up` and waits for `go`.
import type { RelayOptions } from 'invitekit'
import { openApp, type Site } from './app.ts'
import { createSteps, type Fault } from './steps.ts'
import { live } from './story.ts'

export interface Order {
  readonly site: Site
  /** Live the story in this organization, or only relay. */
  readonly organizationId: string | null
  /** Relay until the process ends, not only what is due. */
  readonly stays?: boolean
  readonly journal: string
  readonly fault: Fault | null
  readonly relay?: RelayOptions
  /** Milliseconds that it takes to write a message. */
  readonly writing?: number
}

const order: Order = JSON.parse(process.argv[2] ?? '')
const { site, organizationId, stays, journal, fault, relay, writing } = order
const step = createSteps(journal, fault)
const app = openApp(site, step, relay, writing)

process.once('message', () => {
  work().then(
    () => process.send?.('done', () => process.disconnect()),
    error => process.send?.(`failed: ${error instanceof Error ? error.stack : error}`, () => process.exit(1)),
  )
})
process.on('disconnect', () => process.exit())
process.send?.('up')

async function work(): Promise<void> {
  if (stays) {
    app.invites.relay.start()
    return new Promise(() => {})
  }
  if (organizationId === null) await app.invites.relay.drain()
  else await live({ app, organizationId, step })
  await app.close()
}
