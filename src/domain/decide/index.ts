// decide(slice, command, rules): what happens, or why not. Nothing is written here.
import type { Command } from '../command.ts'
import type { Slice } from '../state.ts'
import { decideCreate } from './create.ts'
import { accept, type Decision, type Rules } from './decision.ts'
import { decideAccept, decideDecline, decideOpen, decideRenew } from './invitee.ts'
import { decideMember } from './members.ts'
import { decideResend } from './resend.ts'
import { decideErase, decideRevoke, forgotten } from './revoke-erase.ts'
import { decideExpire, decideRemind } from './scheduled.ts'
import { decideUpdate } from './update.ts'

/** No default: a command without its case does not compile, because nothing would be returned for it. */
export function decide(slice: Slice, command: Command, rules: Rules): Decision {
  switch (command.type) {
    case 'create':
      return decideCreate(slice, command, rules)
    case 'accept':
      return decideAccept(slice, command, rules)
    case 'decline':
      return decideDecline(slice, command, rules)
    case 'open':
      return decideOpen(slice, command)
    case 'renew':
      return decideRenew(slice, command)
    case 'resend':
      return decideResend(slice, command, rules)
    case 'revoke':
      return decideRevoke(slice, command, rules)
    case 'update':
      return decideUpdate(slice, command, rules)
    case 'erase':
      return decideErase(slice, command, rules)
    case 'expire':
      return decideExpire(slice, command.id, rules)
    case 'remind':
      return decideRemind(slice, command, rules)
    case 'member.add':
    case 'member.setRole':
    case 'member.remove':
      return decideMember(slice, command, rules)
    case 'member.forget':
      return accept(forgotten(slice, command.address), { inviteId: null })
  }
}
