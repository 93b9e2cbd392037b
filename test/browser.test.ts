// The demo and the landing page in a real browser: from the mail to the seat, and each button of the demo once.
import Sqlite from 'better-sqlite3'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrowser } from './support/browser.ts'
import { startDemo } from './support/demo.ts'
import { chromium, withProgram } from './support/programs.ts'

let browser: Browser

withProgram(chromium, path => {
  beforeAll(async () => {
    browser = await startBrowser(path)
  })
  afterAll(() => browser?.close())

  test.concurrent('the link in a mail leads over the landing page and the sign-up to a seat', async () => {
    await using demo = await startDemo('SQLite')
    const { page, complaints } = await visit(demo.origin)
    const grace = page.frameLocator('iframe[name=grace]')
    const guest = page.frameLocator('iframe[name=guest]')
    await grace.locator('input[name=email]').fill('ada@example.com')
    await grace.getByRole('button', { name: 'Invite', exact: true }).click()
    await guest.getByText('ada@example.com').click()
    await guest.frameLocator('iframe.letter').getByRole('link').first().click()

    await guest.getByRole('heading', { name: 'Grace Hopper invites you to join Compiler Club' }).waitFor()
    expect(await looks(page)).toEqual({ brand: 'rgb(47, 93, 80)', script: false })
    await guest.getByRole('button', { name: 'Continue' }).click()
    await guest.locator('input[name=name]').fill('Ada Lovelace')
    await guest.locator('input[name=email]').fill('ada@example.com')
    await guest.getByRole('button', { name: 'Create your account' }).click()
    await guest.getByText('Nothing changes until you accept.').waitFor()
    await guest.getByText('ada@example.com').waitFor()
    await guest.getByRole('button', { name: 'Accept' }).click()
    await guest.getByText('You are in, as member.').waitFor()
    await grace.getByText('3 of 4 seats taken').waitFor()
    await page.locator('#progress li.done').nth(3).waitFor()
    expect(complaints).toEqual([])
  }, 60_000)

  test.concurrent('each button says that it is at work, then what came of it; the cut mail does not wait out its pause', async () => {
    await using demo = await startDemo('SQLite')
    const { page, complaints } = await visit(demo.origin, 390)
    const found = []
    for (const name of ['Race', 'Roll back', 'Cut the mail', 'Start the mail again', 'Crash']) {
      if (name === 'Start the mail again') postpone(demo.file)
      const steps = await page.locator('#steps .step').count()
      await page.locator('#tricks').getByRole('button', { name, exact: true }).click()
      // The others may be done before anybody looks.
      if (name === 'Roll back' || name === 'Crash') {
        await page.locator('#tricks button[aria-busy]:disabled', { hasText: `${name}: at work` }).waitFor()
        await page.getByRole('status').filter({ hasText: 'One at a time' }).waitFor()
        expect(await page.locator('#tricks button:enabled').count()).toBe(0)
      }
      await page.locator('#tricks button:enabled').nth(3).waitFor()
      expect(await page.locator('#steps .step').count()).toBeGreaterThan(steps)
      found.push(await page.locator('#steps .findings').first().innerText())
    }
    expect(found).toEqual([
      expect.stringMatching(/^\d\d rows in naive_invites, 10 allowed$/),
      expect.stringMatching(/^0 rows for rolled-back\S+ in invite_invites\n0 mails in a second and a half$/),
      expect.stringMatching(/^Delivery queued, tries so far: \d$/),
      expect.stringMatching(/^1 mail, handed over at try \d\nMessage-ID <.+>$/),
      expect.stringMatching(/^1 mail to survivor\S+, \S+ s after the crash$/),
    ])
    const { height } = await page.evaluate<{ height: number }>('({ height: document.documentElement.scrollHeight })')
    expect(height).toBeLessThan(4000)
    expect(complaints).toEqual([])
  }, 60_000)
})

/** The stage, and all that the browser complains of on the way. */
async function visit(origin: string, width = 1440): Promise<{ page: Page; complaints: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(String(error)))
  await page.goto(origin)
  return { page, complaints }
}

/** Of the landing page in the invitee's half: the colour of its button, and whether anything is scripted. */
async function looks(page: Page) {
  const frame = page.frame({ name: 'guest' })
  await frame?.waitForLoadState('load') // its heading is seen before its stylesheet is there
  return frame?.evaluate<object>(`({
    brand: getComputedStyle(document.querySelector('button.main')).backgroundColor,
    script: document.scripts.length > 0,
  })`)
}

/** As after many tries: the next one is an hour off. */
function postpone(file: string): void {
  const database = new Sqlite(file)
  const { changes } = database
    .prepare("update invite_outbox set due_at = due_at + 3600000 where kind = 'delivery' and status = 'queued'")
    .run()
  database.close()
  expect(changes).toBe(1)
}
