// decide(state, command, rules): the events that a command causes, or the rejection. Pure: nothing is read or written here.
import type { Command } from '../command.ts'
import type { OrganizationState } from '../state.ts'
import { decideCreate } from './create.ts'
import { accept, type Decision, type Rules } from './decision.ts'
import { decideAccept, decideDecline, decideOpen, decideRenew } from './invitee.ts'
import { decideMember } from './members.ts'
import { decideResend } from './resend.ts'
import { decideErase, decideRevoke, forgotten } from './revoke-erase.ts'
import { decideExpire, decideRemind } from './scheduled.ts'
import { decideUpdate } from './update.ts'

/** There is no default case, so that a command without its own case does not compile. */
export function decide(state: OrganizationState, command: Command, rules: Rules): Decision {
  switch (command.type) {
    case 'create':
      return decideCreate(state, command, rules)
    case 'accept':
      return decideAccept(state, command, rules)
    case 'decline':
      return decideDecline(state, command, rules)
    case 'open':
      return decideOpen(state, command)
    case 'renew':
      return decideRenew(state, command)
    case 'resend':
      return decideResend(state, command, rules)
    case 'revoke':
      return decideRevoke(state, command, rules)
    case 'update':
      return decideUpdate(state, command, rules)
    case 'erase':
      return decideErase(state, command, rules)
    case 'expire':
      return decideExpire(state, command.id, rules)
    case 'remind':
      return decideRemind(state, command, rules)
    case 'member.add':
    case 'member.setRole':
    case 'member.remove':
      return decideMember(state, command, rules)
    case 'member.forget':
      return accept(forgotten(state, command.address), { inviteId: null })
  }
}
