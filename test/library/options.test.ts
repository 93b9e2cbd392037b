// Options are checked once, when the invites are made: a fault throws, and says how to mend it.
import { createInvites } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { describe, expect, test } from 'vitest'

const sink = { name: 'a', publish: async () => {} }
const email = { send: async () => ({}) }
const port = { find: () => null, add: () => {}, count: () => 0 }
const told = { expiryNotices: true, directory: { user: () => null }, transports: { email } }
const good = () => ({ storage: memoryStorage(), keys: ['ab'.repeat(32)], publicUrl: 'https://app.example.com/invites' })
const making = (changes: object) => () => createInvites({ ...good(), ...changes } as never)

const cases: readonly (readonly [name: string, changes: object, sentence: RegExp])[] = [
  ['no storage', { storage: undefined }, /`storage` is missing/],
  ...[{}, 'app.db', memoryStorage, Promise.resolve(memoryStorage()), { connect() {}, query() {} }].map(
    storage => ['a storage that is none', { storage }, /`storage` is no storage: .*postgresStorage\(\{ pool \}\)/] as const,
  ),
  ['no keys', { keys: undefined }, /`keys` needs at least one secret.*openssl/],
  ['an empty list of keys', { keys: [] }, /`keys` needs at least one secret/],
  [
    'a key that is not set',
    { keys: [undefined] },
    /`keys\[0\]` must be at least 32 bytes.* It is undefined: is its environment/,
  ],
  ['a key that is set to nothing', { keys: [''] }, /`keys\[0\]` must be at least 32 bytes.* It is empty: is its environment/],
  ['a key for a list', { keys: 'ab'.repeat(32) }, /`keys` is a list, such as \[process.env.INVITE_KEY\]/],
  ['bytes for a list', { keys: new Uint8Array(32) }, /`keys` is a list/],
  ['a key that is there twice', { keys: ['ab'.repeat(32), 'cd'.repeat(32), 'AB'.repeat(32)] }, /`keys\[2\]` is there before/],
  ['a short key', { keys: ['secret'] }, /`keys\[0\]`/],
  ['hex of 31 bytes', { keys: ['ab'.repeat(31)] }, /`keys\[0\]`/],
  ['a short second key', { keys: ['ab'.repeat(32), 'x'] }, /`keys\[1\]`/],
  ['31 bytes', { keys: [new Uint8Array(31)] }, /`keys\[0\]`/],
  ['no publicUrl', { publicUrl: undefined }, /`publicUrl` must be an absolute.* It is undefined: is its environment/],
  ['a URL for publicUrl', { publicUrl: new URL('https://a.example') }, /`publicUrl` must be an absolute .* as text/],
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
  [
    'a role that grants by another name',
    { roles: { admin: { grant: ['a'] }, a: {} } },
    /`roles.admin` has `grant`; .* `grants`/,
  ],
  ['a role without a name', { roles: { '': {} } }, /`roles` has a role without a name/],
  [
    'mail to phone numbers',
    { transports: { mail: email } },
    /`transports.mail` writes to phone numbers unless .*`reach: 'email'`/,
  ],
  ['a sink without a name', { sinks: [{ publish: async () => {} }] }, /each of `sinks` needs a `name`/],
  ['a pattern with an unknown word', { linkPattern: '{publicUrl}/{toekn}/{token}' }, /`linkPattern`/],
  ['a transport without send', { transports: { email: {} } }, /`transports.email` has no `send`/],
  ['two sinks of one name', { sinks: [sink, sink] }, /two `sinks` are named "a"/],
  [
    'a sink and a transport of one name',
    { sinks: [sink], transports: { a: { send: async () => {} } } },
    /a sink and a transport are both named "a"/,
  ],
  ['a transport named as listeners are', { transports: { on: { send: async () => {} } } }, /no transport can be named `on`/],
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
  [
    'a reminder there twice',
    { reminders: [{ after: '3d' }, { before: '3d' }, { after: '72h' }] },
    /`reminders\[2\]` is there before/,
  ],
  ['limits that are a list', { limits: [] }, /`limits` must be an object/],
  ['seats held by a text', { limits: { pendingHoldsSeat: 'no' } }, /`limits.pendingHoldsSeat` must be true or false/],
  ['pages that are none', { pages: '/team' }, /`pages` must be an object/],
  ['an unknown page', { pages: { signin: '/login' } }, /no page option `signin`; in `pages` are signIn, /],
  ...['signIn', 'signUp'].flatMap(
    name =>
      [
        [
          `${name} without a way back`,
          { pages: { [name]: '/login' } },
          new RegExp(`\`pages.${name}\` must have {returnTo} where`),
        ],
        [
          `${name} with another word`,
          { pages: { [name]: '/login?next={return}' } },
          /must have \{returnTo\} .* '\/login\?next=\{returnTo\}'/,
        ],
        [
          `${name} without a path`,
          { pages: { [name]: 'login?next={returnTo}' } },
          new RegExp(`\`pages.${name}\` must be a path`),
        ],
        [`${name} of another kind`, { pages: { [name]: 7 } }, new RegExp(`\`pages.${name}\` must be a path such as '/login`)],
      ] as const,
  ),
  ...[
    'team',
    '',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    'http://a.example/',
    'https://u:p@a.example/',
    null,
  ].map(
    afterAccept =>
      [
        `afterAccept ${afterAccept}`,
        { pages: { afterAccept } },
        /`pages.afterAccept` must be a path such as '\/team', an https/,
      ] as const,
  ),
  ['a colour by name', { pages: { brand: { color: 'red' } } }, /`pages.brand.color` must be a colour such as #17594f/],
  ['a logo as a path', { pages: { brand: { logoUrl: '/logo.png' } } }, /`pages.brand.logoUrl` must be an https address/],
  [
    'a logo by http',
    { pages: { brand: { logoUrl: 'http://a.example/l.png' } } },
    /`pages.brand.logoUrl` must be an https address/,
  ],
  ['a brand of two lines', { pages: { brand: { name: 'Acme\nInc.' } } }, /`pages.brand.name` has a control character/],
  ['an unknown look', { pages: { brand: { logo: 'https://a.example/l.png' } } }, /`pages.brand.logo` is not a known field/],
  ['a brand that is a name', { pages: { brand: 'Acme' } }, /`pages.brand` must be an object/],
  ...['find', 'add', 'count'].map(
    name =>
      [
        `members without ${name}`,
        { members: { ...port, [name]: undefined } },
        new RegExp(`\`members.${name}\` must be a function`),
      ] as const,
  ),
  [
    'members by a function',
    { members: () => port },
    /`members` must be an object with the functions `add`, `count` and `find`/,
  ],
  ['members listed by no function', { members: { ...port, list: [] } }, /`members.list` must be a function, or left out/],
  [
    'an unknown function of members',
    { members: { ...port, findmany: () => [] } },
    /`members` has no `findmany`; in it are add, count, find, findMany, list, timeout/,
  ],
  ['an unknown name', { directory: { org: () => null } }, /`directory` has no `org`; in it are organization, user, hasAccount/],
  ...[{ team: 'string' }, 'team', null, { '~standard': { version: 1 } }].map(
    metadata =>
      [`metadata ${JSON.stringify(metadata)}`, { metadata }, /`metadata` must be a Standard Schema, such as z.object/] as const,
  ),
  ['a directory that is a name', { directory: 'Acme' }, /`directory` must be an object, such as/],
  ...['organization', 'user', 'hasAccount'].map(
    name =>
      [
        `a name for ${name}`,
        { directory: { [name]: 'Acme' } },
        new RegExp(`\`directory.${name}\` must be a function`),
      ] as const,
  ),
  ...['render', 'onError', 'phone'].map(
    name =>
      [`${name} that is no function`, { [name]: 'x' }, new RegExp(`\`${name}\` must be a function, or left out`)] as const,
  ),
  ['a poll in a month', { relay: { poll: '30d' } }, /`relay.poll` must be at most 24 days/],
  ['a relay that is none', { relay: 'await' }, /`relay` must be an object with any of inline, /],
  ['an unknown option of the relay', { relay: { interval: '5s' } }, /no relay option `interval`; in `relay` are inline, /],
  ['inline by a text', { relay: { inline: 'yes' } }, /`relay.inline` is true, false or 'await'/],
  ['waitUntil that is no function', { relay: { waitUntil: 1 } }, /`relay.waitUntil` must be a function/],
  ['a clock of numbers', { clock: Date.now }, /`clock` must be a function that answers a Date, such as/],
  ['a clock that stands still', { clock: new Date() }, /`clock` must be a function that answers a Date/],
  ['a clock of no time', { clock: () => new Date(Number.NaN) }, /`clock` must be a function that answers a Date/],
  ['sinks that are no list', { sinks: sink }, /`sinks` must be a list, such as \[webhookSink/],
  ['a sink that is not there', { sinks: [undefined] }, /each of `sinks` needs a `name`/],
  ['a sink without publish', { sinks: [{ name: 'a' }] }, /each of `sinks` needs a `name` and a `publish`/],
  ['an origin for a list', { trustedOrigins: 'https://a.example' }, /`trustedOrigins` must be a list, such as/],
  [
    'an origin that is not set',
    { trustedOrigins: [undefined] },
    /`trustedOrigins` has undefined, .* is its environment variable set/,
  ],
  [
    'an origin as an object',
    { trustedOrigins: [new URL('https://a.example')] },
    /`trustedOrigins` has "https:\/\/a.example\/"/,
  ],
  ['a transport for all channels', { transports: email }, /`transports` are by channel: \{ email: smtpTransport/],
  ['a transport that is not there', { transports: { email: undefined } }, /`transports.email` has no `send`/],
  [
    'a transport to nowhere',
    { transports: { push: { ...email, reach: 'push' } } },
    /`transports.push.reach` is 'email' or 'phone'/,
  ],
  [
    'a transport that reads by no function',
    { transports: { sms: { ...email, receive: true } } },
    /`transports.sms.receive` must be/,
  ],
  [
    'a pace by a text',
    { transports: { email: { ...email, perSecond: '5' } } },
    /`transports.email.perSecond` must be more than 0/,
  ],
  ['no time for the members functions', { members: { timeout: '0s' } }, /`members.timeout` must be between 1 second/],
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

  test('ways out with a way back, an own brand, members of a class and a schema that is a function are taken', () => {
    const signIn = 'https://login.example/in?next={returnTo}'
    const brand = { name: 'Acme', color: '#7A3cff', logoUrl: 'https://a.example/l.png' }
    expect(making({ pages: { signIn, signUp: () => '/join', afterAccept: '/team', brand } })).not.toThrow()
    class Members {
      private readonly rows = []
      find = () => this.rows[0] ?? null
      add() {}
      count() {}
    }
    const metadata = Object.assign(() => true, { '~standard': { version: 1, vendor: 'own', validate: () => ({ value: {} }) } })
    expect(making({ members: new Members(), metadata, directory: { user: undefined } })).not.toThrow()
    expect(making({ expiresIn: '7d', reminders: [{ after: '8d' }] })).not.toThrow() // for an invite of its own `expiresIn`
    expect(making({ expiresIn: null, reminders: [{ before: '1d' }] })).not.toThrow()
  })

  test('a channel may have any name, if it says what it reaches', () => {
    expect(
      making({ transports: { mail: { ...email, reach: 'email' }, voicemail: { ...email, reach: 'phone' } } }),
    ).not.toThrow()
  })

  test.each([
    ['invite.acepted', () => {}, /there is no event "invite.acepted"; there are .*invite.accepted, .*'\*' for all/],
    [undefined, () => {}, /there is no event undefined/],
    ['toString', () => {}, /there is no event "toString"/],
    ['*', undefined, /`on` takes an event and a function/],
    ['invite.accepted', {}, /`on` takes an event and a function/],
  ])('on(%j, %s) is refused at once', (type, listener, sentence) => {
    const { on } = createInvites(good())
    expect(() => on(type as never, listener as never)).toThrow(sentence)
    expect(() => on(type as never, listener as never)).toThrow(/^invitekit: /)
  })

  test('an option that is undefined is one that was left out', () => {
    expect(
      making({ limits: undefined, roles: undefined, transports: undefined, relay: undefined, clock: undefined }),
    ).not.toThrow()
  })
})
