// The sentences of the pages in Spanish.
import { html } from '../html.ts'
import type { Sentences } from './sentences.ts'

export const es: Sentences = {
  language: 'es',
  rtl: false,
  headline: (inviter, organization) => {
    const to = organization ?? (inviter === null ? html`un equipo` : html`su equipo`)
    return inviter === null ? html`Tienes una invitación para unirte a ${to}` : html`${inviter} te invita a unirte a ${to}`
  },
  role: 'Rol',
  roles: { owner: 'propietario', admin: 'administrador', member: 'miembro', viewer: 'lector' },
  until: 'Válida hasta',
  account: 'Sesión iniciada como',
  accept: 'Aceptar',
  decline: 'Rechazar',
  goOn: 'Continuar',
  askNew: 'Pedir una invitación nueva',
  switchAccount: 'Cambiar de cuenta',
  again: 'Volver a intentarlo',
  toApp: 'Ir a la aplicación',
  roleChanged: 'El rol de esta invitación ha cambiado desde que abriste la página. Revísalo antes de aceptar.',
  signInFirst: app => html`Primero inicia sesión en ${app ?? html`la aplicación`} y después abre este enlace otra vez.`,
  landing: ({ organization, inviter, recipient, account }) => {
    const sender = inviter ?? html`la persona que te invitó`
    return {
      signed_out: { title: null, text: html`Inicia sesión o crea una cuenta para responder.` },
      ready: { title: null, text: html`Nada cambia mientras no aceptes.` },
      mismatch: {
        title: 'Esta invitación es para otra cuenta',
        text: html`Se envió a ${recipient ?? html`otra dirección`}${account && html`, y tu sesión es de ${account}`}. Cambia de cuenta, o pide una invitación para esta.`,
      },
      unverified: {
        title: 'Confirma primero tu dirección',
        text: html`Esta invitación se envió a ${recipient ?? html`tu dirección`}, y tu cuenta aún no la ha confirmado. Confírmala y vuelve a intentarlo.`,
      },
      expired: { title: 'Esta invitación ha caducado', text: html`Puedes pedir una nueva a ${sender}.` },
      asked: { title: 'Lo hemos transmitido', text: html`Recibirás una invitación nueva si ${sender} la envía.` },
      declined: { title: 'Esta invitación fue rechazada', text: html`Si fue un error, pide una nueva a ${sender}.` },
      said_no: { title: 'Has rechazado la invitación', text: html`Si fue un error, pide una nueva a ${sender}.` },
      accepted: { title: 'Esta invitación ya fue aceptada', text: html`Si fuiste tú, sigue en la aplicación.` },
      joined: { title: 'Ya estás dentro', text: html`Te has unido a ${organization ?? html`este equipo`}.` },
      already_member: { title: 'Ya eres miembro', text: html`Aquí no queda nada por hacer.` },
      full: {
        title: 'No queda ninguna plaza',
        text: html`${organization ?? html`El equipo`} no tiene plazas libres ahora. Avisa a ${sender}; la invitación sigue siendo válida y puedes intentarlo más tarde.`,
      },
      exhausted: {
        title: 'Este enlace está agotado',
        text: html`Se ha usado tantas veces como se permite. Pide otro a ${sender}.`,
      },
      unauthorized: {
        title: 'Esta invitación no se puede aceptar',
        text: html`Quien la hizo ya no puede dar este rol. Pide una nueva a tu equipo.`,
      },
      unknown: {
        title: 'Aquí no hay ninguna invitación',
        text: html`Comprueba que has abierto el enlace completo, o pide uno nuevo a quien te invitó.`,
      },
      trouble: { title: 'No ha funcionado', text: html`Abre el enlace otra vez dentro de un rato.` },
      busy: {
        title: 'Un momento, por favor',
        text: html`Ha habido demasiados intentos. Espera un poco y vuelve a intentarlo.`,
      },
    }
  },
  unsubscribe: {
    states: ({ organization, recipient }) => {
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
  },
}
