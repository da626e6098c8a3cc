import type postgres from 'postgres'

import { newCode, newId } from '@/lib/platform/ids'

import { Chance } from '../random'
import type { LoadedAgency } from './office'

const SEED = 6_058
const DAYS = 540

/** How many each agency turned away in a year and a half. */
const MANY: Readonly<Record<string, number>> = { harbour: 64, clinic: 22, legalaid: 18, immigration: 12, newpath: 9 }

const LANGUAGES = ['eng', 'tir', 'ara', 'ron', 'vie', 'yor', 'sqi', 'pol'] as const
const CATEGORY_OF: Readonly<Record<string, string>> = {
  harbour: 'social',
  clinic: 'medical',
  legalaid: 'legal',
  newpath: 'reintegration',
  immigration: 'residency',
}

/** Writes who was turned away at the doors of the demonstration's agencies: codes only, as the form keeps them. */
export async function writeTurnedAway(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  now: Date,
): Promise<void> {
  const chance = new Chance(SEED)
  const atTheDoor = agencies.filter(({ caseworkers }) => caseworkers.length > 0)
  const rows = atTheDoor.flatMap((agency) =>
    Array.from({ length: MANY[agency.key] ?? 0 }, () => turnedAway(chance, agency, agencies, now)),
  )
  await sql`INSERT INTO turned_away ${sql(rows)}`
}

function turnedAway(chance: Chance, agency: LoadedAgency, agencies: readonly LoadedAgency[], now: Date) {
  const at = new Date(now.getTime() - chance.between(1, DAYS) * 86_400_000)
  const language = chance.is(0.7) ? chance.pick(LANGUAGES) : null
  const reason = chance.weighted({
    no_capacity: 40,
    outside_mandate: 15,
    outside_area: 8,
    not_eligible: 7,
    no_papers: 6,
    no_interpreter: language === null || language === 'eng' ? 0 : 18,
    not_accessible: 4,
    safety_conflict: 4,
    closed: 6,
    other: 3,
  })
  const sentTo = chance.weighted({
    agency: 45,
    waiting_list: 18,
    come_back: 12,
    helpline: 8,
    public_service: 9,
    nowhere: 8,
  })
  const others = agencies.filter(({ id, persons }) => id !== agency.id && persons > 0)
  const seen = [
    ...(reason === 'no_interpreter' || chance.is(0.12) ? ['interpreter'] : []),
    ...(chance.is(0.08) ? ['disability'] : []),
    ...(chance.is(0.05) ? ['pregnancy'] : []),
    ...(chance.is(0.2) ? ['with_children'] : []),
  ]
  return {
    id: newId(at),
    code: newCode('TAW', chance.draw),
    agency_id: agency.id,
    recorded_by_id: chance.pick(agency.caseworkers),
    asked_on: at.toISOString().slice(0, 10),
    entered_at: at,
    reason,
    category: chance.is(0.8) ? (CATEGORY_OF[agency.key] ?? 'social') : chance.pick(['legal', 'medical', 'residency']),
    gender: chance.is(0.85) ? chance.weighted({ Feminine: 62, Masculine: 33, NonConforming: 5 }) : null,
    age: chance.is(0.8) ? chance.weighted({ child: 8, young_adult: 34, adult: 52, older: 6 }) : null,
    language,
    migration: chance.is(0.4) ? chance.weighted({ citizen: 20, regular: 25, irregular: 35, asylum: 20 }) : null,
    seen,
    sent_to: sentTo,
    sent_agency_id: sentTo === 'agency' && chance.is(0.7) ? chance.pick(others).id : null,
  }
}
