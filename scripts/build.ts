import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { withProcessLock } from '@/lib/platform/process-lock'
import { runProgram } from '@/scripts/run-program'

const SOURCES = ['app', 'components', 'lib', 'public', 'prisma/schema']
const FILES = ['next.config.js', 'package-lock.json', 'package.json', 'postcss.config.mjs', 'tsconfig.json', 'proxy.ts']
const MORE_FILES = ['instrumentation.ts', 'instrumentation-client.ts']
const COMPRESSIBLE = /\.(js|css|json|svg|txt|map|ico|ttf|html)$/

/** Whether the built application in `folder` is that of the present sources. */
export async function isBuilt(folder: string): Promise<boolean> {
  return (await readFile(join(folder, 'amparo-stamp'), 'utf8').catch(() => '')) === (await sourceStamp())
}

/** Builds the application into `folder` unless that has been done for these sources. Two builds never run at once. */
export async function buildApplication(folder: string, onStart: () => void): Promise<void> {
  if (await isBuilt(folder)) return
  await withProcessLock(`${folder}.lock`, async () => {
    if (await isBuilt(folder)) return
    onStart()
    const stamp = await sourceStamp()
    // Next.js writes its folder into the tsconfig it is given: the project's own is only for the usual folder.
    if (folder !== '.next') await writeFile(`${folder}.tsconfig.json`, '{ "extends": "./tsconfig.json" }\n')
    await runProgram('next build', [join('node_modules', 'next', 'dist', 'bin', 'next'), 'build'], {
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      AMPARO_DIST_DIR: folder,
    })
    await compressStatic(join(folder, 'static'))
    await writeFile(join(folder, 'amparo-stamp'), stamp)
  })
}

/** A digest of everything that goes into a build, by content. Tests don't. */
async function sourceStamp(): Promise<string> {
  const listed = await Promise.all(SOURCES.map(listFiles))
  const files = [...listed.flat().filter((file) => !/\.test\.tsx?$/.test(file)), ...FILES, ...MORE_FILES].sort()
  const contents = await Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0))))
  const hash = createHash('sha256').update(process.version)
  for (const [index, content] of contents.entries())
    hash
      .update(`${files[index] ?? ''}\0`)
      .update(content)
      .update('\0')
  return hash.digest('hex')
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** The browser gets each file at brotli's best, made once here rather than at each request. */
async function compressStatic(folder: string): Promise<void> {
  const compress = promisify(brotliCompress)
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  for (const file of (await listFiles(folder)).filter((name) => COMPRESSIBLE.test(name)))
    await writeFile(`${file}.br`, await compress(await readFile(file), { params }))
}
