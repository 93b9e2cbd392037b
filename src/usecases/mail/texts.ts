// The words of the built-in messages, by language. Values come in marked up or escaped as the part needs them; the
// words themselves have no character that HTML would read.

export interface Texts {
  readonly language: string
  readonly rtl: boolean
  /** Who invites to what; either may be unknown. Also the subject. */
  readonly headline: (inviter: string | null, organization: string | null) => string
  readonly reminder: (headline: string) => string
  readonly hello: (name: string | null) => string
  readonly role: (role: string) => string
  /** Role names that everybody has; others are shown as they are. */
  readonly roles: Readonly<Record<string, string>>
  readonly button: string
  readonly address: string
  readonly code: (code: string) => string
  readonly until: (date: string) => string
  readonly unexpected: string
  /** To the inviter, of an invite that nobody answered. */
  readonly expired: {
    readonly headline: (who: string) => string
    readonly said: (who: string, organization: string | null, date: string) => string
    readonly advice: string
    readonly button: string
  }
}

const en: Texts = {
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
    said: (who, organization, date) =>
      `${who} did not answer your invite to join ${organization ?? 'your team'}, which was valid until ${date}.`,
    advice: 'You can send the invite again.',
    button: 'View invites',
  },
}

const de: Texts = {
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
    said: (who, organization, date) =>
      `${who} hat deine Einladung ${organization === null ? 'in dein Team' : `zu ${organization}`} nicht beantwortet; sie galt bis ${date}.`,
    advice: 'Du kannst die Einladung noch einmal senden.',
    button: 'Einladungen ansehen',
  },
}

const es: Texts = {
  language: 'es',
  rtl: false,
  headline: (inviter, organization) => {
    const to = organization ?? (inviter === null ? 'un equipo' : 'su equipo')
    return inviter === null ? `Tienes una invitación para unirte a ${to}` : `${inviter} te invita a unirte a ${to}`
  },
  reminder: headline => `Recordatorio: ${headline}`,
  hello: name => (name === null ? 'Hola:' : `Hola, ${name}:`),
  role: role => `Te unirías como ${role}.`,
  roles: { owner: 'propietario', admin: 'administrador', member: 'miembro', viewer: 'lector' },
  button: 'Ver la invitación',
  address: 'O abre esta dirección en tu navegador:',
  code: code => `O escribe este código: ${code}`,
  until: date => `La invitación es válida hasta el ${date}.`,
  unexpected: '¿No la esperabas? Puedes ignorarla: no pasa nada mientras no la aceptes.',
  expired: {
    headline: who => `Tu invitación a ${who} ha caducado`,
    said: (who, organization, date) =>
      `${who} no respondió a tu invitación para unirse a ${organization ?? 'tu equipo'}, válida hasta el ${date}.`,
    advice: 'Puedes enviar la invitación de nuevo.',
    button: 'Ver las invitaciones',
  },
}

const fr: Texts = {
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
    said: (who, organization, date) =>
      `${who} n’a pas répondu à votre invitation à rejoindre ${organization ?? 'votre équipe'}, valable jusqu’au ${date}.`,
    advice: 'Vous pouvez renvoyer l’invitation.',
    button: 'Voir les invitations',
  },
}

const ar: Texts = {
  language: 'ar',
  rtl: true,
  headline: (inviter, organization) => {
    const to = organization ?? (inviter === null ? 'فريق' : 'فريقه')
    return inviter === null ? `دعوة للانضمام إلى ${to}` : `دعوة من ${inviter} للانضمام إلى ${to}`
  },
  reminder: headline => `تذكير: ${headline}`,
  hello: name => (name === null ? 'مرحبًا،' : `مرحبًا ${name}،`),
  role: role => `سيكون دورك: ${role}.`,
  roles: { owner: 'مالك', admin: 'مدير', member: 'عضو', viewer: 'مشاهد' },
  button: 'عرض الدعوة',
  address: 'أو افتح هذا العنوان في متصفحك:',
  code: code => `أو أدخل هذا الرمز: ${code}`,
  until: date => `الدعوة صالحة حتى ${date}.`,
  unexpected: 'لم تكن تتوقع هذه الرسالة؟ يمكنك تجاهلها: لن يحدث شيء ما لم تقبل.',
  expired: {
    headline: who => `انتهت صلاحية دعوتك إلى ${who}`,
    said: (who, organization, date) =>
      `لم يرد ${who} على دعوتك للانضمام إلى ${organization ?? 'فريقك'}، وكانت صالحة حتى ${date}.`,
    advice: 'يمكنك إرسال الدعوة مرة أخرى.',
    button: 'عرض الدعوات',
  },
}

const catalogue: ReadonlyMap<string, Texts> = new Map([en, de, es, fr, ar].map(texts => [texts.language, texts]))

/** By the language of a BCP 47 tag; English for one that is not in the catalogue. */
export const textsOf = (locale: string | null): Texts => catalogue.get(languageOf(locale)) ?? en

const languageOf = (locale: string | null) => locale?.split(/[-_]/)[0]?.toLowerCase() ?? ''

/** The moment as the recipient writes it, its zone named. Their region counts when the words are in their language. */
export function dateText(date: Date, locale: string | null, { language }: Texts): string {
  const own = locale !== null && languageOf(locale) === language && /^[a-z]{2}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i.test(locale)
  return formatOf(own ? locale : language).format(date)
}

const formats = new Map<string, Intl.DateTimeFormat>()
const shape = { day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' } as const
const zone = { timeZone: 'UTC', timeZoneName: 'short' } as const

/** To make one takes longer than all the rest of a message. Locales are without number: past the bound none is kept. */
function formatOf(locale: string): Intl.DateTimeFormat {
  const known = formats.get(locale)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { ...shape, ...zone })
  if (formats.size < 100) formats.set(locale, made)
  return made
}
