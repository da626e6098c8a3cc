import type { Actor, Role } from './actor'

/**
 * What each role may do at all. Whether it may do it to this record is for the part's `policy.ts`, and for the
 * database's policies, which hold even where this table errs. docs/access-matrix.md is made from it.
 *
 * Identification status, cooperation and residency status are inputs of no permission (invariant 7).
 */
export const PERMISSIONS = {
  'person:read': ['caseworker', 'supervisor'],
  'person:register': ['caseworker', 'supervisor'],
  'person:change': ['caseworker', 'supervisor'],
  'person:search': ['caseworker', 'supervisor'],
  'identity:read': ['caseworker', 'supervisor'],
  'case:read': ['caseworker', 'supervisor'],
  'case:open': ['caseworker', 'supervisor'],
  'case:change': ['caseworker', 'supervisor'],
  'case:restrict': ['caseworker', 'supervisor'],
  'team:change': ['caseworker', 'supervisor'],
  'need:read': ['caseworker', 'supervisor'],
  'need:write': ['caseworker', 'supervisor'],
  'service:read': ['caseworker', 'supervisor'],
  'service:log': ['caseworker', 'supervisor'],
  'service:amend': ['caseworker', 'supervisor'],
  'service:void': ['caseworker', 'supervisor'],
  'contact:read': ['caseworker', 'supervisor'],
  'contact:log': ['caseworker', 'supervisor'],
  'turned-away:record': ['caseworker', 'supervisor'],
  'turned-away:read-agency': ['supervisor'],
  'consent:read': ['caseworker', 'supervisor'],
  'consent:record': ['caseworker', 'supervisor'],
  'statement:make': ['caseworker', 'supervisor'],
  'exception:make': ['caseworker', 'supervisor'],
  'exception:review': ['coordinator', 'auditor'],
  'basis:set': ['agency_admin'],
  'task:work': ['caseworker', 'supervisor'],
  'emergency:open': ['caseworker', 'supervisor'],
  'emergency:read': ['caseworker', 'supervisor', 'agency_admin', 'system_admin'],
  'emergency:review': ['supervisor', 'system_admin'],
  'import:run': ['caseworker', 'supervisor'],
  'mandate:read': ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin', 'system_admin'],
  'mandate:figures': ['caseworker', 'supervisor'],
  'report:read': ['caseworker', 'supervisor'],
  'agency:read': ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin', 'system_admin'],
  'agreement:read': ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin'],
  'agreement:sign': ['agency_admin'],
  'referral:read': ['caseworker', 'supervisor', 'coordinator'],
  'referral:send': ['caseworker', 'supervisor'],
  'referral:answer': ['caseworker', 'supervisor'],
  'desk:work': ['coordinator'],
  'directory:read': ['caseworker', 'supervisor', 'coordinator', 'agency_admin'],
  'directory:keep': ['supervisor', 'agency_admin'],
  'room:update': ['caseworker', 'supervisor', 'agency_admin'],
  'team:lead': ['supervisor'],
  'cover:set': ['supervisor', 'agency_admin'],
  'absence:set': ['caseworker', 'supervisor'],
  'member:administer': ['agency_admin', 'system_admin'],
  'agency:export': ['agency_admin'],
  'unit:administer': ['agency_admin'],
  'agency:administer': ['system_admin'],
  'agency:administer-own': ['agency_admin'],
  'backup:run': ['system_admin'],
  'network:administer': ['system_admin'],
  'job:administer': ['system_admin'],
  'access:review': ['agency_admin', 'system_admin'],
  'installation:watch': ['system_admin'],
  'key:administer': ['system_admin'],
  'log:read-accounts': ['agency_admin', 'system_admin'],
  'log:read': ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin', 'system_admin'],
  'log:prove': ['caseworker', 'supervisor', 'auditor', 'agency_admin', 'system_admin'],
  'log:read-network': ['auditor'],
  'log:read-agency': ['supervisor'],
  'seal:read': ['supervisor', 'auditor', 'agency_admin', 'system_admin'],
  'seal:acknowledge': ['system_admin'],
  'disparity:run': ['auditor'],
  'log:read-cases': ['caseworker', 'supervisor'],
  'log:read-referrals': ['coordinator'],
  'oversight-rule:read': ['auditor'],
  'finding:make': ['auditor'],
  'finding:answer': ['supervisor', 'agency_admin'],
  'finding:read': ['supervisor', 'auditor', 'agency_admin'],
  'complaint-slip:print': ['caseworker', 'supervisor'],
  'complaint:make': ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin', 'system_admin'],
  'complaint:answer': ['auditor'],
  'sample:read': ['auditor'],
  'audit-report:make': ['auditor'],
  'token:own': ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin', 'system_admin'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof PERMISSIONS

/** Whether one of the actor's roles holds the permission. */
export function holds(actor: Pick<Actor, 'roles'>, permission: Permission): boolean {
  const allowed: readonly Role[] = PERMISSIONS[permission]
  return actor.roles.some((role) => allowed.includes(role))
}

/** The roles that exclude case roles: whoever oversees or coordinates doesn't also write cases. */
export const EXCLUSIVE_ROLES: readonly Role[] = ['coordinator', 'auditor']

/** Whether one member may hold these roles together. */
export function mayHoldTogether(roles: readonly Role[]): boolean {
  if (new Set(roles).size !== roles.length || roles.length === 0) return false
  return roles.length === 1 || !roles.some((role) => EXCLUSIVE_ROLES.includes(role) || role === 'system_admin')
}
