// German: the sentences of the built-in messages.
import type { Texts } from './texts.ts'

export const de: Texts = {
  language: 'de',
  rtl: false,
  headline: (inviter, organization) => {
    if (inviter === null) return organization === null ? 'Einladung in ein Team' : `Einladung zu ${organization}`
    return organization === null ? `${inviter} lädt dich ins Team ein` : `${inviter} lädt dich zu ${organization} ein`
  },
  reminder: headline => `Erinnerung: ${headline}`,
  hello: name => (name === null ? 'Hallo,' : `Hallo ${name},`),
  role: role => `Du wärst dabei als ${role}.`,
  roles: { owner: 'Inhaber', admin: 'Administrator', member: 'Mitglied', viewer: 'Betrachter' },
  button: 'Einladung ansehen',
  address: 'Oder öffne diese Adresse im Browser:',
  code: code => `Oder gib diesen Code ein: ${code}`,
  until: date => `Die Einladung gilt bis ${date}.`,
  unexpected: 'Nicht erwartet? Dann ignoriere sie einfach: Ohne deine Zusage geschieht nichts.',
  expired: {
    headline: who => `Deine Einladung an ${who} ist abgelaufen`,
    body: (who, organization, date) =>
      `${who} hat deine Einladung ${organization === null ? 'in dein Team' : `zu ${organization}`} nicht beantwortet; sie galt bis ${date}.`,
    advice: 'Du kannst die Einladung noch einmal senden.',
    button: 'Einladungen ansehen',
  },
}
