// What must be true of an organization after a crash and the recovery, read from the tables, the mail server and journals.
import type { Row, Store } from '../races/stores.ts'
import { limits } from './app.ts'
import type { Arrival } from './mailserver.ts'
import type { Entry } from './steps.ts'

export interface Scene {
  readonly store: Store
  readonly organizationId: string
  readonly inbox: readonly Arrival[]
  /** What the process that died did. */
  readonly died: readonly Entry[]
  /** What the process that recovered did. */
  readonly recovered: readonly Entry[]
}

/** Every promise that was broken, as a sentence. */
export async function verdict(scene: Scene): Promise<readonly string[]> {
  const { store, organizationId } = scene
  const table = (name: string) => store.rows(`select * from invite_${name} where organization_id = '${organizationId}'`)
  const [invites, outbox, events, members] = [
    await table('invites'),
    await table('outbox'),
    await table('events'),
    await table('members'),
  ]
  const mails = scene.inbox.filter(({ to }) => to.endsWith(`@${organizationId}.example.com`))
  const facts = { ...scene, invites, outbox, events, members, mails }
  return [...mailed(facts), ...records(facts), ...announced(facts), ...invariants(facts), ...revoked(facts)]
}

interface Facts extends Scene {
  readonly invites: readonly Row[]
  readonly outbox: readonly Row[]
  readonly events: readonly Row[]
  readonly members: readonly Row[]
  readonly mails: readonly Arrival[]
}

const text = (row: Row, column: string) => String(row[column])
const when = (is: boolean, sentence: string) => (is ? [sentence] : [])

/** Committed and pending: mailed. Never committed: never mailed. Each mail is one of the committed messages, by its id. */
function mailed({ invites, outbox, mails }: Facts): string[] {
  const rows = new Map(outbox.map(row => [text(row, 'id'), row]))
  const reached = new Set(mails.map(({ to }) => to))
  return [
    ...invites
      .filter(invite => invite['status'] === 'pending')
      .flatMap(invite => when(!reached.has(text(invite, 'email')), `${invite['email']} is invited and was not mailed`)),
    ...mails.flatMap(({ to, id }) => {
      const invite = invites.find(each => each['email'] === to)
      if (!invite) return [`${to} was mailed and never invited`]
      const message = rows.get(id)
      return when(message?.['invite_id'] !== invite['id'], `${to} got a mail with the Message-ID ${id}`)
    }),
  ]
}

/** Deliveries end as sent, which they were, or as suppressed, which they had to be. */
function records({ invites, outbox, mails }: Facts): string[] {
  const arrived = new Set(mails.map(({ id }) => id))
  return outbox.flatMap(row => {
    if (row['kind'] === 'event') return [`an event waits in the outbox: ${JSON.stringify(row)}`]
    const invite = invites.find(each => each['id'] === row['invite_id'])
    const isDead = invite?.['status'] !== 'pending' || Number(invite['generation']) !== Number(row['generation'])
    const name = `delivery ${row['id']} of ${invite?.['email']}`
    if (row['status'] === 'sent') return when(!arrived.has(text(row, 'id')), `${name} is called sent and never arrived`)
    return when(!(row['status'] === 'suppressed' && isDead), `${name} ended as ${row['status']}: ${row['failure']}`)
  })
}

/** Every event of the history was published, and nothing else. */
function announced({ events, died, recovered }: Facts): string[] {
  const published = new Set([...died, ...recovered].flatMap(({ name, ids }) => (name === 'publish' ? ids : [])))
  return events.flatMap(event => when(!published.has(text(event, 'id')), `${event['type']} ${event['id']} was not published`))
}

function invariants({ invites, events, members }: Facts): string[] {
  const pending = invites.filter(invite => invite['status'] === 'pending')
  const accepted = invites.filter(invite => invite['status'] === 'accepted')
  const users = members.map(member => text(member, 'user_id'))
  const acceptances = events.filter(event => event['type'] === 'invite.accepted')
  const created = events.filter(event => event['type'] === 'invite.created')
  return [
    ...when(new Set(pending.map(invite => invite['email_key'])).size !== pending.length, 'I1: two pending for one address'),
    ...when(pending.length > limits.pending, `I2: ${pending.length} pending`),
    ...when(users.length > limits.seats, `I2: ${users.length} members`),
    ...when(new Set(users).size !== users.length, 'I3: a member twice'),
    ...when(
      accepted.length !== users.length || accepted.some(invite => !users.includes(text(invite, 'accepted_by'))),
      `I3: ${accepted.length} accepted, ${users.length} members`,
    ),
    ...when(acceptances.length !== accepted.length, `I4: ${acceptances.length} acceptances told of ${accepted.length}`),
    ...when(created.length !== invites.length, `I4: ${created.length} creations told of ${invites.length}`),
  ]
}

/** Whoever began to ask after the revocation was committed did not send. */
function revoked({ invites, outbox, died, recovered }: Facts): string[] {
  const dead = new Set(invites.filter(({ status }) => status === 'revoked').map(row => text(row, 'id')))
  const messages = new Set(outbox.filter(row => dead.has(text(row, 'invite_id'))).map(row => text(row, 'id')))
  const journal = [...died, ...recovered]
  return [...messages].flatMap(id => {
    const inviteId = text(outbox.find(row => row['id'] === id) ?? {}, 'invite_id')
    // Without a line `after commit` the process died before it heard of its commit: then the recovery comes after it.
    const heard = journal.findIndex(({ name, ids }) => name === 'after commit' && ids.includes(inviteId))
    const committed = heard === -1 ? died.length : heard
    return journal.flatMap(({ name, ids }, index) => {
      if (name !== 'before send' || !ids.includes(id)) return []
      return when(lastAsked(journal.slice(0, index), id) > committed, `a revoked invite was mailed: ${id}`)
    })
  })
}

/** Where the process began to ask whether the message is still due: by a check, or by the lease that told of it. */
function lastAsked(journal: readonly Entry[], id: string): number {
  const leased = journal.findLastIndex(({ name, ids }) => name === 'after lease' && ids.includes(id))
  const leasing = journal.slice(0, Math.max(leased, 0)).findLastIndex(({ name }) => name === 'before lease')
  return Math.max(
    leasing,
    journal.findLastIndex(({ name, ids }) => name === 'before check' && ids.includes(id)),
  )
}
