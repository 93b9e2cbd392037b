// A real Chromium for the pages.
import { type Browser, chromium } from 'playwright-core'

/** Close it in `afterAll`. */
export function startBrowser(executablePath: string): Promise<Browser> {
  // Chromium's sandbox refuses to run as root, and /dev/shm is 64 MB in a container.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath, args: [...asRoot, '--disable-dev-shm-usage'] })
}
