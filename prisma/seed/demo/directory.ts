import type postgres from 'postgres'

import words from '@/lib/i18n/messages/en/mandate.json'
import { SERVICE_TYPES, type CategoryKey } from '@/lib/mandate/categories'
import { newCode, newId } from '@/lib/platform/ids'

import { Chance } from '../random'
import type { LoadedAgency } from './office'

const SEED = 2_003

const AREAS = {
  centre: 'City centre',
  north: 'North district',
  east: 'East district',
  south: 'South district',
  harbour: 'Harbour quarter',
} as const

type Area = keyof typeof AREAS

type DemoService = {
  readonly agency: string
  readonly category: CategoryKey
  readonly type: string
  readonly name: string
  readonly description?: string
  readonly ages?: readonly [number | null, number | null]
  readonly genders?: readonly string[]
  readonly languages?: readonly string[]
  readonly interpreters?: boolean
  readonly areas?: readonly Area[]
  readonly stepFree?: boolean
  readonly withChildren?: boolean
  readonly opening?: 'always' | 'office' | 'evening'
  readonly status?: 'active' | 'paused'
  readonly room?: {
    readonly unit: string
    readonly available: number | null
    readonly maximum: number
    readonly hoursAgo: number
  }
}

const places = (available: number | null, maximum: number, hoursAgo: number, unit = 'places') => ({
  ...{ unit, available, maximum, hoursAgo },
})

/** What stands out; each agency's other types are listed plainly below. */
const SERVICES: readonly DemoService[] = [
  {
    ...{ agency: 'harbour', category: 'social', type: 'emergency_shelter', name: 'Night house for women' },
    description: 'A bed tonight, for women and their children. Somebody meets you; ask us where.',
    ...{
      ages: [18, null],
      genders: ['Feminine', 'TransgenderFeminine'],
      languages: ['eng', 'tir', 'ara'],
      interpreters: true,
    },
    ...{
      areas: ['centre', 'harbour'],
      withChildren: true,
      stepFree: true,
      opening: 'always',
      room: places(3, 14, 2, 'beds'),
    },
  },
  {
    ...{ agency: 'harbour', category: 'social', type: 'emergency_shelter', name: 'Harbour rooms' },
    ...{
      ages: [18, null],
      languages: ['eng', 'vie', 'ron'],
      areas: ['north', 'harbour'],
      opening: 'always',
      room: places(0, 8, 5, 'beds'),
    },
  },
  {
    ...{ agency: 'harbour', category: 'social', type: 'transitional_housing', name: 'Shared flats' },
    description: 'Up to a year, with a key worker. A waiting list, usually four weeks.',
    ...{ ages: [18, null], languages: ['eng'], interpreters: true, opening: 'office', room: places(1, 20, 130) },
  },
  {
    ...{ agency: 'legalaid', category: 'legal', type: 'representation_proceedings', name: 'Representation in court' },
    ...{
      languages: ['eng', 'fra', 'spa'],
      interpreters: true,
      opening: 'office',
      room: places(6, 12, 20, 'appointments'),
    },
  },
  {
    ...{ agency: 'legalaid', category: 'legal', type: 'information_advice', name: 'First advice by phone' },
    ...{
      languages: ['eng', 'fra', 'spa', 'por'],
      interpreters: true,
      opening: 'evening',
      room: places(10, 15, 3, 'appointments'),
    },
  },
  {
    ...{ agency: 'clinic', category: 'medical', type: 'sexual_reproductive', name: 'Sexual and reproductive health' },
    description: 'Seen within 72 hours, by a woman doctor if wished.',
    ...{
      languages: ['eng', 'fra', 'tir'],
      interpreters: true,
      areas: ['centre', 'north'],
      stepFree: true,
      opening: 'office',
    },
    room: places(4, 6, 6, 'appointments'),
  },
  {
    ...{ agency: 'clinic', category: 'psychological', type: 'crisis_support', name: 'Crisis line and first talk' },
    ...{ languages: ['eng', 'fra'], interpreters: true, opening: 'always', room: places(2, 4, 1, 'appointments') },
  },
  {
    ...{
      agency: 'clinic',
      category: 'psychological',
      type: 'counselling_therapy',
      name: 'Counselling for young people',
    },
    ...{ ages: [12, 21], languages: ['fra'], opening: 'office', room: places(null, 10, 400, 'appointments') },
  },
  {
    ...{
      agency: 'immigration',
      category: 'residency',
      type: 'recovery_reflection',
      name: 'Recovery and reflection period',
    },
    ...{ languages: ['eng'], interpreters: true, opening: 'office' },
  },
  {
    ...{ agency: 'immigration', category: 'legal', type: 'information_advice', name: 'Advice on papers and status' },
    ...{ languages: ['eng'], interpreters: true, opening: 'office', room: places(3, 6, 10, 'appointments') },
  },
  {
    ...{ agency: 'immigration', category: 'residency', type: 'recovery_reflection', name: 'Formal identification' },
    description: 'Decides on identification. No help depends on its decision.',
    ...{ languages: ['eng'], interpreters: true, opening: 'office' },
  },
  {
    ...{
      agency: 'newpath',
      category: 'reintegration',
      type: 'vocational_training',
      name: 'Kitchen and bakery training',
    },
    ...{
      ages: [16, null],
      languages: ['eng', 'zho'],
      areas: ['east', 'south'],
      stepFree: true,
      opening: 'office',
      room: places(5, 12, 30),
    },
  },
  {
    ...{ agency: 'newpath', category: 'reintegration', type: 'small_business', name: 'Start a small business' },
    ...{ ages: [18, null], languages: ['eng'], opening: 'office', status: 'paused' },
  },
  {
    ...{
      agency: 'police',
      category: 'legal',
      type: 'protection_and_safety_orders',
      name: 'Protection around proceedings',
    },
    ...{ languages: ['eng'], interpreters: true, opening: 'always' },
  },
]

const PLAINLY: Readonly<Record<string, readonly CategoryKey[]>> = {
  harbour: ['social'],
  legalaid: ['legal'],
  clinic: ['medical', 'psychological'],
  immigration: ['residency'],
  newpath: ['reintegration'],
}

const HOURS = { always: [0, 1440], office: [540, 1020], evening: [600, 1260] } as const

/**
 * Writes the areas of the network and what its agencies list: the first caseworker of each receives, the supervisor or
 * else the third caseworker stands in. The second caseworker answers for nothing. The Immigration Office decides on identification.
 */
export async function writeDirectory(
  sql: postgres.TransactionSql,
  network: string,
  agencies: readonly LoadedAgency[],
): Promise<void> {
  const chance = new Chance(SEED)
  for (const [key, name] of Object.entries(AREAS))
    await sql`INSERT INTO network_area (network_id, key, name) VALUES (${network}, ${key}, ${name})`
  for (const agency of agencies) {
    const [receiver, , third] = agency.caseworkers
    const [supervisor] = await sql<{ id: string }[]>`
      SELECT id FROM member WHERE agency_id = ${agency.id} AND 'supervisor' = ANY (roles) ORDER BY email LIMIT 1`
    for (const service of servicesOf(agency.key)) {
      const id = await writeService(sql, network, agency.id, service, newCode('DIR', chance.draw))
      await writeReceiver(sql, id, agency.id, receiver, false)
      await writeReceiver(sql, id, agency.id, supervisor?.id ?? third, true)
    }
  }
  await sql`
    UPDATE network n SET identifying_agency_id = s.agency_id, identifying_service_id = s.id FROM listed_service s
    WHERE n.id = ${network} AND s.network_id = n.id AND s.name = 'Formal identification'`
}

/** What stands out first, then every other type of the agency's categories. */
function servicesOf(agency: string): readonly DemoService[] {
  const special = SERVICES.filter((service) => service.agency === agency)
  const listed = new Set(special.map(({ type }) => type))
  const plain = (PLAINLY[agency] ?? []).flatMap((category) =>
    SERVICE_TYPES[category]
      .filter((type) => !listed.has(type))
      .map((type): DemoService => {
        const name = (words.types[category] as Readonly<Record<string, string>>)[type] ?? type
        return { agency, category, type, name, languages: ['eng'], interpreters: true, opening: 'office' }
      }),
  )
  return [...special, ...plain]
}

async function writeService(
  sql: postgres.TransactionSql,
  network: string,
  agency: string,
  service: DemoService,
  code: string,
): Promise<string> {
  const id = newId()
  const [minAge, maxAge] = service.ages ?? [null, null]
  const { unit, available, maximum, hoursAgo } = service.room ?? places(null, 20, 24 * 9)
  await sql`
    INSERT INTO listed_service (id, code, network_id, agency_id, category, type, name, description, status, min_age, max_age, genders,
      languages, interpreters, areas, step_free, with_children, opening)
    VALUES (${id}, ${code}, ${network}, ${agency}, ${service.category}, ${service.type}, ${service.name}, ${service.description ?? null},
      ${service.status ?? 'active'}, ${minAge}, ${maxAge}, ${sql.array([...(service.genders ?? [])])}::text[], ${sql.array([...(service.languages ?? [])])}::text[],
      ${service.interpreters === true}, ${sql.array([...(service.areas ?? [])])}::text[], ${service.stepFree === true}, ${service.withChildren === true},
      ${JSON.stringify(openingOf(service.opening))}::text::jsonb)`
  await sql`
    INSERT INTO listed_service_room (listed_service_id, agency_id, unit, available, maximum, updated_at)
    VALUES (${id}, ${agency}, ${unit}, ${available}, ${maximum}, now() - make_interval(hours => ${hoursAgo}))`
  return id
}

async function writeReceiver(
  sql: postgres.TransactionSql,
  service: string,
  agency: string,
  member: string | undefined,
  standsIn: boolean,
): Promise<void> {
  if (member === undefined) return
  await sql`
    INSERT INTO listed_service_receiver (listed_service_id, agency_id, member_id, stands_in, since)
    VALUES (${service}, ${agency}, ${member}, ${standsIn}, now() - interval '200 days')`
}

function openingOf(opening: DemoService['opening']): readonly object[] {
  if (opening === undefined) return []
  const days = opening === 'always' ? [1, 2, 3, 4, 5, 6, 7] : [1, 2, 3, 4, 5]
  const [opens, closes] = HOURS[opening]
  return days.map((day) => ({ day, opens, closes }))
}
