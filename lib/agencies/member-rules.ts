import type { MemberRole } from './member-schema'

/**
 * The roles that a body of this kind may have: cases and system administration never meet, auditors sit in oversight,
 * coordinators with a public body. The database holds to the same (app.roles_fit).
 */
export function rolesOfKind(kind: string): readonly MemberRole[] {
  switch (kind) {
    case 'operator':
      return ['system_admin']
    case 'oversight':
      return ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin']
    case 'government':
    case 'intergovernmental':
      return ['caseworker', 'supervisor', 'coordinator', 'agency_admin']
    default:
      return ['caseworker', 'supervisor', 'agency_admin']
  }
}
