// JavaScript of the demo's pages: live updates, copy buttons, and a sign that a button is at work.

const turns = new WeakMap()

/** Regions that say `data-live` are replaced by their namesakes in the page that they name, as it is now. */
async function refresh(doc) {
  const turn = (turns.get(doc) ?? 0) + 1
  turns.set(doc, turn)
  const regions = [...doc.querySelectorAll('[data-live]')]
  if (regions.length === 0) return
  const response = await fetch(regions[0].dataset.live, { headers: { accept: 'text/html' } })
  const now = new DOMParser().parseFromString(await response.text(), 'text/html')
  // A newer request has finished first.
  if (turns.get(doc) !== turn) return
  for (const region of regions) {
    const fresh = now.getElementById(region.id)
    if (!fresh || fresh.innerHTML === region.innerHTML) continue
    // Not while somebody types in it.
    if (region.contains(doc.activeElement) || region.querySelector('[data-pressed]')) continue
    region.replaceChildren(...fresh.childNodes)
  }
}

function followEverything() {
  const frames = [...document.querySelectorAll('iframe')]
  const all = () => {
    refresh(document)
    for (const { contentDocument: doc } of frames) if (doc) refresh(doc)
  }
  let soon
  const follow = new EventSource('/live')
  follow.onmessage = () => {
    clearTimeout(soon)
    soon = setTimeout(all, 60)
  }
  addEventListener('pagehide', () => follow.close())
  for (const frame of frames) {
    frame.addEventListener('load', () => {
      const path = frame.contentDocument?.location.pathname ?? ''
      document.querySelector(`[data-address="${frame.name}"]`).textContent = path.replace(
        /([\w-]{6})[\w-]{36,}([\w-]{4})$/,
        '$1…$2',
      )
    })
  }
  // A link in a mail opened this page: without it in the address, a reload begins at the inbox.
  if (location.search) history.replaceState(null, '', `/${location.hash}`)
}

/** Plays a trick without leaving the page. Its buttons look as the server draws them for other pages meanwhile. */
async function play(form, button) {
  for (const each of document.querySelectorAll('[data-trick]')) each.disabled = true
  button.setAttribute('aria-busy', 'true')
  button.dataset.pressed = ''
  button.append(': at work')
  button.blur()
  await fetch(form.action, { method: 'POST', redirect: 'manual' })
  delete button.dataset.pressed
  refresh(document)
}

async function copy(button) {
  const response = await fetch(button.formAction, { method: 'POST', headers: { accept: 'application/json' } })
  if (!response.ok) return button.form.submit()
  const { link } = await response.json()
  const copied = await navigator.clipboard.writeText(link).then(
    () => true,
    () => false,
  )
  if (!copied) return prompt('The link', link)
  const label = button.textContent
  button.textContent = 'Copied'
  setTimeout(() => (button.textContent = label), 1500)
}

document.addEventListener('submit', event => {
  const button = event.submitter
  if (button?.matches('[data-trick]')) {
    event.preventDefault()
    play(event.target, button)
  } else if (button?.matches('[data-copy]')) {
    event.preventDefault()
    copy(button)
  }
})
document.addEventListener('focusin', event => event.target.matches?.('input.link') && event.target.select())
if (document.body.classList.contains('stage')) followEverything()
