import { z } from 'zod'

import type { WhoLookedView } from '@/lib/audit/who-looked/schema'
import type { CaseStage, CaseStatus, ThreeWay } from '@/lib/cases/schema'
import type { ConsentView } from '@/lib/consent/schema'
import type { DisclosureView } from '@/lib/consent/sharing/schema'
import type { CategoryKey } from '@/lib/mandate/categories'
import type { IdentityView } from '@/lib/people/identity-schema'
import type { ProfileView } from '@/lib/people/profile-schema'
import type { SafeContactView } from '@/lib/people/safe-contact-schema'
import type { OwnFileOfStatement } from '@/lib/referrals/own-file/schema'

/** The languages that a statement comes in, whatever the member's own is. */
export const STATEMENT_LANGUAGES = ['en', 'zh-Hans'] as const

const personCode = z.string().trim().max(64)

export const statementInput = z.strictObject({ person: personCode })
export type StatementInput = z.infer<typeof statementInput>

export const makeStatementInput = z.strictObject({
  person: personCode,
  language: z.enum(STATEMENT_LANGUAGES, { error: 'statement.errors.language' }),
})
export type MakeStatementInput = z.infer<typeof makeStatementInput>

export const printStatementInput = z.strictObject({ person: personCode, line: z.string().max(64) })
export type PrintStatementInput = z.infer<typeof printStatementInput>

/** Help of one kind on a case: how often, from when to when. */
export type HelpLine = {
  readonly category: CategoryKey
  readonly type: string
  readonly times: number
  readonly from: string
  readonly to: string
}

export type NeedOfStatement = { readonly category: CategoryKey; readonly type: string | null; readonly state: string }

/** What is held of one case. Of what was written in words, only how much there is. */
export type CaseOfStatement = {
  readonly code: string
  readonly number: number
  readonly openedOn: string
  readonly closedOn: string | null
  readonly status: CaseStatus
  readonly stage: CaseStage
  readonly wantsSupport: ThreeWay
  readonly dataUse: ThreeWay
  readonly takesPart: ThreeWay
  readonly needs: readonly NeedOfStatement[]
  readonly help: readonly HelpLine[]
  readonly notes: number
  readonly contacts: number
}

/** Everything that is told to a person about what an agency holds of them. */
export type StatementView = {
  readonly code: string
  readonly agency: string
  readonly by: string
  readonly on: string
  /** The line of the ledger that says it was printed. */
  readonly line: string
  readonly identity: IdentityView
  readonly profile: ProfileView
  readonly safeContact: SafeContactView | null
  readonly cases: readonly CaseOfStatement[]
  readonly consents: readonly ConsentView[]
  readonly looked: WhoLookedView
  readonly received: readonly DisclosureView[]
  readonly ownFiles: readonly OwnFileOfStatement[]
  /** Whether there is more that left than is listed. */
  readonly isCut: boolean
}
