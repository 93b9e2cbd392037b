// What is personal in an invite: gone once it is erased, hidden from whoever only holds the link.
import { expect, test } from 'vitest'
import { personalData, withoutHidden, withoutPersonalData } from '../../src/domain/personal-data.ts'
import * as g from './given.ts'

const full = g.invite({
  recipient: g.to({ email: 'ada@example.com', phone: '+15550100', fullName: 'Ada Lovelace', locale: 'en' }),
  externalId: 'crm-1',
  template: { email: { subject: 'Dear Ada' } },
  metadata: { team: 'blue' },
  extra: { salary: 1 },
})
const declined = { status: 'declined', declinedAt: g.yesterday, declineReason: 'ill' } as const
const revoked = { status: 'revoked', revokedAt: g.yesterday, revokedBy: 'adam', revokeReason: 'left' } as const

// biome-ignore format: a table is read by its columns
const outcomes: Record<string, string> = {
  id:             'keep',   organizationId: 'keep',   kind:          'keep',
  status:         'keep',   role:           'keep',   recipient:     'masked',
  inviterId:      'keep',   inviterRole:    'keep',   inviterName:   'hidden',
  inviteeId:      'keep',   externalId:     'hidden', templateId:    'keep',
  template:       'hidden', metadata:       'hidden', extra:         'hidden',
  channels:       'keep',   linkPattern:    'keep',   keyId:         'keep',
  generation:     'keep',   codeHash:       'keep',   maxUses:       'keep',
  useCount:       'keep',   createdAt:      'keep',   updatedAt:     'keep',
  expiresAt:      'keep',   lifetime:       'keep',   sentAt:        'keep',
  sendCount:      'keep',   openedAt:       'keep',   remindAt:      'keep',
  erasedAt:       'keep',   acceptedAt:     'keep',   acceptedBy:    'keep',
  declinedAt:     'keep',   declineReason:  'shown',  revokedAt:     'keep',
  revokedBy:      'keep',   revokeReason:   'shown',
}

test('every field of the record says whether it is personal, and what the holder of a link sees of it', () => {
  const told = Object.entries(personalData).map(([field, privacy]) => [field, privacy === 'keep' ? privacy : privacy.byLink])
  expect(Object.fromEntries(told)).toEqual(outcomes)
})

test('without personal data: nobody’s invite, with everything else as it was', () => {
  const bare = { recipient: g.to({}), inviterName: null, externalId: null, template: null, metadata: {}, extra: {} }
  expect(withoutPersonalData(full)).toEqual({ ...full, ...bare })
  expect(withoutPersonalData(g.invite({ ...full, ...declined }))).toEqual({
    ...full,
    ...bare,
    ...declined,
    declineReason: null,
  })
  expect(withoutPersonalData(g.invite({ ...full, ...revoked }))).toEqual({ ...full, ...bare, ...revoked, revokeReason: null })
  expect(withoutPersonalData(g.openInvite())).not.toHaveProperty('recipient')
})

test('without what is hidden: the recipient stays to be masked, the reasons stay to be read', () => {
  const bare = { inviterName: null, externalId: null, template: null, metadata: {}, extra: {} }
  expect(withoutHidden(full)).toEqual({ ...full, ...bare })
  expect(withoutHidden(g.invite({ ...full, ...declined }))).toEqual({ ...full, ...bare, ...declined })
  expect(withoutHidden({ id: 1, metadata: { team: 'blue' } })).toEqual({ id: 1, metadata: {} })
})
