// The sentences of the pages in English.
import { html } from '../html.ts'
import type { Sentences } from './sentences.ts'

export const en: Sentences = {
  language: 'en',
  rtl: false,
  headline: (inviter, organization) => {
    const to = organization ?? (inviter === null ? html`a team` : html`their team`)
    return inviter === null ? html`You are invited to join ${to}` : html`${inviter} invites you to join ${to}`
  },
  role: 'Role',
  roles: {},
  until: 'Valid until',
  account: 'Signed in as',
  accept: 'Accept',
  decline: 'Decline',
  goOn: 'Continue',
  askNew: 'Ask for a new invite',
  switchAccount: 'Switch account',
  again: 'Try again',
  toApp: 'Go to the app',
  roleChanged: 'The role in this invite has changed since you opened the page. Please look again before you accept.',
  signInFirst: app => html`Sign in to ${app ?? html`the app`} first, then open this link again.`,
  landing: ({ organization, inviter, recipient, account }) => {
    const sender = inviter ?? html`the person who invited you`
    return {
      signed_out: { title: null, text: html`Sign in or create an account to answer.` },
      ready: { title: null, text: html`Nothing changes until you accept.` },
      mismatch: {
        title: 'This invite is for another account',
        text: html`It was sent to ${recipient ?? html`another address`}${account && html`, and you are signed in as ${account}`}. Switch to the right account, or ask ${sender} to invite this one.`,
      },
      unverified: {
        title: 'Confirm your address first',
        text: html`This invite was sent to ${recipient ?? html`your address`}, and your account has not confirmed that address yet. Confirm it, then try again.`,
      },
      expired: { title: 'This invite has expired', text: html`You can ask ${sender} for a new one.` },
      asked: { title: 'We passed it on', text: html`You will get a new invite if ${sender} sends one.` },
      declined: { title: 'This invite was declined', text: html`If that was a mistake, ask ${sender} for a new one.` },
      said_no: { title: 'You declined', text: html`If that was a mistake, ask ${sender} for a new invite.` },
      accepted: { title: 'This invite was accepted already', text: html`If that was you, just go on to the app.` },
      joined: { title: 'You are in', text: html`You have joined ${organization ?? html`the team`}.` },
      already_member: { title: 'You are a member already', text: html`There is nothing left to do here.` },
      full: {
        title: 'No seat is free',
        text: html`${organization ?? html`The team`} has no free seat right now. Tell ${sender}; this invite stays valid, so you can try again later.`,
      },
      exhausted: { title: 'This link is used up', text: html`It was used as often as it may be. Ask ${sender} for another.` },
      unauthorized: {
        title: 'This invite cannot be accepted',
        text: html`Whoever made it may no longer give this role. Ask your team for a new one.`,
      },
      unknown: {
        title: 'There is no invite here',
        text: html`Check that you opened the whole link, or ask the person who invited you for a new one.`,
      },
      trouble: { title: 'That did not work', text: html`Open the link again in a little while.` },
      busy: { title: 'One moment, please', text: html`There were too many tries. Wait a little, then try again.` },
    }
  },
  unsubscribe: {
    states: ({ organization, recipient }) => {
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
  },
}
