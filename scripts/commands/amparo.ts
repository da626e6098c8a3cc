import { amparo } from '@/cli/amparo'

/** `npm run -s amparo -- <command>`. */
export async function run(args: readonly string[]): Promise<number> {
  return amparo(args)
}
