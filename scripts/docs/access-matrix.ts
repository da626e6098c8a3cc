import type { Role } from '@/lib/access/actor'
import { PERMISSIONS, type Permission } from '@/lib/access/permissions'
import { CATALOGUE } from '@/lib/api/catalogue'

import { SURFACE, type Who } from './surface'

const ROLES: readonly Role[] = ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin', 'system_admin']
const HEADS = ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency admin', 'system admin']

/** docs/access-matrix.md: permission × role, then page, action and endpoint × role. */
export function accessMatrix(): string {
  const shown = Object.entries(SURFACE).filter(([, who]) => who !== 'development')
  const rows = (kind: string): string[] =>
    shown
      .filter(([entry]) => entry.startsWith(`${kind} `))
      .map(([entry, who]) => row(`\`${entry.slice(kind.length + 1)}\``, whoText(who), who))
      .sort()
  const endpoints = CATALOGUE.map(({ method, path, permission }) => {
    const who: Who = permission ?? 'signed in'
    return row(`\`${method} ${path}\``, whoText(who), who)
  })
  return `# Who may do what

Made by \`node scripts/run.mjs docs\` from \`lib/access/permissions.ts\`, the API's catalogue and \`scripts/docs/surface.ts\`; a test fails when it is out of date, or when a page, action or endpoint is missing. It says who may come in at all. Which records they then see is decided by each part's \`policy.ts\` and, independently, by the policies of the database; what may not be seen is answered as what is not there.

## Permissions

${table(
  ['permission'],
  Object.keys(PERMISSIONS).map((permission) => row(`\`${permission}\``, null, permission as Permission)),
)}

## Pages

${table(['address', 'for'], rows('page'))}

## Server actions

${table(['action', 'for'], rows('action'))}

## Route handlers

${table(['address', 'for'], rows('route'))}

## API, below /api/v1

${table(['endpoint', 'for'], endpoints)}
`
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const all = [...heads, ...HEADS]
  return [
    `| ${all.join(' | ')} |`,
    `|${all.map((_, at) => (at < heads.length ? '---' : ':-:')).join('|')}|`,
    ...rows,
  ].join('\n')
}

function row(first: string, second: string | null, who: Who): string {
  const cells = ROLES.map((role) => (mayEnter(role, who) ? '●' : ''))
  return `| ${[first, ...(second === null ? [] : [second]), ...cells].join(' | ')} |`
}

/** Whether a member of this role may come in at all. */
export function mayEnter(role: Role, who: Who): boolean {
  if (who === 'anyone' || who === 'signed in') return true
  if (who === 'development') return false
  const allowed: readonly Role[] = PERMISSIONS[who]
  return allowed.includes(role)
}

function whoText(who: Who): string {
  return who === 'anyone' || who === 'signed in' ? who : `\`${who}\``
}
