import type { RegisterPersonInput } from '@/lib/people/schema'
import { addDays } from '@/lib/platform/zone'

import type { InventedCase } from './history'

/*
 * What oversight is there to find. One group is treated worse, and one only seems to be.
 */

type Of = {
  readonly input: RegisterPersonInput
  readonly agency: string
  /** The person's place among the agency's. */
  readonly index: number
}

type Delay = {
  readonly agency: string
  readonly days: number
  readonly isOf: (of: Of) => boolean
}

const WORKER = 'Labour'

const DELAYS: readonly Delay[] = [
  // Whoever speaks this language waits longer here for anything, shelter above all. Nobody meant it; their interpreter
  // comes every second week. Not the largest of the languages: others are compared with that one. Nobody of them in time
  // is told whatever the day is; a few would be kept back.
  {
    agency: 'harbour',
    days: 16,
    isOf: ({ input: { profile } }) => {
      const languages = profile?.languages
      return languages?.state === 'stated' && languages.values[0] === 'ron'
    },
  },
  // Here everybody waits for a lawyer. Migrant workers do so no more than others; but they come here more than others do,
  // for their wages, so that over all agencies together they wait longest (Simpson's paradox).
  {
    agency: 'legalaid',
    days: 45,
    isOf: ({ input, index }) => index % 20 >= (isWorker(input) ? 7 : 6),
  },
]

/**
 * A person as their agency comes to know them: migrant workers turn to lawyers, some to the shelter, none elsewhere.
 * Lawyers ask everybody.
 */
export function gathered(input: RegisterPersonInput, agency: string, index: number): RegisterPersonInput {
  const { profile } = input
  const stays = agency === 'legalaid' ? index % 3 > 0 : agency === 'harbour' && isWorker(input) && index % 2 === 0
  if (!stays && !isWorker(input) && agency !== 'legalaid') return input
  return { ...input, profile: { ...profile, migration: { state: 'stated', value: stays ? WORKER : 'Irregular' } } }
}

/** A case in which help came later, where it does to such a person. */
export function slowed(invented: InventedCase, { today, ...of }: Of & { readonly today: string }): InventedCase {
  const delay = DELAYS.find(({ agency, isOf }) => agency === of.agency && isOf(of))
  if (delay === undefined) return invented
  return {
    ...invented,
    services: invented.services.map((service) => {
      const need = service.need === null ? undefined : invented.needs[service.need]
      if (need === undefined) return service
      const later = [addDays(need.foundOn, delay.days), service.on].sort().at(-1) ?? service.on
      return { ...service, on: later > today ? service.on : later }
    }),
  }
}

function isWorker({ profile }: RegisterPersonInput): boolean {
  return profile?.migration?.state === 'stated' && profile.migration.value === WORKER
}
