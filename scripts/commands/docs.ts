import { generateClient } from '@/scripts/generate'

/** Writes the pages of docs/ that are made from the code. */
export async function run(): Promise<number> {
  await generateClient(() => undefined)
  // Reads the application's own parts, which need the client that was just made.
  const { writeDocs } = await import('@/scripts/docs/write-docs')
  const changed = await writeDocs(process.cwd())
  process.stderr.write(changed.length === 0 ? 'Nothing has changed.\n' : `Written: ${changed.join(', ')}\n`)
  return 0
}
