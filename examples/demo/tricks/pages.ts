// The routes of the four buttons, each of which causes a failure on purpose.
import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import type { Invites } from 'invitekit'
import type { People, Role } from '../app/people.ts'
import type { Db } from '../data/db.ts'
import type { MailServer } from '../mail/server.ts'
import type { Ledger } from '../stage/ledger.ts'
import { crash } from './crash.ts'
import { cutMail, mendMail } from './mail.ts'
import { race } from './race.ts'
import { rollBack } from './rollback.ts'

/** What a trick plays with: the invites as createInvites gave them, the database and the mail server. */
export interface Props<Tx> {
  readonly invites: Invites<Role, Tx>
  readonly db: Db<Tx>
  readonly mail: MailServer
  readonly ledger: Ledger
  readonly people: People
}

export interface TrickPages {
  readonly router: Router
  /** The button that is at work, by the name in its address; null when none is. */
  readonly playing: () => string | null
}

export function createTrickPages<Tx>(props: Props<Tx>): TrickPages {
  const router = Router()
  const tricks = { race, 'roll-back': rollBack, 'cut-mail': cutMail, 'mend-mail': mendMail, crash }
  let playing: string | null = null
  for (const [name, play] of Object.entries(tricks)) {
    router.post(`/tricks/${name}`, async (_req, res) => {
      // One at a time: each tells what it alone has changed.
      if (playing === null) {
        playing = name
        props.ledger.ring()
        try {
          await play(props)
        } finally {
          playing = null
          props.ledger.ring()
        }
      }
      res.redirect(303, '/#tricks')
    })
  }
  return { router, playing: () => playing }
}

/** An address that nobody had before. */
export const freshAddress = (who: string) => `${who}+${randomUUID().slice(0, 6)}@example.com`
