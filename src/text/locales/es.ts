// Spanish: the sentences of the built-in messages.
import type { Texts } from './texts.ts'

export const es: Texts = {
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
    body: (who, organization, date) =>
      `${who} no respondió a tu invitación para unirse a ${organization ?? 'tu equipo'}, válida hasta el ${date}.`,
    advice: 'Puedes enviar la invitación de nuevo.',
    button: 'Ver las invitaciones',
  },
}
