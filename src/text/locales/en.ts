// English: the sentences of the built-in messages.
import type { Texts } from './texts.ts'

export const en: Texts = {
  language: 'en',
  rtl: false,
  headline: (inviter, organization) => {
    const to = organization ?? (inviter === null ? 'a team' : 'their team')
    return inviter === null ? `You are invited to join ${to}` : `${inviter} invites you to join ${to}`
  },
  reminder: headline => `Reminder: ${headline}`,
  hello: name => (name === null ? 'Hello,' : `Hello ${name},`),
  role: role => `You would join as ${role}.`,
  roles: {},
  button: 'View invite',
  address: 'Or open this address in your browser:',
  code: code => `Or enter this code: ${code}`,
  until: date => `The invite is valid until ${date}.`,
  unexpected: 'Not expecting this? You can ignore it: nothing happens unless you accept.',
  expired: {
    headline: who => `Your invite to ${who} has expired`,
    body: (who, organization, date) =>
      `${who} did not answer your invite to join ${organization ?? 'your team'}, which was valid until ${date}.`,
    advice: 'You can send the invite again.',
    button: 'View invites',
  },
}
