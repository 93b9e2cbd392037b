// Serverless: nothing polls, so each request sends its own mail, and a cron job sends what is left.
//
//   npx tsx examples/serverless.ts
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Actor, consoleTransport, createInvites } from 'invitekit'
import { createHandler } from 'invitekit/http'
import { memoryStorage } from 'invitekit/memory'

/** What Workers hand over with each request; on Vercel import `waitUntil` of @vercel/functions instead. */
interface Execution {
  waitUntil(work: Promise<unknown>): void
}
const execution = new AsyncLocalStorage<Execution>()

const invites = createInvites({
  storage: memoryStorage(), // postgresStorage(process.env.DATABASE_URL): functions keep nothing
  keys: [process.env['INVITE_KEY'] ?? '5e'.repeat(32)], // your own, and the same in every instance: openssl rand -hex 32
  publicUrl: 'https://app.example.com/invites',
  transports: { email: consoleTransport() },
  relay: {
    // The function keeps running after its response until the mail is sent. Where a platform has no `waitUntil` (Lambda),
    // `inline: 'await'` sends before the call returns.
    waitUntil: delivery => execution.getStore()?.waitUntil(delivery),
  },
})
await invites.migrate() // better in your deployment than at each cold start

const sessions = new Map<string | null, Actor>([['Bearer ada', { userId: 'ada', organizationId: 'acme', role: 'owner' }]])
const handler = createHandler(invites, { actor: request => sessions.get(request.headers.get('authorization')) })

/** `export default { fetch, scheduled }` on Workers. */
export const fetch = (request: Request, _env: unknown, context: Execution): Promise<Response> =>
  execution.run(context, () => handler(request))

/** Every minute: retries, and what was left by instances that were stopped. */
export async function scheduled() {
  const { delivered, failed } = await invites.relay.drain()
  const { expired } = await invites.sweep() // writes down expiry, so that its event is emitted; reads never need it
  return { delivered, failed, expired }
}

const request = new Request('https://app.example.com/invites', {
  method: 'POST',
  headers: { authorization: 'Bearer ada', 'content-type': 'application/json' },
  body: JSON.stringify({ recipient: { email: 'grace@example.com' }, role: 'member' }),
})
const { status } = await fetch(request, {}, { waitUntil: work => void work.then(() => console.log('sent after the answer')) })
console.log(status)
console.log(await scheduled())
