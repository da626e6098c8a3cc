import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** The user that PostgreSQL runs under when the application runs as root, which PostgreSQL refuses. */
export type ServerIdentity = { readonly uid: number; readonly gid: number }

const OWN_USER = 'amparo'
const FALLBACKS = ['postgres', 'nobody']

/**
 * The unprivileged user for the embedded PostgreSQL, or undefined when the application is not root and needs none.
 * Makes a system user `amparo` where the system lets it, else takes one that exists.
 */
export function serverIdentity(): ServerIdentity | undefined {
  if (process.getuid?.() !== 0) return undefined
  const found = lookUp(OWN_USER) ?? create(OWN_USER) ?? FALLBACKS.map(lookUp).find((user) => user !== undefined)
  if (found === undefined) throw new Error('no unprivileged user')
  return found
}

/** Whether that user can enter every folder on the way to `path`. */
export function canReach(path: string, { uid, gid }: ServerIdentity): boolean {
  const { mode, uid: owner, gid: group } = statSync(path)
  const enter = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001
  if ((mode & enter) === 0) return false
  const parent = dirname(resolve(path))
  return parent === path || canReach(parent, { uid, gid })
}

function lookUp(name: string): ServerIdentity | undefined {
  try {
    const ask = (flag: string): number => Number(run('id', [flag, name]).trim())
    return { uid: ask('-u'), gid: ask('-g') }
  } catch {
    return undefined
  }
}

function create(name: string): ServerIdentity | undefined {
  try {
    run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name])
  } catch {
    // No useradd on this system, or it may not; lookUp tells whether another process was quicker.
  }
  return lookUp(name)
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}
