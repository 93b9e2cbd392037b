// The one instance of the app: Next loads modules again in development, so it is kept on globalThis.
import { randomBytes } from 'node:crypto'
import { consoleTransport, createInvites } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'

const create = () =>
  createInvites({
    storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }), // postgresStorage on serverless
    keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
    publicUrl: `${process.env['APP_URL'] ?? 'http://localhost:3000'}/invites`,
    transports: { email: consoleTransport() }, // smtpTransport({ url, from }) of invitekit/smtp sends them
    relay: { inline: 'await' }, // sent before the function answers; on Vercel rather `waitUntil` of @vercel/functions
  })

const kept: typeof globalThis & { invites?: ReturnType<typeof create> } = globalThis
kept.invites ??= create()

export const invites = kept.invites
await invites.migrate()
