// Functions of the host's that never answer: a call waits ten seconds for them, and then says which it was.
import { createInvites, isInviteError } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const never = () => new Promise<never>(() => {})
const system = { actor: 'system', organizationId: 'acme' } as const
const input = { recipient: { email: 'ada@example.com' }, role: 'member' } as const

function open(options: object) {
  const told: string[] = []
  const onError = (_: unknown, { where }: { where: string }) => void told.push(where)
  const storage = memoryStorage()
  const invites = createInvites({ storage, keys: ['11'.repeat(32)], publicUrl: 'https://app.example.com', onError, ...options })
  return { invites, told }
}

/** How it has ended after ten seconds. */
async function ended(call: Promise<unknown>) {
  let end: unknown = 'not yet'
  void call.then(
    () => (end = 'ok'),
    error => (end = isInviteError(error) ? [error.code, error.message] : error),
  )
  await vi.advanceTimersByTimeAsync(9_000)
  expect(end).toBe('not yet')
  await vi.advanceTimersByTimeAsync(1_001)
  return end
}

const late = (name: string) => ['unavailable', `\`${name}\` did not answer in 10 s`]

test('a create whose `limits` never answer is unavailable', async () => {
  const { invites } = open({ limits: never })
  expect(await ended(invites.create(input, system))).toEqual(late('limits'))
})

test('a create whose metadata schema never answers is unavailable', async () => {
  const metadata = { '~standard': { version: 1, vendor: 'own', validate: never } }
  const { invites } = open({ metadata })
  expect(await ended(invites.create(input, system))).toEqual(late('metadata'))
})

test('a preview whose directory never answers is unavailable, of an invite as of a template', async () => {
  for (const name of ['organization', 'user', 'hasAccount'] as const) {
    const { invites } = open({ directory: { [name]: never } })
    const actor = { userId: 'grace', role: 'owner', name: 'Grace', organizationId: 'acme' }
    const { link } = await invites.create(input, { actor })
    const token = link?.split('/').at(-1) ?? ''
    expect(await ended(invites.preview({ token }))).toEqual(late(`directory.${name}`))
  }
  const { invites } = open({ directory: { organization: never } })
  expect(await ended(invites.templates.preview({ content: {} }, system))).toEqual(late('directory.organization'))
})

test('an invite that is made is answered with its link, whatever `directory.hasAccount` does', async () => {
  const { invites, told } = open({ directory: { hasAccount: never }, linkPattern: '{publicUrl}/{sign}/{token}' })
  expect(await ended(invites.create(input, system))).toBe('ok')
  expect(told).toEqual(['directory.hasAccount'])
})
