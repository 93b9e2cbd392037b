// French: the sentences of the built-in messages.
import type { Texts } from './texts.ts'

export const fr: Texts = {
  language: 'fr',
  rtl: false,
  headline: (inviter, organization) => {
    const to = organization ?? (inviter === null ? 'une équipe' : 'son équipe')
    return inviter === null ? `Vous êtes invité à rejoindre ${to}` : `${inviter} vous invite à rejoindre ${to}`
  },
  reminder: headline => `Rappel : ${headline}`,
  hello: name => (name === null ? 'Bonjour,' : `Bonjour ${name},`),
  role: role => `Vous rejoindriez en tant que ${role}.`,
  roles: { owner: 'propriétaire', admin: 'administrateur', member: 'membre', viewer: 'lecteur' },
  button: 'Voir l’invitation',
  address: 'Ou ouvrez cette adresse dans votre navigateur :',
  code: code => `Ou saisissez ce code : ${code}`,
  until: date => `L’invitation est valable jusqu’au ${date}.`,
  unexpected: 'Vous ne l’attendiez pas ? Ignorez-la : rien ne se passe sans votre accord.',
  expired: {
    headline: who => `Votre invitation à ${who} a expiré`,
    body: (who, organization, date) =>
      `${who} n’a pas répondu à votre invitation à rejoindre ${organization ?? 'votre équipe'}, valable jusqu’au ${date}.`,
    advice: 'Vous pouvez renvoyer l’invitation.',
    button: 'Voir les invitations',
  },
}
