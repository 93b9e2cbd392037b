// What the page behind an unsubscribe link says, in each language of the pages.
import { type Html, html } from '../html.ts'

/** `ask`: nothing has happened yet. `stopped` and `resumed`: what the recipient has just decided, or some time ago. */
export type Choosing = 'ask' | 'stopped' | 'resumed'

export interface Choice {
  readonly title: Html
  readonly text: Html
  readonly button: string
}

/** Null is unknown. */
export interface About {
  readonly organization: Html | null
  /** Masked. */
  readonly recipient: Html | null
}

interface Texts {
  readonly says: (about: About) => Readonly<Record<Choosing, Choice>>
  readonly unknown: { readonly title: string; readonly text: string }
}

const en: Texts = {
  says: ({ organization, recipient }) => {
    const who = organization ?? html`this team`
    const to = recipient ?? html`this address`
    return {
      ask: {
        title: html`No more invites from ${who}?`,
        text: html`Nothing more would be sent to ${to}. Invites that you have stay valid.`,
        button: 'Stop invites',
      },
      stopped: {
        title: html`No more invites from ${who}`,
        text: html`Nothing more is sent to ${to}. If that was a mistake, undo it here.`,
        button: 'Undo',
      },
      resumed: {
        title: html`Invites from ${who} may reach you again`,
        text: html`They are sent to ${to} as before.`,
        button: 'Stop invites',
      },
    }
  },
  unknown: { title: 'This link does not work', text: 'Open it again from the message that you got.' },
}

const de: Texts = {
  says: ({ organization, recipient }) => {
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
}

const es: Texts = {
  says: ({ organization, recipient }) => {
    const who = organization ?? html`este equipo`
    const to = recipient ?? html`esta dirección`
    return {
      ask: {
        title: html`¿No recibir más invitaciones de ${who}?`,
        text: html`No se enviaría nada más a ${to}. Las invitaciones que ya tienes siguen siendo válidas.`,
        button: 'Dejar de recibirlas',
      },
      stopped: {
        title: html`No recibirás más invitaciones de ${who}`,
        text: html`Ya no se envía nada a ${to}. Si fue un error, puedes deshacerlo aquí.`,
        button: 'Deshacer',
      },
      resumed: {
        title: html`Volverás a recibir invitaciones de ${who}`,
        text: html`Se envían a ${to} como antes.`,
        button: 'Dejar de recibirlas',
      },
    }
  },
  unknown: { title: 'Este enlace no funciona', text: 'Ábrelo de nuevo desde el mensaje que recibiste.' },
}

const fr: Texts = {
  says: ({ organization, recipient }) => {
    const who = organization ?? html`cette équipe`
    const to = recipient ?? html`cette adresse`
    return {
      ask: {
        title: html`Ne plus recevoir d’invitations de ${who} ?`,
        text: html`Plus rien ne serait envoyé à ${to}. Vos invitations en cours restent valables.`,
        button: 'Ne plus en recevoir',
      },
      stopped: {
        title: html`Plus d’invitations de ${who}`,
        text: html`Plus rien n’est envoyé à ${to}. Si c’était une erreur, annulez ici.`,
        button: 'Annuler',
      },
      resumed: {
        title: html`Les invitations de ${who} vous parviendront à nouveau`,
        text: html`Elles sont envoyées à ${to} comme avant.`,
        button: 'Ne plus en recevoir',
      },
    }
  },
  unknown: { title: 'Ce lien ne fonctionne pas', text: 'Ouvrez-le à nouveau depuis le message que vous avez reçu.' },
}

const ar: Texts = {
  says: ({ organization, recipient }) => {
    const who = organization ?? html`هذا الفريق`
    const to = recipient ?? html`هذا العنوان`
    return {
      ask: {
        title: html`إيقاف الدعوات من ${who}؟`,
        text: html`لن يُرسل أي شيء آخر إلى ${to}. تبقى الدعوات التي لديك صالحة.`,
        button: 'إيقاف الدعوات',
      },
      stopped: {
        title: html`أُوقفت الدعوات من ${who}`,
        text: html`لن يُرسل أي شيء آخر إلى ${to}. إن كان ذلك خطأ فيمكنك التراجع هنا.`,
        button: 'تراجع',
      },
      resumed: {
        title: html`ستصلك الدعوات من ${who} مجددًا`,
        text: html`تُرسل إلى ${to} كما كانت.`,
        button: 'إيقاف الدعوات',
      },
    }
  },
  unknown: { title: 'هذا الرابط لا يعمل', text: 'افتحه مرة أخرى من الرسالة التي وصلتك.' },
}

const catalogue: ReadonlyMap<string, Texts> = new Map(Object.entries({ en, de, es, fr, ar }))

/** By the language of the page. */
export const unsubscribeTexts = (language: string): Texts => catalogue.get(language) ?? en
