import { z } from 'zod'

import type { WhoLookedView } from '@/lib/audit/who-looked/schema'

import { identityInput } from './identity-schema'
import { profileInput, type ProfileView } from './profile-schema'
import { safeContactInput, type SafeContactView } from './safe-contact-schema'

/** Text that should be a person's code. One that is none and one that names nobody get the same answer. */
export const personCode = z.string().trim().max(64)

/** What is known when someone is registered: anything or nothing. Who holds the record comes from the sign-in alone. */
export const registerPersonInput = z.strictObject({
  identity: identityInput.optional(),
  profile: profileInput.optional(),
  safeContact: safeContactInput.optional(),
})
export type RegisterPersonInput = z.output<typeof registerPersonInput>

/** What is changed. Each part of the identity and each answer that is given replaces what was; safe contact is replaced as a whole. */
export const changePersonInput = z.strictObject({
  person: personCode,
  version: z.coerce.number().int().positive(),
  ...registerPersonInput.shape,
})
export type ChangePersonInput = z.output<typeof changePersonInput>

export const searchPersonInput = z.strictObject({
  query: z.string({ error: 'persons.errors.query' }).trim().min(1, { error: 'persons.errors.query' }).max(200),
})
export type SearchPersonInput = z.output<typeof searchPersonInput>

/** A person whom a search proposes: never more than this for whoever isn't on the team. */
export type PersonHitView = {
  readonly code: string
  readonly strength: 'strong' | 'likely' | 'possible'
  /** First year of the band of five in which the person was born, where known. */
  readonly birthBand: number | null
  /** Who to ask: a member of the case's team, or whoever registered the person. */
  readonly responsible: string
  readonly team: boolean
}

/** Somebody whom another agency holds, as far as a search tells: which referral, and how well it fits. */
export type SharedHitView = {
  readonly referral: string
  readonly strength: PersonHitView['strength']
  readonly fromAgency: string
}

export type PersonSearchView = {
  readonly hits: readonly PersonHitView[]
  /** Whom other agencies named to the actor with a referral that they answer for: the referral is where they are found. */
  readonly shared: readonly SharedHitView[]
  /** More fit than are shown: a year of birth or a phone number would part them. */
  readonly more: boolean
}

/** The skeleton of one of the person's cases. */
export type PersonCaseView = {
  readonly code: string
  readonly number: number
  readonly status: string
  readonly stage: string
  readonly risk: string | null
  readonly restricted: boolean
  readonly openedOn: string
}

/** A person as screens and the API see them. Whoever is off the team gets the skeleton: no profile, no safe contact. */
export type PersonView = {
  readonly code: string
  readonly version: number
  readonly agency: string
  readonly agencyName: string
  readonly team: boolean
  /** An instant, as ISO 8601. */
  readonly registeredAt: string
  readonly registeredBy: string
  readonly birthBand: number | null
  readonly erasedAt: string | null
  readonly cases: readonly PersonCaseView[]
  readonly profile: ProfileView | null
  readonly safeContact: SafeContactView | null
  /** Whether this member may look at the identity with one press, and who looked last. */
  readonly identity: { readonly access: 'press' | 'held' | 'erased'; readonly last: LookView | null }
}

/** What a case's page shows of its person, without another look being written. */
export type PersonFacts = {
  readonly code: string
  readonly birthBand: number | null
  readonly profile: ProfileView
  readonly safeContact: SafeContactView
}

/** One look or change, for "who looked". */
export type LookView = {
  readonly at: string
  readonly type: string
  /** The member, of another agency its name; empty for the installation itself. */
  readonly who: string
  readonly agency: string | null
  readonly subject: string | null
  readonly fields: readonly string[]
}

export const listLooksInput = z.strictObject({ person: personCode, before: z.string().max(30).optional() })
export type ListLooksInput = z.output<typeof listLooksInput>
export type LookListView = { readonly items: readonly LookView[]; readonly next: string | null }

export const printLooksInput = z.strictObject({ person: personCode })
export type PrintLooksInput = z.output<typeof printLooksInput>

/** Who looked, as it is printed for the person: their code and no name. */
export type PrintedLooksView = {
  readonly code: string
  readonly agency: string
  /** Who prints it. */
  readonly by: string
  readonly on: string
  readonly looked: WhoLookedView
}
