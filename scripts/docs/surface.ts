import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Permission } from '@/lib/access/permissions'

/**
 * Who may come in at all: everyone, whoever is signed in, whoever holds a permission, or nobody outside development.
 * What they then see of a record, the policies decide.
 */
export type Who = 'anyone' | 'signed in' | 'development' | Permission

/**
 * Every page, every route handler that is no endpoint of the API, and every server action, with who it is for. The
 * API's endpoints say so themselves (lib/api/endpoints). A test fails while something in app/ is missing here.
 */
export const SURFACE: Readonly<Record<string, Who>> = {
  'page /leave/confirm': 'anyone',
  'page /mandate': 'mandate:read',
  'page /mandate/[...paragraph]': 'mandate:read',
  'page /setup': 'anyone',
  'page /sign-in': 'anyone',

  'action /sign-in signInAction': 'anyone',

  'route /api/auth/[...nextauth]': 'anyone',
  'route /api/health': 'anyone',
  'route /api/lookup/[lookup]': 'signed in',
  'route /api/session': 'signed in',
  'route /api/v1/[...path]': 'anyone',
  'route /api/v1/openapi.json': 'anyone',
  'route /language': 'anyone',
  'route /leave': 'anyone',
  'route /sign-out': 'anyone',

  'page /kit': 'development',
  'page /kit-shell': 'development',
  'page /kit/forms': 'development',
  'page /kit/records': 'development',
}

/** What stands in app/, as the keys of `SURFACE`; routes of the API, which the catalogue knows, apart. */
export function findSurface(root: string): { readonly entries: readonly string[]; readonly api: readonly string[] } {
  const files = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.tsx?$/.test(file))
    .sort()
  const entries: string[] = []
  const api: string[] = []
  for (const file of files) {
    const address = addressOf(file)
    const name = file.slice(file.lastIndexOf('/') + 1)
    if (name === 'page.tsx') entries.push(`page ${address}`)
    else if (name === 'route.ts' && isEndpoint(address)) api.push(address.slice('/api/v1'.length))
    else if (name === 'route.ts') entries.push(`route ${address}`)
    else if (!address.startsWith('/kit'))
      entries.push(...actionsIn(root, file).map((action) => `action ${address} ${action}`))
  }
  return { entries, api }
}

/** `(work)/cases/[caseCode]/page.tsx` is at `/cases/[caseCode]`. */
function addressOf(file: string): string {
  const folders = file.split('/').slice(0, -1)
  return `/${folders.filter((folder) => !/^\(.*\)$/.test(folder)).join('/')}`
}

function isEndpoint(address: string): boolean {
  return address.startsWith('/api/v1/') && !['/api/v1/openapi.json', '/api/v1/[...path]'].includes(address)
}

/** The server actions that a file exports: browsers can call each of them by itself. */
function actionsIn(root: string, file: string): string[] {
  const text = readFileSync(join(root, 'app', file), 'utf8')
  if (!/^['"]use server['"]/m.test(text)) return []
  return [...text.matchAll(/^export (?:const|async function) (\w+)/gm)].map(([, name]) => name ?? '')
}
