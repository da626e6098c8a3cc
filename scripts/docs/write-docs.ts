import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { accessMatrix } from './access-matrix'
import { cryptoInventory } from './crypto-inventory'
import { mandateMap } from './mandate-map'

/** The pages of docs/ that are made from the code. */
export const MADE_DOCS: Readonly<Record<string, () => string>> = {
  'docs/access-matrix.md': accessMatrix,
  'docs/crypto-inventory.md': () => cryptoInventory(process.cwd()),
  'docs/mandate-map.md': mandateMap,
}

/** Writes them, and returns the names of those that changed. */
export async function writeDocs(root: string): Promise<readonly string[]> {
  const changed = Object.entries(MADE_DOCS)
    .map(([name, make]) => ({ name, text: make() }))
    .filter(({ name, text }) => textOf(join(root, name)) !== text)
  for (const { name, text } of changed) await writeFile(join(root, name), text)
  return changed.map(({ name }) => name)
}

/** The text of a file; empty when it isn't there. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
