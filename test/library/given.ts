// What the tests of the library start from: one organization with its people on one of the storages, and words to ask.
import type { Actor, CreateInput, Invite, Invites, InvitesOptions, JsonObject, Rejection } from 'invitekit'
import { isInviteError } from 'invitekit'
import { type CapturedMessage, createTestInvites } from 'invitekit/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { question, unique } from '../support/make.ts'
import { type Store, type StoreName, stores } from './stores.ts'

export type Options = Partial<InvitesOptions<unknown, never, unknown>>
export type World = Awaited<ReturnType<typeof worldIn>>
export type Given = (options?: Options) => Promise<World>

type Suite = (given: Given, store: () => Store) => void

/** The same suite on memory, SQLite and Postgres. */
export const onEveryStorage = (suite: Suite): void => on(['memory', 'sqlite', 'postgres'], suite)

/** The same suite on some of them. */
export function on(names: readonly StoreName[], suite: Suite): void {
  for (const name of names) {
    const make = stores[name]
    describe(name, () => {
      let store: Store | undefined
      const made = () => store ?? fail('the store is there only while a test runs')
      beforeAll(async () => {
        store = await make()
      })
      afterAll(() => store?.drop())
      suite(options => worldIn(made(), options), made)
    })
  }
}

const fail = (sentence: string): never => {
  throw new Error(sentence)
}

const key = '5a'.repeat(32)

/** A new organization. With `org`, one that is there already, such as after a change of the options. */
export async function worldIn(store: Store, options: Options = {}, org: string = unique('org')) {
  const errors: { readonly error: unknown; readonly where: string }[] = []
  const made = await createTestInvites({
    keys: [key],
    onError: (error: unknown, { where }: { where: string }) => void errors.push({ error, where }),
    ...options,
    storage: store.storage,
  } as never)
  const { clock, mailbox } = made
  const invites = made.invites as unknown as Invites<string, unknown>
  const staff = (role: string, organizationId = org, userId = role) => ({
    actor: { userId, organizationId, role, email: `${userId}@${organizationId}.example`, emailVerified: true, name: userId },
  })
  const email = (name: string) => `${name}@${org}.example.com`
  const system = { actor: 'system', organizationId: org } as const

  return {
    store,
    invites,
    clock,
    mailbox,
    errors,
    org,
    system,
    staff,
    owner: staff('owner'),
    admin: staff('admin'),
    member: staff('member'),
    viewer: staff('viewer'),
    /** An address that nobody has in another test. */
    email,
    /** Signed in, and the address verified. */
    user: (name: string, changes: Partial<Actor> = {}) => ({
      actor: { userId: name, email: email(name), emailVerified: true, ...changes } as Actor,
    }),
    /** An invite to this person as a member, by the admin. */
    invite: (name: string, terms: Partial<CreateInput> = {}) =>
      invites.create({ recipient: { email: email(name) }, role: 'member', ...terms } as CreateInput, staff('admin')),
    /** A link for anybody, by the admin. */
    openInvite: (terms: Partial<CreateInput> = {}) =>
      invites.create({ kind: 'open', role: 'member', ...terms } as CreateInput, staff('admin')),
    mailTo: (name: string): readonly CapturedMessage[] => mailbox.messages.filter(({ to }) => to === email(name)),
    all: async (): Promise<readonly Invite[]> => (await invites.list({ limit: 200 }, system)).data,
    history: async (id: string): Promise<string[]> => (await invites.history({ id }, system)).data.map(({ type }) => type),
  }
}

export const tokenIn = (link: string): string => /[\w-]{48}/.exec(link)?.[0] ?? fail(`no token in ${link}`)

/** What a call was refused with; `null` when it was not. What is no `InviteError` goes on. */
export async function rejection(call: Promise<unknown>): Promise<Rejection | null> {
  try {
    await call
    return null
  } catch (error) {
    if (isInviteError(error)) return error.facts
    throw error
  }
}

/** The code alone; `'ok'` for a call that was not refused. */
export const codeOf = async (call: Promise<unknown>): Promise<string> => (await rejection(call))?.code ?? 'ok'

/** Everything of one organization that shows: equal pictures, and nothing was written. */
export async function picture({ invites, store, org, system }: World): Promise<JsonObject> {
  const shown: unknown[] = []
  for await (const invite of invites.each({}, system)) {
    const { data } = await invites.history({ id: invite.id }, system)
    shown.push({ ...invite, history: data })
  }
  const { revision } = await store.storage.read(question(org))
  const { data: members } = await invites.members.list({}, system)
  return JSON.parse(JSON.stringify({ revision, shown, members }))
}

/** New organizations on all storages at once, as alike as can be. */
export async function freeWorlds(options: Options = {}) {
  const made = await Promise.all(Object.values(stores).map(make => make()))
  return {
    worlds: () => Promise.all(made.map(store => worldIn(store, options))),
    drop: async () => void (await Promise.all(made.map(store => store.drop()))),
  }
}
