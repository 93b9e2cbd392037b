// The sentences of the pages in French.
import { html } from '../html.ts'
import type { Sentences } from './sentences.ts'

export const fr: Sentences = {
  language: 'fr',
  rtl: false,
  headline: (inviter, organization) => {
    const to = organization ?? (inviter === null ? html`une équipe` : html`son équipe`)
    return inviter === null ? html`Vous êtes invité à rejoindre ${to}` : html`${inviter} vous invite à rejoindre ${to}`
  },
  role: 'Rôle',
  roles: { owner: 'propriétaire', admin: 'administrateur', member: 'membre', viewer: 'lecteur' },
  until: 'Valable jusqu’au',
  account: 'Connecté en tant que',
  accept: 'Accepter',
  decline: 'Refuser',
  goOn: 'Continuer',
  askNew: 'Demander une nouvelle invitation',
  switchAccount: 'Changer de compte',
  again: 'Réessayer',
  toApp: 'Aller à l’application',
  roleChanged: 'Le rôle de cette invitation a changé depuis l’ouverture de la page. Vérifiez-le avant d’accepter.',
  signInFirst: app => html`Connectez-vous d’abord à ${app ?? html`l’application`}, puis ouvrez ce lien à nouveau.`,
  landing: ({ organization, inviter, recipient, account }) => {
    const sender = inviter ?? html`la personne qui vous a invité`
    return {
      signed_out: { title: null, text: html`Connectez-vous ou créez un compte pour répondre.` },
      ready: { title: null, text: html`Rien ne change tant que vous n’acceptez pas.` },
      mismatch: {
        title: 'Cette invitation est pour un autre compte',
        text: html`Elle a été envoyée à ${recipient ?? html`une autre adresse`}${account && html`, et vous êtes connecté en tant que ${account}`}. Changez de compte, ou demandez une invitation pour celui-ci.`,
      },
      unverified: {
        title: 'Confirmez d’abord votre adresse',
        text: html`Cette invitation a été envoyée à ${recipient ?? html`votre adresse`}, que votre compte n’a pas encore confirmée. Confirmez-la, puis réessayez.`,
      },
      expired: { title: 'Cette invitation a expiré', text: html`Vous pouvez en demander une nouvelle à ${sender}.` },
      asked: { title: 'C’est transmis', text: html`Vous recevrez une nouvelle invitation si ${sender} en envoie une.` },
      declined: {
        title: 'Cette invitation a été refusée',
        text: html`Si c’était une erreur, demandez-en une nouvelle à ${sender}.`,
      },
      said_no: { title: 'Vous avez refusé', text: html`Si c’était une erreur, demandez une nouvelle invitation à ${sender}.` },
      accepted: { title: 'Cette invitation a déjà été acceptée', text: html`Si c’était vous, continuez dans l’application.` },
      joined: { title: 'Vous y êtes', text: html`Vous avez rejoint ${organization ?? html`cette équipe`}.` },
      already_member: { title: 'Vous êtes déjà membre', text: html`Il n’y a plus rien à faire ici.` },
      full: {
        title: 'Aucune place n’est libre',
        text: html`${organization ?? html`L’équipe`} n’a plus de place libre pour le moment. Prévenez ${sender} ; l’invitation reste valable, vous pourrez réessayer plus tard.`,
      },
      exhausted: {
        title: 'Ce lien est épuisé',
        text: html`Il a servi autant de fois que permis. Demandez-en un autre à ${sender}.`,
      },
      unauthorized: {
        title: 'Cette invitation ne peut pas être acceptée',
        text: html`La personne qui l’a faite ne peut plus donner ce rôle. Demandez-en une nouvelle à votre équipe.`,
      },
      unknown: {
        title: 'Il n’y a pas d’invitation ici',
        text: html`Vérifiez que vous avez ouvert le lien entier, ou demandez-en un nouveau à la personne qui vous a invité.`,
      },
      trouble: { title: 'Cela n’a pas fonctionné', text: html`Ouvrez à nouveau le lien dans un moment.` },
      busy: { title: 'Un instant, s’il vous plaît', text: html`Il y a eu trop d’essais. Attendez un peu, puis réessayez.` },
    }
  },
  unsubscribe: {
    states: ({ organization, recipient }) => {
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
  },
}
