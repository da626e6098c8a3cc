import { defineConfig } from '@playwright/test'
import { launchOptions } from './tests/support/browser'

const baseURL = process.env['AMPARO_TEST_ORIGIN'] ?? 'http://localhost:3000'

// `npm run test:full` has the long ones: files by their name, single tests by their tag.
const isFull = process.env['AMPARO_FULL'] === '1'
const long = isFull ? [] : ['**/*.full.spec.ts']
const movesClock = '**/*.clock.spec.ts'
// It speaks another language as members whom other tests share, so it has them for itself.
const visitsAll = '**/pages.full.spec.ts'

/** Run by `npm test`, which serves a production build with demonstration data and names its address. */
export default defineConfig({
  testDir: 'tests/e2e',
  // The moved clock is the whole installation's: what moves it comes last, one after the other.
  projects: [
    { name: 'pages', testIgnore: [movesClock, visitsAll, ...long] },
    { name: 'sweep', testMatch: visitsAll, testIgnore: long, dependencies: ['pages'] },
    {
      name: 'clock',
      testMatch: movesClock,
      testIgnore: long,
      dependencies: ['pages', 'sweep'],
      workers: 1,
      fullyParallel: false,
    },
  ],
  outputDir: 'test-results',
  ...(isFull ? {} : { grepInvert: /@full/ }),
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    baseURL,
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'UTC',
    // Recording what might fail takes a fifth of the time of everything that doesn't.
    trace: process.env['AMPARO_TRACE'] === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: launchOptions(),
  },
})
