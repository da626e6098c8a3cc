import { runChecks, STATIC_CHECKS, writeRouteTypes } from '@/scripts/checks'
import { generateClient } from '@/scripts/generate'

/** Format, lint, types, layers, unused code. */
export async function run(): Promise<number> {
  await generateClient(() => undefined)
  await writeRouteTypes()
  const { failed } = await runChecks(STATIC_CHECKS)
  return failed === 0 ? 0 : 1
}
