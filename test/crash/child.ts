// The process that dies: told what to do in one JSON value, it says `up` and waits for `go`.
import { openApp, type Site } from './app.ts'
import { createSteps, type Fault } from './steps.ts'
import { live } from './story.ts'

export interface Order {
  readonly site: Site
  /** Live the story in this organization, or only drain. */
  readonly organizationId: string | null
  readonly journal: string
  readonly fault: Fault | null
  readonly lease?: number
}

const order: Order = JSON.parse(process.argv[2] ?? '')
const { site, organizationId, journal, fault, lease } = order
const step = createSteps(journal, fault)
const app = openApp(site, step, lease === undefined ? {} : { lease })

process.once('message', () => {
  work().then(
    () => process.send?.('done', () => process.disconnect()),
    error => process.send?.(`failed: ${error instanceof Error ? error.stack : error}`, () => process.exit(1)),
  )
})
process.on('disconnect', () => process.exit())
process.send?.('up')

async function work(): Promise<void> {
  if (organizationId === null) await app.invites.relay.drain()
  else await live({ app, organizationId, step })
  await app.close()
}
