// The sentences of the pages in German.
import { html } from '../html.ts'
import type { Sentences } from './sentences.ts'

export const de: Sentences = {
  language: 'de',
  rtl: false,
  headline: (inviter, organization) => {
    if (inviter === null) return organization === null ? html`Einladung in ein Team` : html`Einladung zu ${organization}`
    return organization === null ? html`${inviter} lädt dich ins Team ein` : html`${inviter} lädt dich zu ${organization} ein`
  },
  role: 'Rolle',
  roles: { owner: 'Inhaber', admin: 'Administrator', member: 'Mitglied', viewer: 'Betrachter' },
  until: 'Gültig bis',
  account: 'Angemeldet als',
  accept: 'Annehmen',
  decline: 'Ablehnen',
  goOn: 'Weiter',
  askNew: 'Neue Einladung erbitten',
  switchAccount: 'Konto wechseln',
  again: 'Noch einmal versuchen',
  toApp: 'Zur App',
  roleChanged: 'Die Rolle in dieser Einladung wurde inzwischen geändert. Bitte sieh sie dir noch einmal an.',
  signInFirst: app =>
    html`Melde dich zuerst ${app === null ? html`in der App` : html`bei ${app}`} an und öffne dann diesen Link noch einmal.`,
  landing: ({ organization, inviter, recipient, account }) => {
    const sender = inviter ?? html`die Person, die dich eingeladen hat`
    return {
      signed_out: { title: null, text: html`Melde dich an oder lege ein Konto an, um zu antworten.` },
      ready: { title: null, text: html`Ohne deine Zusage ändert sich nichts.` },
      mismatch: {
        title: 'Diese Einladung gilt einem anderen Konto',
        text: html`Sie ging an ${recipient ?? html`eine andere Adresse`}${account && html`, und du bist als ${account} angemeldet`}. Wechsle das Konto, oder lass dir eine Einladung für dieses Konto schicken.`,
      },
      unverified: {
        title: 'Bestätige zuerst deine Adresse',
        text: html`Diese Einladung ging an ${recipient ?? html`deine Adresse`}, und dein Konto hat diese Adresse noch nicht bestätigt. Bestätige sie und versuche es dann noch einmal.`,
      },
      expired: { title: 'Diese Einladung ist abgelaufen', text: html`Bitte ${sender} um eine neue.` },
      asked: { title: 'Wir haben es ausgerichtet', text: html`Sobald ${sender} eine neue Einladung schickt, bekommst du sie.` },
      declined: {
        title: 'Diese Einladung wurde abgelehnt',
        text: html`War das ein Versehen? Dann bitte ${sender} um eine neue.`,
      },
      said_no: { title: 'Du hast abgelehnt', text: html`War das ein Versehen? Dann bitte ${sender} um eine neue Einladung.` },
      accepted: { title: 'Diese Einladung wurde schon angenommen', text: html`Warst du das? Dann geh einfach weiter zur App.` },
      joined: { title: 'Du bist dabei', text: html`Du gehörst jetzt zu ${organization ?? html`diesem Team`}.` },
      already_member: { title: 'Du bist schon Mitglied', text: html`Hier ist nichts mehr zu tun.` },
      full: {
        title: 'Kein Platz ist frei',
        text: html`${organization ?? html`Das Team`} hat gerade keinen freien Platz. Gib kurz Bescheid (${sender}); die Einladung bleibt gültig, und du kannst es später noch einmal versuchen.`,
      },
      exhausted: {
        title: 'Dieser Link ist verbraucht',
        text: html`Er wurde so oft benutzt, wie er darf. Bitte ${sender} um einen neuen.`,
      },
      unauthorized: {
        title: 'Diese Einladung kann nicht angenommen werden',
        text: html`Wer sie gemacht hat, darf diese Rolle nicht mehr vergeben. Bitte dein Team um eine neue.`,
      },
      unknown: {
        title: 'Hier ist keine Einladung',
        text: html`Prüfe, ob du den ganzen Link geöffnet hast, oder bitte um einen neuen.`,
      },
      trouble: { title: 'Das hat nicht geklappt', text: html`Öffne den Link in einer Weile noch einmal.` },
      busy: {
        title: 'Einen Moment bitte',
        text: html`Das waren zu viele Versuche. Warte ein wenig und versuche es dann noch einmal.`,
      },
    }
  },
  unsubscribe: {
    states: ({ organization, recipient }) => {
      const who = organization ?? html`diesem Team`
      const to = recipient ?? html`diese Adresse`
      return {
        ask: {
          title: html`Keine Einladungen mehr von ${who}?`,
          text: html`An ${to} ginge dann nichts mehr. Einladungen, die du hast, bleiben gültig.`,
          button: 'Einladungen abbestellen',
        },
        stopped: {
          title: html`Keine Einladungen mehr von ${who}`,
          text: html`An ${to} geht nichts mehr. War das ein Versehen, mach es hier rückgängig.`,
          button: 'Rückgängig machen',
        },
        resumed: {
          title: html`Einladungen von ${who} erreichen dich wieder`,
          text: html`Sie gehen wie bisher an ${to}.`,
          button: 'Einladungen abbestellen',
        },
      }
    },
    unknown: { title: 'Dieser Link führt zu nichts', text: 'Öffne ihn noch einmal aus der Nachricht, die du bekommen hast.' },
  },
}
