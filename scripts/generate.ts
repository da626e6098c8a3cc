import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSchema } from '@/lib/platform/db/migrate/files'
import { runProgram } from '@/scripts/run-program'

const STAMP = join('generated', 'prisma', 'stamp')

/** Makes Prisma's client from the schema, when the schema or Prisma changed since. */
export async function generateClient(onStart: () => void): Promise<void> {
  const stamp = await stampOf()
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === stamp) return
  onStart()
  await runProgram('prisma generate', [join('node_modules', 'prisma', 'build', 'index.js'), 'generate'], {
    // Prisma looks for an engine that generating does not use, and would download it; any program will do.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  })
  await writeFile(STAMP, stamp)
}

async function stampOf(): Promise<string> {
  const hash = createHash('sha256').update(await readFile('node_modules/prisma/package.json', 'utf8'))
  for (const { path, content } of await readSchema()) hash.update(`${path}\0${content}\0`)
  return hash.digest('hex')
}
