import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

export type Browser = { readonly executablePath: string; readonly args: string[] }

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const NONE =
  'No Chromium starts on this computer; install one (Debian: apt-get install chromium) or run npx playwright install chromium.'

/**
 * The browser for tests: the one that AMPARO_BROWSER names, else the system's Chromium, else Playwright's own.
 * Refuses with one sentence when none of them starts.
 */
function findBrowser(): Browser {
  const executablePath = candidates().find(starts)
  if (executablePath === undefined) throw new Error(NONE)
  // Chromium's sandbox refuses root, and containers seldom have room in /dev/shm.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-dev-shm-usage'] : ['--disable-dev-shm-usage']
  return { executablePath, args }
}

/**
 * What Playwright starts. Empty where no browser starts: what only reads the configuration needs none, and a run has
 * got one before (`ensureBrowser`).
 */
export function launchOptions(): Partial<Browser> {
  try {
    return findBrowser()
  } catch {
    return {}
  }
}

/**
 * As `findBrowser`, after trying to get one where there is none: Debian's package when root, else the one that
 * `@sparticuz/chromium` brings, where that is installed.
 */
export async function ensureBrowser(): Promise<Browser> {
  try {
    return findBrowser()
  } catch {
    if (process.getuid?.() === 0) installPackage()
  }
  try {
    return findBrowser()
  } catch (error) {
    const packed = await packedBrowser()
    if (packed === undefined) throw error
    process.env['AMPARO_BROWSER'] = packed
    return findBrowser()
  }
}

function candidates(): string[] {
  const named = process.env['AMPARO_BROWSER']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...(named === undefined ? [] : [named]), ...onPath, chromium.executablePath()].filter((path) =>
    existsSync(path),
  )
}

function starts(path: string): boolean {
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0
}

function installPackage(): void {
  try {
    process.stderr.write('Installing Chromium from the system’s packages …\n')
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const options = { env: environment, stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] }
    execFileSync('apt-get', ['update', '-qq'], options)
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options)
  } catch {
    // Not Debian, or no network: the next way may do.
  }
}

async function packedBrowser(): Promise<string | undefined> {
  const name = '@sparticuz/chromium'
  try {
    const { default: packed } = (await import(name)) as { readonly default: { executablePath(): Promise<string> } }
    return await packed.executablePath()
  } catch {
    return undefined
  }
}
