// A real Chromium for the pages: from CHROMIUM, or where Debian and others install it.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Close it in `afterAll`. */
export function startBrowser(): Promise<Browser> {
  const given = process.env['CHROMIUM']
  const executablePath = given ? given : places.find(path => existsSync(path))
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error(
      `${given ? `CHROMIUM=${given} does not exist. ` : ''}No Chromium to test with. Install one (apt-get install chromium ` +
        'fonts-dejavu-core fonts-noto-color-emoji), or set CHROMIUM to the path of its executable.',
    )
  }
  // Chromium's sandbox refuses to run as root, and /dev/shm is 64 MB in a container.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath, args: [...asRoot, '--disable-dev-shm-usage'] })
}
