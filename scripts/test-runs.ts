import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApplication, isBuilt } from '@/scripts/build'
import { startApplication, unusedPort } from '@/tests/support/application'
import { ensureBrowser } from '@/tests/support/browser'
import type { Outcome } from '@/scripts/checks'

const RESULTS = 'test-results'

/** Builds what the tests serve: the usual build when it is that of these sources, else one of their own. */
export async function buildForTests(): Promise<void> {
  const folder = (await isBuilt('.next')) ? '.next' : '.next-test'
  process.env['AMPARO_DIST_DIR'] = folder
  await buildApplication(folder, () => undefined)
}

type VitestReport = { readonly numPassedTests: number; readonly testResults: readonly VitestFile[] }
type VitestFile = { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }

/** Unit, integration, access, architecture and start tests. A file that can't be loaded counts as one failure. */
export async function runVitest(args: readonly string[]): Promise<Outcome> {
  const file = join(RESULTS, 'vitest.json')
  await rm(file, { force: true })
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
  const code = await runVisibly(join('vitest', 'vitest.mjs'), ['run', ...reporters, ...args])
  const report = await readReport<VitestReport>(file)
  if (report === undefined) return { passed: 0, failed: 1 }
  const failures = report.testResults.map(({ status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed').length
    return failed === 0 && status === 'failed' ? 1 : failed
  })
  return settle(code, { passed: report.numPassedTests, failed: failures.reduce((sum, count) => sum + count, 0) })
}

type PlaywrightReport = {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number }
}

/** Browser tests, against the built application with demonstration data in a data directory of its own. */
export async function runBrowserTests(args: readonly string[]): Promise<Outcome> {
  const { executablePath } = await ensureBrowser()
  const dataDirectory = await mkdtemp(join(tmpdir(), 'amparo-e2e-'))
  const password = randomBytes(12).toString('base64url')
  const environment = { AMPARO_DEMO: '1', AMPARO_DEMO_PASSWORD: password }
  process.stdout.write('Starting the application for the browser tests …\n')
  const application = await startApplication({ dataDirectory, port: await unusedPort(), environment })
  const file = join(RESULTS, 'e2e.json')
  try {
    await rm(file, { force: true })
    const code = await runVisibly(join('@playwright', 'test', 'cli.js'), ['test', ...args], {
      AMPARO_TEST_ORIGIN: application.origin,
      AMPARO_TEST_DATA_DIR: dataDirectory,
      AMPARO_DEMO_PASSWORD: password,
      AMPARO_BROWSER: executablePath,
    })
    const report = await readReport<PlaywrightReport>(file)
    if (report === undefined) return { passed: 0, failed: 1 }
    return settle(code, { passed: report.stats.expected, failed: report.stats.unexpected + report.stats.flaky })
  } finally {
    await application.end('SIGTERM')
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

/** A run that fails without a failing test, or finds no test at all, is a failure of its own. */
function settle(code: number, { passed, failed }: Outcome): Outcome {
  return failed === 0 && (code !== 0 || passed === 0) ? { passed, failed: 1 } : { passed, failed }
}

async function readReport<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as T)
}

async function runVisibly(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  // Without the condition that this process runs under: these tools bring their own loaders.
  const child = spawn(process.execPath, [join('node_modules', program), ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve(code ?? 1)
    })
  })
}
