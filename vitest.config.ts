import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

// `server-only` modules load under this condition alone, as they do in server components.
const shared = {
  resolve: { alias: { '@': root }, conditions: ['react-server', 'node'] },
  ssr: { resolve: { conditions: ['react-server', 'node'] } },
}

// Soaks, all mutants, many samples: `npm run test:full` has them, a bounded part of each stands in the usual run.
const long = process.env['AMPARO_FULL'] === '1' ? [] : ['**/*.full.test.ts']

const onDatabase = (name: string) => ({
  ...shared,
  test: {
    name,
    // Reading the application's modules anew for each file would take as long as its tests.
    isolate: false,
    setupFiles: ['tests/support/seeded.ts'],
    include: [`tests/${name}/**/*.test.ts`],
    exclude: ['**/node_modules/**', ...long],
    globalSetup: ['tests/support/global-database.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})

export default defineConfig({
  test: {
    // One more than there are cores in a small machine: while a test waits for PostgreSQL another one works.
    maxWorkers: 3,
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          isolate: false,
          setupFiles: ['tests/support/seeded.ts'],
          include: ['{lib,components,app,cli,scripts,prisma}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '.next*/**', 'generated/**'],
          // They share two cores with the projects that start databases: a slow start must not count as a failure.
          testTimeout: 30_000,
        },
      },
      onDatabase('integration'),
      onDatabase('access'),
      onDatabase('architecture'),
      {
        ...shared,
        test: {
          name: 'boot',
          include: ['tests/boot/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...long],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
