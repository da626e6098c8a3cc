import { runChecks, STATIC_CHECKS, writeRouteTypes } from '@/scripts/checks'
import { generateClient } from '@/scripts/generate'
import { buildForTests, runBrowserTests, runVitest } from '@/scripts/test-runs'
import type { Outcome } from '@/scripts/checks'

const PARTS = ['static', 'vitest', 'e2e'] as const
type Part = (typeof PARTS)[number]

/**
 * Everything that CI runs, with its sum in the last line: `N passed, N failed`. `--full` adds the long tests;
 * `--only static|vitest|e2e` runs a part of it, with whatever follows `--` handed to vitest or Playwright.
 */
export async function run(args: readonly string[]): Promise<number> {
  const parts = chosenParts(args)
  const rest = args.includes('--') ? args.slice(args.indexOf('--') + 1) : []
  if (args.includes('--full')) process.env['AMPARO_FULL'] = '1'
  await generateClient(() => undefined)

  const outcomes: Outcome[] = []
  const build = { name: 'build', run: buildForTests }
  if (parts.has('static')) await writeRouteTypes()
  outcomes.push(await runChecks([build, ...(parts.has('static') ? STATIC_CHECKS : [])]))
  if (parts.has('vitest')) outcomes.push(await runVitest(rest))
  if (parts.has('e2e')) outcomes.push(await runBrowserTests(rest))

  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0)
  process.stdout.write(`${String(passed)} passed, ${String(failed)} failed\n`)
  return failed === 0 ? 0 : 1
}

function chosenParts(args: readonly string[]): ReadonlySet<Part> {
  const only = args[args.indexOf('--only') + 1]
  return new Set(args.includes('--only') ? PARTS.filter((part) => part === only) : PARTS)
}
