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
  'page /': 'signed in',
  'page /admin/account-log': 'log:read-accounts',
  'page /admin/access-review': 'access:review',
  'page /admin/access-review/[reviewCode]': 'access:review',
  'page /admin/access-review/[reviewCode]/[memberCode]': 'access:review',
  'page /admin/agencies': 'agency:administer',
  'page /admin/agencies/[agencyKey]': 'agency:administer',
  'page /admin/agencies/[agencyKey]/sign-in': 'agency:administer',
  'page /admin/agencies/[agencyKey]/sign-in/remove': 'agency:administer',
  'page /admin/agencies/new': 'agency:administer',
  'page /admin/backups': 'backup:run',
  'page /admin/export': 'agency:export',
  'page /admin/jobs': 'job:administer',
  'page /admin/keys': 'key:administer',
  'page /admin/members': 'member:administer',
  'page /admin/members/[memberCode]': 'member:administer',
  'page /admin/members/[memberCode]/remove': 'member:administer',
  'page /admin/members/invite': 'member:administer',
  'page /admin/networks': 'network:administer',
  'page /admin/networks/[networkKey]': 'network:administer',
  'page /admin/networks/[networkKey]/change': 'network:administer',
  'page /admin/seal': 'seal:read',
  'page /admin/status': 'installation:watch',
  'page /admin/units': 'unit:administer',
  'page /admin/units/[unitCode]': 'unit:administer',
  'page /admin/units/[unitCode]/close': 'unit:administer',
  'page /admin/units/new': 'unit:administer',
  'page /cases': 'case:read',
  'page /cases/[code]': 'case:read',
  'page /cases/[code]/access': 'case:read',
  'page /cases/[code]/answers': 'case:change',
  'page /cases/[code]/closure': 'case:change',
  'page /cases/[code]/contacts': 'contact:read',
  'page /cases/[code]/contacts/[contact]': 'contact:read',
  'page /cases/[code]/contacts/[contact]/void': 'contact:log',
  'page /cases/[code]/contacts/new': 'contact:log',
  'page /cases/[code]/edit': 'case:change',
  'page /cases/[code]/experience': 'case:change',
  'page /cases/[code]/identification': 'case:change',
  'page /cases/[code]/needs': 'need:read',
  'page /cases/[code]/needs/[need]': 'need:read',
  'page /cases/[code]/needs/new': 'need:write',
  'page /cases/[code]/reopening': 'case:change',
  'page /cases/[code]/restriction': 'case:restrict',
  'page /cases/[code]/services': 'service:read',
  'page /cases/[code]/services/[service]': 'service:read',
  'page /cases/[code]/services/[service]/amend': 'service:amend',
  'page /cases/[code]/services/[service]/void': 'service:void',
  'page /cases/[code]/services/new': 'service:log',
  'page /cases/[code]/tasks/new': 'task:work',
  'page /cases/[code]/team': 'case:read',
  'page /cases/[code]/team/[member]': 'team:change',
  'page /cases/[code]/timeline': 'log:read-cases',
  'page /cases/[code]/unit': 'case:change',
  'page /cases/new': 'case:open',
  'page /confirm': 'signed in',
  'page /emergency-access': 'emergency:open',
  'page /emergency-access/[access]': 'emergency:read',
  'page /emergency-access/new': 'emergency:open',
  'page /inbox': 'signed in',
  'page /invite': 'anyone',
  'page /leave/confirm': 'anyone',
  'page /log': 'log:read-cases',
  'page /mandate': 'mandate:read',
  'page /mandate/[...paragraph]': 'mandate:read',
  'page /mfa': 'anyone',
  'page /mfa/app': 'anyone',
  'page /mfa/passkey': 'anyone',
  'page /more': 'signed in',
  'page /needs': 'need:read',
  'page /persons/[personCode]': 'person:read',
  'page /persons/[personCode]/edit/identity': 'person:change',
  'page /persons/[personCode]/edit/profile': 'person:change',
  'page /persons/[personCode]/edit/safe-contact': 'person:change',
  'page /persons/[personCode]/looks': 'log:read-cases',
  'page /persons/find': 'person:search',
  'page /persons/find/[handle]': 'person:search',
  'page /persons/new': 'person:register',
  'page /profile': 'signed in',
  'page /profile/absence': 'absence:set',
  'page /profile/agency-sign-in': 'signed in',
  'page /reviews': 'emergency:review',
  'page /profile/notices': 'signed in',
  'page /profile/recovery-codes': 'signed in',
  'page /reset': 'anyone',
  'page /reset/set': 'anyone',
  'page /search/[code]': 'person:search',
  'page /services': 'service:read',
  'page /services/new': 'service:log',
  'page /services/several': 'service:log',
  'page /setup': 'anyone',
  'page /sign-in': 'anyone',
  'page /sign-in/agency': 'anyone',
  'page /sign-in/agency/continue': 'anyone',
  'page /sign-in/agency/refused': 'anyone',
  'page /tasks': 'task:work',
  'page /tasks/[code]': 'task:work',
  'page /team': 'team:lead',
  'page /team/absence/[absence]': 'absence:set',
  'page /team/absence/new': 'team:lead',
  'page /team/cover/[cover]': 'cover:set',
  'page /team/cover/new': 'cover:set',
  'page /team/hand-over': 'team:lead',

  'action /admin/access-review keepAccessAction': 'access:review',
  'action /admin/agencies createAgencyAction': 'agency:administer',
  'action /admin/agencies inviteAdministratorAction': 'agency:administer',
  'action /admin/agencies/[agencyKey]/sign-in removeProviderAction': 'agency:administer',
  'action /admin/agencies/[agencyKey]/sign-in setProviderAction': 'agency:administer',
  'action /admin/backups requestBackupAction': 'backup:run',
  'action /admin/export prepareExportAction': 'agency:export',
  'action /admin/jobs dropJobAction': 'job:administer',
  'action /admin/jobs retryJobAction': 'job:administer',
  'action /admin/keys startRotationAction': 'key:administer',
  'action /admin/agencies setSecondFactorAction': 'agency:administer',
  'action /admin/members changeMemberAction': 'member:administer',
  'action /admin/members endMemberSessionAction': 'member:administer',
  'action /admin/members inviteMemberAction': 'member:administer',
  'action /admin/members nameReceiverAction': 'member:administer',
  'action /admin/members reinviteMemberAction': 'member:administer',
  'action /admin/networks addHolidayAction': 'network:administer',
  'action /admin/networks changeNetworkAction': 'network:administer',
  'action /admin/networks removeHolidayAction': 'network:administer',
  'action /admin/seal acknowledgeFaultAction': 'seal:acknowledge',
  'action /admin/seal askSealCheckAction': 'seal:read',
  'action /admin/members resetFactorsAction': 'member:administer',
  'action /admin/members sendPasswordResetAction': 'member:administer',
  'action /admin/members removeMemberAction': 'member:administer',
  'action /admin/units addUnitAction': 'unit:administer',
  'action /admin/units closeUnitAction': 'unit:administer',
  'action /admin/units moveMembersAction': 'unit:administer',
  'action /admin/units renameUnitAction': 'unit:administer',
  'action /admin/units takeUnplacedCasesAction': 'unit:administer',
  'action /cases revealNamesAction': 'identity:read',
  'action /cases/[code]/answers saveAnswersAction': 'case:change',
  'action /cases/[code]/closure closeCaseAction': 'case:change',
  'action /cases/[code]/contacts/[contact] readTextAction': 'contact:read',
  'action /cases/[code]/contacts/[contact] voidContactAction': 'contact:log',
  'action /cases/[code]/contacts/new logContactAction': 'contact:log',
  'action /cases/[code]/edit editCaseAction': 'case:change',
  'action /cases/[code]/experience saveExperienceAction': 'case:change',
  'action /cases/[code]/identification saveIdentificationAction': 'case:change',
  'action /cases/[code]/needs/[need] changeNeedAction': 'need:write',
  'action /cases/[code]/needs/new addNeedAction': 'need:write',
  'action /cases/[code]/reopening reopenCaseAction': 'case:change',
  'action /cases/[code]/restriction restrictCaseAction': 'case:restrict',
  'action /cases/[code]/restriction unrestrictCaseAction': 'case:restrict',
  'action /cases/[code]/services/[service] amendServiceAction': 'service:amend',
  'action /cases/[code]/services/[service] readNotesAction': 'service:read',
  'action /cases/[code]/services/[service] voidServiceAction': 'service:void',
  'action /cases/[code]/services/new logServiceAction': 'service:log',
  'action /cases/[code]/tasks/new makeTaskAction': 'task:work',
  'action /cases/[code]/team assignMemberAction': 'team:change',
  'action /cases/[code]/team/[member] unassignMemberAction': 'team:change',
  'action /cases/[code]/unit moveCaseAction': 'case:change',
  'action /cases/new openCaseAction': 'case:open',
  'action /confirm confirmAction': 'signed in',
  'action /emergency-access/[access] endEmergencyAction': 'emergency:open',
  'action /emergency-access/[access] reviewEmergencyAction': 'emergency:review',
  'action /emergency-access/new openEmergencyAction': 'emergency:open',
  'action /inbox openNoticeAction': 'signed in',
  'action /inbox readAllAction': 'signed in',
  'action /confirm confirmByCodeAction': 'signed in',
  'action /confirm confirmByPasskeyAction': 'signed in',
  'action /invite acceptInvitationAction': 'anyone',
  'action /mfa addPasskeyAction': 'anyone',
  'action /mfa beginAppAction': 'anyone',
  'action /mfa confirmAppAction': 'anyone',
  'action /mfa passkeyCreationAction': 'anyone',
  'action /mfa passkeyRequestAction': 'anyone',
  'action /mfa showCodeAction': 'anyone',
  'action /mfa showPasskeyAction': 'anyone',
  'action /persons/[personCode] revealIdentityAction': 'identity:read',
  'action /persons/[personCode]/edit changeIdentityAction': 'person:change',
  'action /persons/[personCode]/edit changeProfileAction': 'person:change',
  'action /persons/[personCode]/edit changeSafeContactAction': 'person:change',
  'action /persons/find findPersonAction': 'person:search',
  'action /persons/new registerPersonAction': 'person:register',
  'action /profile changePasswordAction': 'signed in',
  'action /profile changeSettingsAction': 'signed in',
  'action /profile createTokenAction': 'token:own',
  'action /profile endSessionAction': 'signed in',
  'action /profile endOtherSessionsAction': 'signed in',
  'action /profile endTokenAction': 'token:own',
  'action /profile/notices changePreferencesAction': 'signed in',
  'action /profile makeRecoveryCodesAction': 'signed in',
  'action /profile removeFactorAction': 'signed in',
  'action /reset askResetAction': 'anyone',
  'action /reset completeResetAction': 'anyone',
  'action /profile/absence setOwnAbsenceAction': 'absence:set',
  'action /services/new chooseCaseAction': 'service:log',
  'action /services/several logForSeveralAction': 'service:log',
  'action /sign-in signInAction': 'anyone',
  'action /sign-in/agency chooseProviderAction': 'anyone',
  'action /sign-in/agency confirmAtProviderAction': 'signed in',
  'action /sign-in/agency joinThroughProviderAction': 'anyone',
  'action /sign-in/agency linkProviderAction': 'signed in',
  'action /sign-in/agency unlinkProviderAction': 'signed in',
  'action /tasks/[code] doneTaskAction': 'task:work',
  'action /tasks/[code] snoozeTaskAction': 'task:work',
  'action /team endAbsenceAction': 'absence:set',
  'action /team endCoverAction': 'cover:set',
  'action /team handOverAction': 'team:lead',
  'action /team setAbsenceAction': 'team:lead',
  'action /team setCoverAction': 'cover:set',

  'route /admin/export/file': 'agency:export',
  'route /api/auth/[...nextauth]': 'anyone',
  'route /api/emergency-access/[access]': 'signed in',
  'route /api/health': 'anyone',
  'route /api/inbox': 'signed in',
  'route /api/metrics': 'anyone',
  'route /api/lookup/[lookup]': 'signed in',
  'route /api/recent-cases': 'service:log',
  'route /api/session': 'signed in',
  'route /api/v1/[...path]': 'anyone',
  'route /api/v1/openapi.json': 'anyone',
  'route /invite/open': 'anyone',
  'route /language': 'anyone',
  'route /leave': 'anyone',
  'route /reset/open': 'anyone',
  'route /search': 'person:search',
  'route /sign-in/agency/callback': 'anyone',
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
