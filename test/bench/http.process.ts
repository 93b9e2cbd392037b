// One framework in a process of its own, so that its CPU is that of a server and of nothing else.
import { memoryStorage } from 'invitekit/memory'
import { actor, inFetch, listen, onSockets } from './http.hosts.ts'
import { openInvites } from './stores.ts'

export const calls = ['GET /:id', 'POST /', 'POST /preview'] as const
export type Call = (typeof calls)[number]

/** `call` is the use case without HTTP. */
export type Side = 'ours' | 'byHand' | 'call'

/** What the process says of itself at its start. Without ports it makes the requests by itself. */
export interface Hosted {
  readonly id: string
  readonly token: string
  readonly ports: Readonly<Record<string, number>> | null
}

/** `run`: make so many calls of your own. Either is answered by the microseconds of CPU used so far. */
export interface Order {
  readonly run?: { readonly side: Side; readonly call: Call; readonly times: number }
}

/** Who is invited already is found again, so that the storage does not grow. */
const again = { recipient: { email: 'grace@example.com' }, role: 'member', ifPending: 'return' } as const

export const bodyOf = (call: Call, { token }: Pick<Hosted, 'token'>): string | undefined =>
  ({ 'GET /:id': undefined, 'POST /': JSON.stringify(again), 'POST /preview': JSON.stringify({ token }) })[call]

export const pathOf = (call: Call, { id }: Pick<Hosted, 'id'>): string =>
  ({ 'GET /:id': `/invites/${id}`, 'POST /': '/invites', 'POST /preview': '/invites/preview' })[call]

if (process.send) await host(process.argv[2] ?? '')

async function host(framework: string): Promise<void> {
  const invites = openInvites(memoryStorage())
  const { invite, link } = await invites.create({ recipient: { email: 'grace@example.com' }, role: 'member' }, { actor })
  const it = { id: invite.id, token: link.split('/').at(-1) ?? '' }
  const pair = onSockets[framework]
  const ports = pair ? { ours: await listen(pair.ours(invites)), byHand: await listen(pair.byHand(invites)) } : null

  const direct: Readonly<Record<Call, () => Promise<unknown>>> = {
    'GET /:id': () => invites.get({ id: it.id }, { actor }),
    'POST /': () => invites.create(again, { actor }),
    'POST /preview': () => invites.preview({ token: it.token }, { actor }),
  }
  const handlers = { ours: inFetch.ours(invites), byHand: inFetch.byHand(invites) }
  const headers = { 'content-type': 'application/json' }
  const make = async (side: Side, call: Call) => {
    if (side === 'call') return direct[call]()
    const body = bodyOf(call, it)
    const url = `https://app.example.com${pathOf(call, it)}`
    const answer = await handlers[side](new Request(url, body === undefined ? {} : { method: 'POST', headers, body }))
    if (!answer.ok) throw new Error(`${call} answered ${answer.status}`)
    return answer.text()
  }

  process.on('message', async ({ run }: Order) => {
    for (let left = run?.times ?? 0; run && left > 0; left -= 1) await make(run.side, run.call)
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
  process.once('disconnect', () => process.exit())
  process.send?.({ ...it, ports } satisfies Hosted)
}
