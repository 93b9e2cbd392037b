// `npm start`: Acme Notes, a small app with its own users, sessions and members, that invites people with invitekit.
// This file is the whole of the wiring; app/ is the host app, stage/ shows what happens behind it.
import express from 'express'
import { createInvites } from 'invitekit'
import { expressRouter } from 'invitekit/express'
import { smtpTransport } from 'invitekit/smtp'
import { twilioTransport } from 'invitekit/twilio'
import { createAccountPages } from './app/accounts.ts'
import { createMemberPages } from './app/members.ts'
import { createNotesPages } from './app/notes.ts'
import { createPeople, roles, team } from './app/people.ts'
import type { Db } from './data/db.ts'
import { openPostgres } from './data/postgres.ts'
import { openSqlite } from './data/sqlite.ts'
import { giveUp, listen, onStop } from './listen.ts'
import { createInboxPages } from './mail/pages.ts'
import { account, startPhone } from './mail/phone.ts'
import { startMail } from './mail/server.ts'
import { databaseFile, readSettings } from './settings.ts'
import { framable } from './stage/framable.ts'
import { createLedger } from './stage/ledger.ts'
import { createStagePages } from './stage/pages.ts'
import { recorded } from './stage/recorded.ts'
import { createTrickPages } from './tricks/pages.ts'

const settings = readSettings(process.env)
const { server, origin, port } = await listen(settings.port)
const mail = await startMail(settings.smtpUrl)
const phone = await startPhone(mail)

async function run<Tx>(db: Db<Tx>) {
  const people = createPeople(db)
  const ledger = createLedger(db)

  const plain = createInvites({
    storage: db.storage, // sqliteStorage({ database }) or postgresStorage({ pool })
    members: db.members, // our own table, written in the transaction that accepts
    keys: [settings.key],
    publicUrl: `${origin}/invites`,
    transports: {
      email: smtpTransport({ url: mail.url, from: 'Acme Notes <team@acme.example>' }),
      // Yours: accountSid, authToken and from. On this machine Twilio could not reach our callbacks; the demo's own can.
      sms: twilioTransport({ ...account, baseUrl: phone.url, statusCallback: `${origin}/invites/callbacks/sms` }),
    },
    roles,
    limits: organizationId => (organizationId === team.id ? { pending: 25, seats: 4 } : { pending: 10 }),
    directory: { organization: () => ({ name: team.name }), user: people.find, hasAccount: people.hasAccount },
    pages: {
      signIn: '/sign-in?returnTo={returnTo}',
      signUp: '/sign-up?returnTo={returnTo}',
      afterAccept: '/notes',
      brand: { name: 'Acme Notes', color: '#2f5d50' },
    },
    relay: { poll: '1s' },
    onError: (error, { where }) => console.error(`${where}: ${error instanceof Error ? error.message : error}`),
  })
  await plain.migrate()
  await people.seed()
  plain.relay.start()
  const invites = recorded(plain, ledger) // for the page that shows each call; an app uses what createInvites gave it

  const app = express()
  app.use('/invites', framable, expressRouter(invites, { actor: req => people.actor(req) }))
  app.use('/members', createMemberPages(invites, people))
  app.use('/notes', createNotesPages(invites, people))
  app.use(createAccountPages(people))
  app.use(createInboxPages(mail))
  const { router: tricks, playing } = createTrickPages({ invites: plain, db, mail, ledger, people })
  app.use(tricks)
  app.use(createStagePages({ ledger, people, mail, playing, origin, database: db.name }))
  server.on('request', app)

  mail.onMail(() => ledger.ring())
  await ledger.start()
  onStop(server, async () => {
    ledger.stop()
    await plain.close()
    await mail.close()
    phone.close()
    await db.close()
  })
  console.log(`Acme Notes, with invitekit on ${db.name}: ${origin}`)
}

try {
  if (settings.databaseUrl) await run(await openPostgres(settings.databaseUrl, port))
  else await run(openSqlite(databaseFile(port)))
} catch (error) {
  giveUp(error)
}
