// Next.js, App Router: everything below /invites, landing page included. Copy it to app/invites/[[...path]]/route.ts.
import type { Actor } from 'invitekit'
import { createHandler } from 'invitekit/http'
import { invites } from '../../../lib/invites.ts'

export const runtime = 'nodejs'

// Your own sessions: `auth()` of Auth.js, `getSession` of better-auth, `cookies()` of next/headers.
const sessions = new Map<string | undefined, Actor>([
  ['ada', { userId: 'ada', email: 'ada@acme.example', emailVerified: true, organizationId: 'acme', role: 'owner' }],
  ['grace', { userId: 'grace', email: 'grace@example.com', emailVerified: true }],
])

const handler = createHandler(invites, {
  actor: request => sessions.get(/session=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1]),
  clientAddress: request => request.headers.get('x-real-ip'), // true on Vercel, which sets it; behind others, theirs
})

export {
  handler as DELETE,
  handler as GET,
  handler as HEAD,
  handler as OPTIONS,
  handler as PATCH,
  handler as POST,
  handler as PUT,
}
