import { writeDocs } from '@/scripts/docs/write-docs'

/** Writes the pages of docs/ that are made from the code. */
export async function run(): Promise<number> {
  const changed = await writeDocs(process.cwd())
  process.stderr.write(changed.length === 0 ? 'Nothing has changed.\n' : `Written: ${changed.join(', ')}\n`)
  return 0
}
