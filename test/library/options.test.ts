// Options are checked once, when the invites are made: a fault throws, and says how to mend it.
import { createInvites } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { describe, expect, test } from 'vitest'

const sink = { name: 'a', publish: async () => {} }
const email = { send: async () => ({}) }
const told = { expiryNotices: true, directory: { user: () => null }, transports: { email } }
const good = () => ({ storage: memoryStorage(), keys: ['ab'.repeat(32)], publicUrl: 'https://app.example.com/invites' })
const making = (changes: object) => () => createInvites({ ...good(), ...changes } as never)

const cases: readonly (readonly [name: string, changes: object, sentence: RegExp])[] = [
  ['no storage', { storage: undefined }, /`storage` is missing/],
  ['a storage that is none', { storage: {} }, /`storage` is missing/],
  ['no keys', { keys: undefined }, /`keys` needs at least one secret.*openssl/],
  ['an empty list of keys', { keys: [] }, /`keys` needs at least one secret/],
  ['a key that is not set', { keys: [undefined] }, /`keys\[0\]` must be at least 32 bytes/],
  ['a key for a list', { keys: 'ab'.repeat(32) }, /`keys` needs/],
  ['a short key', { keys: ['secret'] }, /`keys\[0\]`/],
  ['hex of 31 bytes', { keys: ['ab'.repeat(31)] }, /`keys\[0\]`/],
  ['a short second key', { keys: ['ab'.repeat(32), 'x'] }, /`keys\[1\]`/],
  ['31 bytes', { keys: [new Uint8Array(31)] }, /`keys\[0\]`/],
  ['no publicUrl', { publicUrl: undefined }, /`publicUrl` must be an absolute/],
  ['a path for publicUrl', { publicUrl: '/invites' }, /`publicUrl`/],
  ['publicUrl with a query', { publicUrl: 'https://a.example/?x=1' }, /`publicUrl`/],
  ['publicUrl with a password', { publicUrl: 'https://u:p@a.example/' }, /`publicUrl`/],
  ['publicUrl of another kind', { publicUrl: 'javascript:alert(1)' }, /`publicUrl`/],
  ['an unknown option', { limit: { pending: 1 } }, /no option `limit`.*limits/],
  ['an unknown limit', { limits: { seat: 1 } }, /no limit `seat`/],
  ['a negative limit', { limits: { seats: -1 } }, /`limits.seats`/],
  ['half a seat', { limits: { seats: 0.5 } }, /`limits.seats`/],
  ['NaN for a limit', { limits: { pending: Number.NaN } }, /`limits.pending`/],
  ['a text for a limit', { limits: { pending: '10' } }, /`limits.pending`/],
  ['a cooldown of nothing', { limits: { resendCooldown: 0 } }, /`limits.resendCooldown`/],
  ['a cooldown that is none', { limits: { resendCooldown: 'soon' } }, /`limits.resendCooldown`/],
  ['expiresIn of 11 years', { expiresIn: 11 * 365 * 86_400_000 }, /`expiresIn`/],
  ['expiresIn that is none', { expiresIn: 'a week' }, /`expiresIn`/],
  [
    'a role granted that is none',
    { roles: { admin: { grants: ['memeber'] }, member: {} } },
    /`roles.admin.grants` has "memeber"/,
  ],
  ['no roles', { roles: {} }, /`roles` needs at least one/],
  ['a pattern without a secret', { linkPattern: 'https://a.example/' }, /`linkPattern` .* needs \{token\} or \{code\}/],
  ['a pattern that is no address', { linkPattern: 'javascript:{token}' }, /`linkPattern` begins with/],
  ['an acceptance that is none', { acceptance: 'anybody' }, /`acceptance` is/],
  ['a country that is none', { defaultCountry: 'Germany' }, /`defaultCountry` is a country code/],
  ['a role that is no object', { roles: { admin: null } }, /`roles.admin` must be an object/],
  ['grants that are no list', { roles: { admin: { grants: 'member' }, member: {} } }, /`roles.admin` must be an object/],
  ['a sink without a name', { sinks: [{ publish: async () => {} }] }, /each of `sinks` needs a `name`/],
  ['a pattern with an unknown word', { linkPattern: '{publicUrl}/{toekn}/{token}' }, /`linkPattern`/],
  ['a transport without send', { transports: { email: {} } }, /`transports.email` has no `send`/],
  ['two sinks of one name', { sinks: [sink, sink] }, /two `sinks` are named "a"/],
  ['an origin that is none', { trustedOrigins: ['app.example.com'] }, /`trustedOrigins`/],
  ['no batch', { relay: { batch: 0 } }, /`relay.batch`/],
  ['reminders that are no list', { reminders: { after: '3d' } }, /`reminders` must be a list of at most 20, such as/],
  ['too many reminders', { reminders: Array(21).fill({ after: '3d' }) }, /`reminders` must be a list of at most 20/],
  ...['3d', {}, { after: undefined }, { after: '3d', before: '1d' }, { at: '3d' }, null, ['3d']].map(
    reminder =>
      [
        `a reminder ${JSON.stringify(reminder)}`,
        { reminders: [{ after: '1d' }, reminder] },
        /`reminders\[1\]` must be \{ after: '3d' \}, counted from the send, or \{ before: '1d' \}, counted back/,
      ] as const,
  ),
  ['a reminder at no time', { reminders: [{ before: 'soon' }] }, /`reminders\[0\].before` must be between 1 second/],
  ['a reminder after nothing', { reminders: [{ after: 0 }] }, /`reminders\[0\].after` must be between 1 second/],
  ...['yes', null, { link: '/team' }].map(
    expiryNotices =>
      [
        `expiryNotices ${JSON.stringify(expiryNotices)}`,
        { ...told, expiryNotices },
        /`expiryNotices` is true, false or/,
      ] as const,
  ),
  ...['', 'javascript:alert(1)', 7].map(
    page =>
      [
        `a page for notices ${page}`,
        { ...told, expiryNotices: { page } },
        /`expiryNotices.page` must be a path, an http/,
      ] as const,
  ),
  ['notices written by no function', { ...told, expiryNotices: { render: 'x' } }, /`expiryNotices.render` must be a function/],
  ['notices to nobody', { ...told, directory: {} }, /`expiryNotices` needs `directory.user`, which answers \{ name, email \}/],
  ['notices without mail', { ...told, transports: { sms: email } }, /`expiryNotices` needs .*: `transports.email`/],
  ['notices by phone', { ...told, transports: { email: { ...email, reach: 'phone' } } }, /needs a transport for e-mail/],
  ['no patience with the members functions', { members: { patience: '0s' } }, /`members.patience` must be between 1 second/],
]

describe('createInvites', () => {
  test.each(cases)('%s', (_, changes, sentence) => {
    expect(making(changes)).toThrow(sentence)
    expect(making(changes)).toThrow(/^invitekit: /)
  })

  test('keys are hex or base64url text, or bytes; numbers of a limit may be 0', () => {
    const keys = ['ab'.repeat(32), Buffer.alloc(32, 7).toString('base64url'), new Uint8Array(32).fill(9)]
    expect(making({ keys, limits: { pending: 0, seats: 0 }, expiresIn: null })).not.toThrow()
    expect(making({ reminders: [{ after: '3d' }, { before: 86_400_000, after: undefined }] })).not.toThrow()
    for (const expiryNotices of [true, {}, { page: '/team' }, { page: () => '' }, { page: 'https://a.example/x' }])
      expect(making({ ...told, expiryNotices })).not.toThrow()
    expect(making({ expiryNotices: false, reminders: [] })).not.toThrow()
  })

  test('an option that is undefined is one that was left out', () => {
    expect(
      making({ limits: undefined, roles: undefined, transports: undefined, relay: undefined, clock: undefined }),
    ).not.toThrow()
  })
})
