/** The page in a real browser: Chromium, as Debian's package has it. */
import { deepEqual, equal, match } from 'node:assert/strict'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { startGateway } from '../../../lib/sandbox/mesh/gateway.ts'
import { apply, bookinfo, manifest } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('the page in a browser')

function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = folders.flatMap((folder) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)),
  )
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

const executablePath = findBrowser()
let browser: Browser | undefined

test.before(async () => {
  // Without its own sandbox, which a container's root cannot have.
  if (executablePath) browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
})
test.after(async () => {
  await browser?.close()
})

/** The lesson's last section, seen by somebody at a keyboard; requests: every address that the page asked for. */
async function visit(tag: string, look: (page: Page, requests: string[]) => Promise<void>): Promise<void> {
  if (!browser) throw new Error('no chromium on the PATH; on Debian: apt-get install chromium')
  const store = bookinfo({ tag })
  for (const file of ['destination-rule-all', 'virtual-service-all-v1', 'virtual-service-reviews-test-v2'])
    for (const object of manifest(`${file}.yaml`)) apply(store, object)
  const ports = [{ hostPort: 0, containerPort: 8080 }]
  const gateway = await startGateway({ store, ports, delayMs: 0, log: (line) => console.error(line) })
  const context = await browser.newContext()
  const page = await context.newPage()
  const [requests, errors]: [string[], string[]] = [[], []]
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  try {
    await page.goto(`http://localhost:${gateway.ports[0]}/productpage`)
    await look(page, requests)
    deepEqual(errors, [])
  } finally {
    await context.close()
    await gateway.close()
  }
}

function inBrowser(title: string, body: () => Promise<void>): void {
  if (executablePath || process.env.CI === 'true') test(title, body)
  else test.skip(title, 'no chromium on the PATH')
}

for (const tag of ['1.18.0', '1.20.1']) {
  inBrowser(`${tag}: jason signs in by keyboard alone, sees black stars, and signs out`, () =>
    visit(tag, async (page) => {
      const stars = page.getByRole('img', { name: 'of 5 stars' })
      await page.getByText('reviews-v1-').first().waitFor()
      equal(await stars.count(), 0)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Please sign in' }).waitFor()
      await page.keyboard.type('jason')
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'sign out' }).waitFor()
      await page.getByText('reviews-v2-').first().waitFor()
      deepEqual(await stars.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))), [
        '5 of 5 stars',
        '4 of 5 stars',
      ])
      match(await colourOfStars(page), /^rgb\((\d|1\d|2\d), (\d|1\d|2\d), (\d|1\d|2\d)\)$/)
      await page.getByRole('link', { name: 'sign out' }).click()
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      equal(await stars.count(), 0)
    }),
  )

  inBrowser(`${tag}: Escape closes the form, and focus is back on its button`, () =>
    visit(tag, async (page) => {
      const button = page.getByRole('button', { name: 'Sign in' })
      await button.click()
      await page.getByLabel('Password').waitFor()
      await page.keyboard.press('Escape')
      await page.getByLabel('Password').waitFor({ state: 'hidden' })
      equal(await button.evaluate((one) => one === one.ownerDocument.activeElement), true)
    }),
  )

  inBrowser(`${tag}: nothing comes from another machine, and nothing is missing on a phone`, () =>
    visit(tag, async (page, requests) => {
      for (const url of requests) match(url, /^(http:\/\/localhost:|data:)/)
      await page.setViewportSize({ width: 360, height: 700 })
      const [width, shown] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
        number,
        number,
      ]
      equal(width <= shown, true, `${width} of ${shown} pixels`)
    }),
  )
}

/** Where the old look colours a font element, the new one colours the drawing. */
async function colourOfStars(page: Page): Promise<string> {
  return page.evaluate("getComputedStyle(document.querySelector('.glyphicon-star, .stars svg')).color")
}

test.run()
