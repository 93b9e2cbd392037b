// How the ledger looks: the newest step first, the call on the left, the rows that it changed on the right.
import { type Html, html } from '../app/html.ts'
import type { MailServer } from '../mail/server.ts'
import { handedOver, type Step } from './ledger.ts'
import type { Change } from './rows.ts'

/** The first minute, as far as it has come. */
export function drawProgress(steps: readonly Step[], { ours }: MailServer): readonly Html[] {
  const called = (name: string) => steps.some(({ call, isRefusal }) => call?.startsWith(`invites.${name}(`) && !isRefusal)
  const stages = [
    { text: 'Invite someone', done: called('create') },
    {
      text: ours ? 'Open the message' : 'The mail leaves',
      done: ours ? called('open') || called('accept') : steps.some(isSent),
    },
    { text: 'Accept', done: called('accept') },
    { text: 'See the seat taken', done: called('accept') },
  ]
  return stages.map(({ text, done }) => html`<li class="${done ? 'done' : ''}">${text}</li>`)
}

const isSent = ({ title }: Step) => title === handedOver

export const drawSteps = (steps: readonly Step[]): Html =>
  steps.length === 0
    ? html`<p class="soft empty">Nothing yet. Press <b>Invite</b> in Grace’s browser: the call and the rows it writes appear here.</p>`
    : html`${steps.toReversed().slice(0, 30).map(drawStep)}`

const drawStep = ({ number, who, title, call, answer, isRefusal, changes, findings }: Step) =>
  html`<article class="step" id="step-${number}"><div>
<h3><span class="number">${number}</span>${who}<span class="soft"> · ${title}</span></h3>
${call !== null && html`<pre class="call">${call}</pre>`}
${answer !== null && html`<pre class="answer ${isRefusal ? 'refusal' : ''}"><span aria-hidden="true">→ </span>${answer}</pre>`}
${findings.length > 0 && html`<ul class="findings">${findings.map(each => html`<li class="${each.verdict}">${each.text}</li>`)}</ul>`}
</div><div class="rows">${changes.length === 0 ? html`<p class="soft small">No row was written.</p>` : tablesOf(changes)}</div></article>`

function tablesOf(changes: readonly Change[]): readonly Html[] {
  const tables = [...new Set(changes.map(({ table }) => table))]
  return tables.map(table => {
    const rows = changes.filter(change => change.table === table)
    const more = rows.length > 4 ? rows.length - 3 : 0
    return html`<div class="rowset"><h4>${table}</h4><ul>${rows.slice(0, more ? 3 : 4).map(drawRow)}${
      more > 0 && html`<li class="soft">and ${more} more rows</li>`
    }</ul></div>`
  })
}

const marks = { new: '+', changed: '~', gone: '−' } as const

const drawRow = ({ kind, cells }: Change) =>
  html`<li class="${kind}"><span class="mark" title="${kind}">${marks[kind]}</span><span>${cells.map(
    ({ name, value, before }) =>
      html`<span class="cell"><i>${name}</i> ${before !== undefined && html`<s>${before}</s> `}<b>${value}</b></span> `,
  )}</span></li>`
