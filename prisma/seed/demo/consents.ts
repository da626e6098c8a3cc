import { EXPLAINED_POINTS } from '@/lib/consent/schema'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import type { PreparedPerson } from '@/lib/people/prepare-service'
import { sealUnder } from '@/lib/people/sealing'
import { newCode, newId } from '@/lib/platform/ids'
import { addDays, instantIn } from '@/lib/platform/zone'

import type { BulkWriter } from '../bulk-writer'
import type { CaseIds, Setting } from './case-rows'
import type { InventedCase } from './history'
import type { LoadedAgency } from './office'

/** Of whom consents are invented, and who else could receive something. */
type Asked = Setting & {
  readonly of: CaseIds
  readonly invented: InventedCase
  readonly others: readonly LoadedAgency[]
}

type Answer = {
  readonly purpose: string
  readonly answer: 'given' | 'refused'
  readonly to: string | null
  readonly categories: readonly CategoryKey[]
  readonly identity: string
  readonly on: string
  readonly endsOn: string | null
}

const METHODS = { written: 5, spoken: 3, interpreter: 4 } as const
const RECEIVERS = { none: 0, one: 1, two: 2 } as const
const LANGUAGES = ['eng', 'vie', 'sqi', 'ron', 'pol', 'tir', 'fra', 'zho'] as const

/**
 * Adds what the person of a case answered: nearly all let this agency keep their record, most let another help them,
 * some said no, some have changed their mind, some were asked again, some consents have run out or are about to.
 */
export function addConsents(writer: BulkWriter, asked: Asked): void {
  const { chance, invented, today } = asked
  const first = invented.openedOn
  add(writer, asked, { ...own('case_management', chance.is(0.94)), on: first, endsOn: null })
  if (chance.is(0.7)) add(writer, asked, { ...own('statistics', chance.is(0.86)), on: first, endsOn: null })
  const receivers = RECEIVERS[chance.weighted({ none: 45, one: 40, two: 15 })]
  for (let asking = 0; asking < receivers; asking += 1) {
    const on = addDays(first, chance.between(1, 40))
    if (on <= today) shared(writer, asked, on)
  }
}

const EXCEPTIONS = 0.0012

/** Adds, for very few, that something went without consent because life was in danger; it waits on both desks. */
export function addException(writer: BulkWriter, person: PreparedPerson, asked: Asked): void {
  const { chance, agency, worker, of, now, others } = asked
  if (!chance.is(EXCEPTIONS)) return
  const id = newId()
  const madeAt = new Date(now.getTime() - chance.between(1, 40) * 86_400_000)
  writer.add('sharing_exception', {
    id,
    code: newCode('EXC', chance.draw),
    ...of,
    to_agency_id: chance.pick(others).id,
    purpose: 'sharing',
    fields: ['need.medical', 'contact.name', 'contact.channels'],
    basis: 'vital_interest',
    reason: sealUnder(
      person.key,
      agency.id,
      { table: 'sharing_exception', column: 'reason', row: id },
      'Needed care the same night; could not be asked before. Asked the next morning, and agreed.',
    ),
    made_by_id: worker,
    made_at: madeAt,
    ends_at: new Date(madeAt.getTime() + 3 * 86_400_000),
  })
}

function own(purpose: string, isGiven: boolean) {
  return {
    purpose,
    answer: isGiven ? ('given' as const) : ('refused' as const),
    to: null,
    categories: CATEGORY_KEYS,
    identity: purpose === 'statistics' && isGiven ? 'none' : 'full',
  }
}

function shared(writer: BulkWriter, asked: Asked, on: string): void {
  const { chance, others, today } = asked
  const receiver = chance.pick(others)
  const works = CATEGORY_KEYS.filter((key) => receiver.work[key] !== undefined)
  const isGiven = chance.is(0.88)
  const answer: Answer = {
    purpose: chance.is(0.92) ? 'sharing' : 'contact',
    answer: isGiven ? 'given' : 'refused',
    to: receiver.id,
    categories: works.length === 0 ? ['social'] : chance.several(works, 2),
    identity: chance.weighted({ none: 2, contact: 5, full: 3 }),
    on,
    endsOn: isGiven ? addDays(on, chance.pick([90, 180, 365, 365, 540])) : null,
  }
  const id = add(writer, asked, answer)
  const later = addDays(on, chance.between(20, 200))
  if (later > today || !isGiven) return
  const turn = chance.weighted({ stays: 76, withdrawn: 10, again: 14 })
  if (turn === 'withdrawn') withdraw(writer, asked, id, later)
  if (turn === 'again') add(writer, asked, { ...answer, on: later, endsOn: addDays(later, 365) }, id)
}

/** Adds an answer, or with `replaces` the newer edition of one; returns its id. Of what is over the team was told then. */
function add(writer: BulkWriter, asked: Asked, said: Answer, replaces?: string): string {
  const { chance, agency, worker, of, today } = asked
  const id = newId()
  const isGiven = said.answer === 'given'
  const method = chance.weighted(METHODS)
  writer.add('consent', {
    id,
    code: newCode('CON', chance.draw),
    ...of,
    replaces_id: replaces ?? null,
    version: replaces === undefined ? 1 : 2,
    purpose: said.purpose,
    answer: said.answer,
    to_agency_id: said.to,
    categories: [...said.categories],
    identity: said.identity,
    starts_on: said.on,
    ends_on: said.endsOn,
    given_by: chance.weighted({ person: 94, guardian: 5, other: 1 }),
    method,
    language: method === 'interpreter' || chance.is(0.5) ? chance.pick(LANGUAGES) : null,
    interpreter: method === 'interpreter',
    explained: isGiven ? [...EXPLAINED_POINTS] : [],
    explained_by_id: isGiven ? worker : null,
    recorded_by_id: worker,
    recorded_at: at(asked, said.on),
  })
  if (said.endsOn !== null && said.endsOn < today) {
    const { case_id, holder_agency_id, agency_id } = of
    writer.add('consent_told', {
      consent_id: id,
      case_id,
      holder_agency_id,
      agency_id,
      told_at: instantIn(agency.timeZone, addDays(said.endsOn, 1), '00:05'),
    })
  }
  return id
}

function withdraw(writer: BulkWriter, asked: Asked, consent: string, on: string): void {
  const { chance, worker, of } = asked
  writer.add('consent_withdrawal', {
    consent_id: consent,
    ...of,
    given_by: 'person',
    method: chance.weighted(METHODS),
    recorded_by_id: worker,
    withdrawn_at: at(asked, on),
  })
}

/** A moment of that day, in working hours; today's not later than now. */
function at({ agency, chance, now }: Asked, day: string): Date {
  const clock = `${String(chance.between(9, 16)).padStart(2, '0')}:${chance.pick(['05', '20', '40'])}`
  const moment = instantIn(agency.timeZone, day, clock)
  return moment > now ? now : moment
}
