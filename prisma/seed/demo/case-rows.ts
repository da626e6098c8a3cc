import type { IdentificationStatus } from '@/lib/cases/schema'
import { paragraphsFor } from '@/lib/mandate/rules'
import { sealUnder } from '@/lib/people/sealing'
import type { PreparedPerson } from '@/lib/people/prepare-service'
import { DECIDING_BODIES, MEANS, PURPOSES, RECRUITMENT_METHODS } from '@/lib/people/codes'
import { newCode, newId } from '@/lib/platform/ids'
import { addDays, instantIn } from '@/lib/platform/zone'

import type { BulkWriter, Cell, Row } from '../bulk-writer'
import type { Chance } from '../random'
import type { InventedCase } from './history'
import type { LoadedAgency } from './office'

const CONTACT_HOURS = { emergency: 24, urgent: 72, routine: 336 } as const
const REVIEW_DAYS = { high: 7, medium: 14, low: 28 } as const

/** Adds a prepared person's rows, under the columns' own names. */
export function addPerson(writer: BulkWriter, prepared: PreparedPerson): void {
  writer.add('person', named(prepared.person))
  writer.add('person_key', named(prepared.personKey))
  writer.add('person_identity', named(prepared.identity))
  writer.add('person_profile', named(prepared.profile))
  if (prepared.safeContact !== null) writer.add('safe_contact', named(prepared.safeContact))
  for (const token of prepared.tokens) writer.add('search_token', named(token))
}

/** Whose case it is, and when "now" is. */
export type Setting = {
  readonly agency: LoadedAgency
  readonly worker: string
  readonly chance: Chance
  readonly now: Date
  readonly today: string
}

/** The keys that every row about a case carries. */
export type CaseIds = {
  readonly case_id: string
  readonly person_id: string
  readonly holder_agency_id: string
  readonly agency_id: string
}

/** Adds a case with its content, team, needs, services, contacts and tasks; returns the keys of its rows. */
export function addCase(writer: BulkWriter, person: PreparedPerson, invented: InventedCase, setting: Setting): CaseIds {
  const { agency, worker, chance } = setting
  const id = newId()
  const openedAt = instantIn(agency.timeZone, invented.openedOn, '10:00')
  const of = { case_id: id, person_id: person.person.id, holder_agency_id: agency.id, agency_id: agency.id }
  const closed = invented.closedOn !== null
  const reviewed = addDays(setting.today, chance.between(-2, REVIEW_DAYS[invented.risk]))
  writer.add('case_file', {
    id,
    code: newCode('CAS', chance.draw),
    person_id: person.person.id,
    holder_agency_id: agency.id,
    agency_id: agency.id,
    lead_agency_id: agency.id,
    unit_id: agency.units[chance.is(0.8) ? 0 : 1] ?? null,
    number: 1,
    status: invented.status,
    stage: invented.stage,
    risk: invented.risk,
    risk_review_due: closed ? null : reviewed,
    restricted: invented.restricted,
    opened_on: invented.openedOn,
    closed_on: invented.closedOn,
    created_at: openedAt,
    closure_reason: closed
      ? chance.weighted({
          goals_reached: 5,
          support_completed: 4,
          person_moved: 2,
          lost_contact: 2,
          referred_to_other_agency: 1,
        })
      : null,
  })
  writer.add('case_content', {
    ...of,
    wants_support: chance.weighted({ yes: 86, unknown: 10, no: 4 }),
    data_use: chance.weighted({ yes: 74, unknown: 20, no: 6 }),
    takes_part: chance.weighted({ yes: 30, no: 30, unknown: 40 }),
    ...decisionOn(invented, chance.weighted({ possible: 58, actual: 38, not_a_victim: 4 }), setting),
    acts: chance.several(['Recruitment', 'Transportation', 'Harbouring', 'Receipt'], 3),
    means: chance.is(0.6) ? chance.several(MEANS.slice(0, 15), 4) : [],
    purposes: chance.is(0.82)
      ? chance.pick([
          ['ForcedLabour'],
          ['ForcedLabour'],
          ['ForcedLabour'],
          ['SexualExploitation'],
          ['Servitude'],
          chance.several(PURPOSES, 2),
        ])
      : [],
    recruitment: chance.is(0.4) ? chance.several(RECRUITMENT_METHODS, 2) : [],
    updated_at: openedAt,
  })
  writer.add('assignment', {
    id: newId(),
    ...of,
    member_id: worker,
    lead: true,
    restricted: invented.restricted,
    started_at: openedAt,
  })
  if (!invented.restricted && chance.is(0.3)) {
    const second = chance.pick(agency.caseworkers)
    if (second !== worker)
      writer.add('assignment', {
        id: newId(),
        ...of,
        member_id: second,
        lead: false,
        restricted: false,
        started_at: openedAt,
      })
  }
  const needs = addNeeds(writer, invented, of, setting)
  addServices(writer, person, invented, of, needs, setting)
  addContacts(writer, person, invented, of, setting)
  if (!closed)
    addTask(writer, of, setting, invented.restricted, 'risk_review', instantIn(agency.timeZone, reviewed, '17:00'))
  return of
}

/** Who decided, two weeks after the case was opened; drawn from nothing, so that everything after it stays the same. */
function decisionOn(invented: InventedCase, identification: IdentificationStatus, { today }: Setting): Row {
  if (identification === 'possible') return { identification, identified_by: null, identified_on: null }
  const decidedOn = addDays(invented.openedOn, 14)
  const body = DECIDING_BODIES[Number(invented.openedOn.slice(-2)) % DECIDING_BODIES.length] ?? 'Police'
  return { identification, identified_by: body, identified_on: decidedOn > today ? invented.openedOn : decidedOn }
}

function addNeeds(writer: BulkWriter, invented: InventedCase, of: CaseIds, setting: Setting): string[] {
  return invented.needs.map((need) => {
    const id = newId()
    const found = instantIn(setting.agency.timeZone, need.foundOn, '11:00')
    const due = new Date(found.getTime() + CONTACT_HOURS[need.urgency] * 3_600_000)
    writer.add('need', {
      id,
      code: newCode('NED', setting.chance.draw),
      ...of,
      category: need.category,
      type: need.type,
      urgency: need.urgency,
      state: need.state,
      not_met_reason:
        need.state === 'not_met'
          ? setting.chance.pick(['no_capacity', 'not_eligible', 'outside_area', 'person_declined'])
          : null,
      found_on: need.foundOn,
      found_by_id: setting.worker,
      contact_due_at: due,
      met_on: need.metOn,
      restricted: invented.restricted,
      created_at: found,
    })
    if (need.state === 'open' && invented.closedOn === null) {
      // Old open needs were reached long ago; only what was found lately still waits for its first contact.
      if (due.getTime() > setting.now.getTime() - 3 * 86_400_000)
        addTask(writer, of, setting, invented.restricted, 'first_contact', due, id)
    }
    return id
  })
}

function addServices(
  writer: BulkWriter,
  person: PreparedPerson,
  invented: InventedCase,
  of: CaseIds,
  needs: readonly string[],
  setting: Setting,
): void {
  const { chance, agency, worker } = setting
  for (const service of invented.services) {
    const id = newId()
    const adaptations = chance.is(0.14) ? chance.several(['age', 'gender', 'special_need'], 2) : []
    const proceedings = chance.is(0.04)
    const noted = chance.is(0.06)
    const by = { holder_agency_id: of.holder_agency_id, agency_id: of.agency_id }
    writer.add('service', {
      id,
      code: newCode('SVC', chance.draw),
      ...of,
      need_id: service.need === null ? null : (needs[service.need] ?? null),
      category: service.category,
      type: service.type,
      delivered_on: service.on,
      status: service.status,
      worker_id: worker,
      restricted: invented.restricted,
      has_note: noted,
      entered_at: instantIn(agency.timeZone, service.on, '15:00'),
    })
    for (const basis of paragraphsFor({
      category: service.category,
      type: service.type,
      adaptations,
      protectsAroundProceedings: proceedings,
    })) {
      writer.add('service_mandate', {
        service_id: id,
        paragraph: basis.paragraph,
        ...by,
        restricted: invented.restricted,
        reason: basis.reason,
      })
    }
    writer.add('service_detail', {
      service_id: id,
      case_id: of.case_id,
      ...by,
      mode: chance.weighted({ in_person: 70, phone: 20, video: 10 }),
      place_kind: chance.pick(['agency_office', 'shelter', 'health_facility', 'court_or_authority']),
      minutes: chance.pick([15, 30, 45, 60, 90]),
      interpreter_used: chance.is(0.4),
      adaptations,
      proceedings,
      origin: chance.weighted({ plan: 6, own_initiative: 3 }),
      outcome: service.status === 'delivered' ? chance.weighted({ reached: 7, partly_reached: 2, continues: 3 }) : null,
    })
    if (noted) {
      const note = newId()
      const sealed = sealUnder(
        person.key,
        agency.id,
        { table: 'service_note', column: 'sealed', row: note },
        chance.pick(NOTES),
      )
      writer.add('service_note', {
        id: note,
        service_id: id,
        case_id: of.case_id,
        ...by,
        sealed,
        written_by_id: worker,
        written_at: instantIn(agency.timeZone, service.on, '15:00'),
      })
    }
  }
}

function addContacts(
  writer: BulkWriter,
  person: PreparedPerson,
  invented: InventedCase,
  of: CaseIds,
  setting: Setting,
): void {
  const { chance, agency } = setting
  for (const day of invented.contacts) {
    const id = newId()
    const kind = chance.weighted({ call: 5, visit: 3, message: 4, observation: 1, failed_attempt: 1 })
    const at = instantIn(
      agency.timeZone,
      day,
      `${String(chance.between(9, 16)).padStart(2, '0')}:${chance.pick(['00', '15', '30', '45'])}`,
    )
    if (at > setting.now) continue
    const told = chance.is(0.3)
    writer.add('contact_entry', {
      id,
      code: newCode('CTC', chance.draw),
      ...of,
      kind,
      outcome: kind === 'failed_attempt' ? 'not_reached' : 'reached',
      occurred_at: at,
      worker_id: setting.worker,
      restricted: invented.restricted,
      has_text: told,
      entered_at: at,
    })
    if (told) {
      const sealed = sealUnder(
        person.key,
        agency.id,
        { table: 'contact_text', column: 'sealed', row: id },
        chance.pick(NOTES),
      )
      writer.add('contact_text', {
        contact_id: id,
        case_id: of.case_id,
        holder_agency_id: of.holder_agency_id,
        agency_id: of.agency_id,
        sealed,
      })
    }
  }
  if (invented.closedOn === null && chance.is(0.6)) {
    const due = instantIn(
      agency.timeZone,
      addDays(setting.today, chance.between(-1, 12)),
      `${String(chance.between(9, 17)).padStart(2, '0')}:00`,
    )
    addTask(writer, of, setting, invented.restricted, chance.pick(['follow_up', 'call', 'paperwork']), due)
  }
}

function addTask(
  writer: BulkWriter,
  of: CaseIds,
  setting: Setting,
  restricted: boolean,
  kind: string,
  due: Date,
  need: string | null = null,
): void {
  writer.add('task', {
    id: newId(),
    code: newCode('TSK', setting.chance.draw),
    ...of,
    owner_id: setting.worker,
    kind,
    need_id: need,
    due_at: due,
    restricted,
  })
}

/** Kind, plain and empty of anybody's traits: what a note of invented people may say. */
const NOTES = [
  'Asked for more time before deciding. We agreed to speak again next week.',
  'Felt better today. Wants to start the language course as soon as there is a place.',
  'Worried about the letter from the office; we read it together.',
  'Came with a friend. Prefers appointments in the morning.',
  'Slept badly. We went through what helps and whom to call at night.',
  'Happy about the phone call home. Would like help with the next form.',
]

/** The fields of a prepared row under the names of their columns. */
/** Rows as the code names their fields, under the columns' own names. */
export function named(fields: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`),
      value as Cell,
    ]),
  )
}
