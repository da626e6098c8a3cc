import { join } from 'node:path'
import { runProgram } from '@/scripts/run-program'

export type Check = { readonly name: string; readonly run: () => Promise<void> }

const LAYERED = ['app', 'components', 'lib', 'cli', 'scripts']

/** What the checks read that isn't there in a clean checkout: Next.js writes the types of our addresses, which pages refer to. */
export async function writeRouteTypes(): Promise<void> {
  await tool('next typegen', join('next', 'dist', 'bin', 'next'), ['typegen'])
}

/** What is looked at without running the application, after `writeRouteTypes`. Each throws what it found. */
export const STATIC_CHECKS: readonly Check[] = [
  // The longest comes first, so that the others run beside it. In two threads it would work out all types twice.
  { name: 'lint', run: () => tool('eslint', join('eslint', 'bin', 'eslint.js'), ['.', '--max-warnings', '0']) },
  { name: 'types', run: () => tool('tsc', join('typescript', 'bin', 'tsc'), ['--noEmit']) },
  { name: 'format', run: () => tool('prettier', join('prettier', 'bin', 'prettier.cjs'), ['--check', '.']) },
  {
    name: 'layers',
    run: () => tool('dependency-cruiser', join('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), LAYERED),
  },
  { name: 'unused code', run: () => tool('knip', join('knip', 'bin', 'knip.js'), ['--no-progress']) },
]

async function tool(name: string, program: string, args: readonly string[]): Promise<void> {
  await runProgram(name, [join('node_modules', program), ...args], { NEXT_TELEMETRY_DISABLED: '1' })
}

export type Outcome = { readonly passed: number; readonly failed: number }

/** Runs checks two at a time and tells of each as it ends. */
export async function runChecks(checks: readonly Check[]): Promise<Outcome> {
  const left = [...checks]
  const outcome = { passed: 0, failed: 0 }
  const work = async (): Promise<void> => {
    for (let check = left.shift(); check !== undefined; check = left.shift()) {
      const since = Date.now()
      const failure = await check.run().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error : new Error(`${check.name} fails`, { cause: error })),
      )
      outcome[failure === undefined ? 'passed' : 'failed'] += 1
      const seconds = String(Math.round((Date.now() - since) / 1000))
      process.stdout.write(`${failure === undefined ? 'passed' : 'FAILED'}  ${check.name} (${seconds} s)\n`)
      if (failure !== undefined) process.stdout.write(`${failure.message}\n`)
    }
  }
  await Promise.all([work(), work()])
  return outcome
}
