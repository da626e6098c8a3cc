import { generateClient } from '@/scripts/generate'
import { runBench } from '@/tests/bench/run'

/** Measures the built application at a size, beside the same work as bare SQL; see tests/bench. */
export async function run(args: readonly string[]): Promise<number> {
  await generateClient(() => undefined)
  await runBench(args)
  return 0
}
