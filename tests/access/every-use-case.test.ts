import pg from 'pg'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { listOwnAbsences } from '@/lib/agencies/staffing-service'
import {
  listContacts,
  logContact,
  prepareContactVoid,
  readContactText,
  viewContact,
  voidContact,
} from '@/lib/assistance/contacts/service'
import { logContactInput } from '@/lib/assistance/contacts/schema'
import { addNeed, changeNeed, listNeeds, viewNeed } from '@/lib/assistance/needs/service'
import { findHelpForNeed } from '@/lib/assistance/needs/help-service'
import { addNeedInput, findHelpInput } from '@/lib/assistance/needs/schema'
import { amendService, voidService } from '@/lib/assistance/services/amend-service'
import {
  chooseCase,
  listCaseChoices,
  prepareAmendment,
  prepareServiceForm,
} from '@/lib/assistance/services/form-service'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { amendServiceInput, logForSeveralInput } from '@/lib/assistance/services/schema'
import { listServices, viewService } from '@/lib/assistance/services/service'
import { viewCaseContacts, viewCaseNeeds, viewCaseServices } from '@/lib/assistance/case-pages-service'
import { logForSeveral, viewSeveral } from '@/lib/assistance/services/several-service'
import { listCaseLog, viewTimeline } from '@/lib/cases/log-service'
import { endOwnEmergency, openEmergency, reviewEmergency, viewEmergency } from '@/lib/cases/emergency/service'
import { handOver, viewHandOver } from '@/lib/cases/hand-over/service'
import { listCases } from '@/lib/cases/list-service'
import { viewCaseFrame, viewCaseOverview } from '@/lib/cases/overview-service'
import {
  changeCase,
  closeCase,
  openCase,
  reopenCase,
  restrictCase,
  unrestrictCase,
  viewCase,
} from '@/lib/cases/service'
import { listTasks, makeTask } from '@/lib/cases/tasks/service'
import { assignMember, unassignMember, viewCaseAccess, viewTeam } from '@/lib/cases/team-service'
import { viewStaffing } from '@/lib/cases/staffing-service'
import { viewToday } from '@/lib/cases/today-service'
import { moveCase, prepareCaseUnit } from '@/lib/cases/unit-service'
import { changePerson } from '@/lib/people/change-service'
import { listIdentities, readIdentity } from '@/lib/people/identity-service'
import { listLooksAt, printLooksAt } from '@/lib/people/looks-service'
import { registerPersonInput } from '@/lib/people/schema'
import { findAlike, keepSearch, locateRecord, searchPersons } from '@/lib/people/search-service'
import { registerPerson, viewPerson } from '@/lib/people/service'
import type { Result } from '@/lib/platform/result'
import { loggedContact, loggedService, openNeed, send } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

type Codes = Readonly<Record<'person' | 'case' | 'need' | 'service' | 'contact' | 'emergency', string>>
type UseCase = (actor: Actor, codes: Codes) => Promise<Result<unknown>>

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let real: Codes
const strangers = new Map<string, Actor>()

const ROLES = ['an agency administrator', 'a coordinator', 'an auditor', 'a system administrator'] as const
const INVENTED: Codes = {
  person: 'AMP-000000000',
  case: 'CAS-000000000',
  need: 'NED-000000000',
  service: 'SVC-000000000',
  contact: 'CTC-000000000',
  emergency: 'EMG-000000000',
}

const EMERGENCY = { reason: 'danger', words: 'They rang the night line' } as const

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
  const { caseworker } = harbour
  const person = await registeredPerson(
    caseworker,
    registerPersonInput.parse({ identity: { names: ['Marker Quillon'] } }),
  )
  const on = (await openedCase(caseworker, { person })).code
  real = {
    person,
    case: on,
    need: (await openNeed(caseworker, { case: on })).code,
    service: (await loggedService(caseworker, { case: on, note: 'Kind words' })).code,
    contact: (await loggedContact(caseworker, { case: on, text: 'Spoke briefly' })).code,
    emergency: valueOf(await openEmergency(harbour.colleague, { code: on, ...EMERGENCY })).access ?? '',
  }
  strangers.set('an agency administrator', await memberOf(owner, harbour.agency.id, ['agency_admin'], null))
  strangers.set('a coordinator', await outsider(owner, 'coordinator'))
  strangers.set('an auditor', await outsider(owner, 'auditor'))
  strangers.set('a system administrator', await outsider(owner, 'system_admin'))
  strangers.set('a caseworker of another agency', (await office(owner)).caseworker)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

/** What asks about one record, or would change it. */
const ON_RECORDS: Readonly<Record<string, UseCase>> = {
  viewPerson: (actor, { person }) => viewPerson(actor, { person }),
  changePerson: (actor, { person }) => changePerson(actor, { person, version: 1, ...registerPersonInput.parse({}) }),
  readIdentity: (actor, { person }) => readIdentity(actor, { person }),
  listLooksAt: (actor, { person }) => listLooksAt(actor, { person }),
  printLooksAt: (actor, { person }) => printLooksAt(actor, { person }),
  openCase: (actor, { person }) => openCase(actor, { person }),
  viewCase: (actor, codes) => viewCase(actor, { case: codes.case }),
  viewCaseOverview: (actor, codes) => viewCaseOverview(actor, { case: codes.case }),
  viewCaseFrame: (actor, codes) => viewCaseFrame(actor, { case: codes.case }),
  viewTimeline: (actor, codes) => viewTimeline(actor, { case: codes.case }),
  listCaseLog: (actor, codes) => listCaseLog(actor, { case: codes.case }),
  viewTeam: (actor, codes) => viewTeam(actor, { case: codes.case }),
  viewCaseAccess: (actor, codes) => viewCaseAccess(actor, { case: codes.case }),
  assignMember: (actor, codes) => assignMember(actor, { case: codes.case, member: 'x'.repeat(12) }),
  unassignMember: (actor, codes) => unassignMember(actor, { case: codes.case, member: 'x'.repeat(12) }),
  changeCase: (actor, codes) => changeCase(actor, { case: codes.case, version: 1, risk: 'high' }),
  closeCase: (actor, codes) =>
    closeCase(actor, { case: codes.case, version: 1, status: 'closed', reason: 'other' } as never),
  reopenCase: (actor, codes) => reopenCase(actor, { case: codes.case, version: 1 } as never),
  restrictCase: (actor, codes) => restrictCase(actor, { case: codes.case }),
  unrestrictCase: (actor, codes) => unrestrictCase(actor, { case: codes.case }),
  prepareCaseUnit: (actor, codes) => prepareCaseUnit(actor, { case: codes.case }),
  moveCase: (actor, codes) => moveCase(actor, { case: codes.case, unit: 'none', version: 1 }),
  makeTask: (actor, codes) => makeTask(actor, { case: codes.case, kind: 'call', dueOn: '2999-01-01' } as never),
  prepareServiceForm: (actor, codes) => prepareServiceForm(actor, { case: codes.case }),
  chooseCase: (actor, codes) => chooseCase(actor, { code: codes.case }),
  logService: (actor, codes) => send(actor, { case: codes.case, category: 'legal', type: 'civil_documents' }),
  logForSeveral: (actor, codes) =>
    logForSeveral(actor, logForSeveralInput.parse({ codes: [codes.case], category: 'social', type: 'transport' })),
  listServicesOfCase: (actor, codes) => listServices(actor, { case: codes.case, limit: 10 }),
  viewCaseServices: (actor, codes) => viewCaseServices(actor, { case: codes.case, limit: 10 }),
  viewCaseNeeds: (actor, codes) => viewCaseNeeds(actor, { case: codes.case, limit: 10 }),
  viewCaseContacts: (actor, codes) => viewCaseContacts(actor, { case: codes.case, limit: 10 }),
  viewService: (actor, { service }) => viewService(actor, { service }),
  viewSeveral: (actor, { service }) => viewSeveral(actor, { service }),
  readServiceNotes: (actor, { service }) => readServiceNotes(actor, { service }),
  prepareAmendment: (actor, { service }) => prepareAmendment(actor, { service }),
  amendService: (actor, { service }) =>
    amendService(actor, amendServiceInput.parse({ service, version: 1, reason: 'Mine now' })),
  voidService: (actor, { service }) => voidService(actor, { service, version: 1, reason: 'Mine now' }),
  addNeed: (actor, codes) => addNeed(actor, addNeedInput.parse({ case: codes.case, category: 'legal' })),
  viewNeed: (actor, { need }) => viewNeed(actor, { need }),
  findHelpForNeed: (actor, { need }) => findHelpForNeed(actor, findHelpInput.parse({ need })),
  changeNeed: (actor, { need }) => changeNeed(actor, { need, version: 1, urgency: 'emergency' }),
  listNeedsOfCase: (actor, codes) => listNeeds(actor, { case: codes.case, limit: 10 }),
  locateNeed: (actor, { need }) => locateRecord(actor, need),
  locateService: (actor, { service }) => locateRecord(actor, service),
  logContact: (actor, codes) => logContact(actor, logContactInput.parse({ case: codes.case, kind: 'call' })),
  listContacts: (actor, codes) => listContacts(actor, { case: codes.case, limit: 10 }),
  viewContact: (actor, { contact }) => viewContact(actor, { contact }),
  readContactText: (actor, { contact }) => readContactText(actor, { contact }),
  prepareContactVoid: (actor, { contact }) => prepareContactVoid(actor, { contact }),
  viewEmergency: (actor, { emergency }) => viewEmergency(actor, { access: emergency }),
  endOwnEmergency: (actor, { emergency }) => endOwnEmergency(actor, { access: emergency }),
  reviewEmergency: (actor, { emergency }) =>
    reviewEmergency(actor, { access: emergency, finding: 'justified:fits_reason' }),
  openEmergency: (actor, codes) => openEmergency(actor, { code: codes.case, ...EMERGENCY }),
  openEmergencyForPerson: (actor, { person }) => openEmergency(actor, { code: person, ...EMERGENCY }),
  voidContact: (actor, { contact }) => voidContact(actor, { contact, version: 1, reason: 'Mine now' }),
}

/** What asks about many, or begins something new. */
const ON_THE_WHOLE: Readonly<Record<string, UseCase>> = {
  registerPerson: (actor) => registerPerson(actor, registerPersonInput.parse({})),
  searchPersons: (actor) => searchPersons(actor, { query: 'Marker Quillon' }),
  findAlike: (actor) => findAlike(actor, registerPersonInput.parse({ identity: { names: ['Marker Quillon'] } })),
  keepSearch: (actor) => keepSearch(actor, { query: 'Marker Quillon' }),
  listIdentities: (actor, { person }) => listIdentities(actor, { persons: [person] }),
  listCases: (actor) => listCases(actor, { tab: 'agency', limit: 10 } as never),
  listCaseChoices: (actor) => listCaseChoices(actor, { limit: 5 }),
  listTasks: (actor) => listTasks(actor, {}),
  viewToday: (actor) => viewToday(actor),
  viewStaffing: (actor) => viewStaffing(actor),
  viewHandOver: (actor) => viewHandOver(actor),
  handOver: (actor) => handOver(actor, { scope: 'all', cases: [], members: ['MBR-000000000'] }),
  listOwnAbsences: (actor) => listOwnAbsences(actor),
  listServices: (actor) => listServices(actor, { limit: 10 }),
  listNeeds: (actor) => listNeeds(actor, { limit: 10 }),
}

/** What shows something of a record, or of many. */
const LOOKS = [
  ...['viewPerson', 'readIdentity', 'listLooksAt', 'viewCase', 'viewCaseOverview', 'viewCaseFrame', 'viewTimeline'],
  ...['listCaseLog', 'viewTeam', 'viewCaseAccess', 'prepareServiceForm', 'listServicesOfCase', 'viewService'],
  ...[
    'readServiceNotes',
    'prepareAmendment',
    'viewNeed',
    'listNeedsOfCase',
    'listContacts',
    'viewContact',
    'findHelpForNeed',
  ],
  ...['readContactText', 'prepareContactVoid', 'searchPersons', 'listIdentities', 'listCases', 'listCaseChoices'],
  ...['listTasks', 'listServices', 'listNeeds', 'viewCaseServices', 'viewCaseNeeds', 'viewCaseContacts', 'findAlike'],
  'viewEmergency',
  'printLooksAt',
]

describe('every use case (T04, T16)', () => {
  it.each([...ROLES, 'a caseworker of another agency'])(
    'T05, trap T17: answers %s about a record as if it had never been',
    async (who) => {
      const actor = strangers.get(who)
      if (actor === undefined) throw new Error('No such member')
      for (const [name, ask] of Object.entries(ON_RECORDS)) {
        const answer = await ask(actor, real)
        expect(answer.ok, name).toBe(false)
        expect(answer, name).toEqual(await ask(actor, INVENTED))
      }
    },
  )

  it.each(ROLES)('refuses %s whatever asks about many, by the service and not by accident', async (who) => {
    const actor = strangers.get(who)
    if (actor === undefined) throw new Error('No such member')
    for (const [name, ask] of Object.entries(ON_THE_WHOLE)) {
      expect(await ask(actor, real), name).toMatchObject({ ok: false, refusal: 'forbidden' })
    }
  })

  it('shows a caseworker of another agency nothing of this one in what asks about many', async () => {
    const actor = strangers.get('a caseworker of another agency')
    if (actor === undefined) throw new Error('No such member')
    for (const [name, ask] of Object.entries(ON_THE_WHOLE)) {
      const said = JSON.stringify(await ask(actor, real))
      for (const code of Object.values(real)) expect(said, name).not.toContain(code)
    }
  })

  it('T05, invariant 5: asks the database the same whether a record is out of sight or never was', async () => {
    const actor = strangers.get('a caseworker of another agency')
    if (actor === undefined) throw new Error('No such member')
    for (const [name, ask] of Object.entries(ON_RECORDS)) {
      const outOfSight = await statementsOf(() => ask(actor, real))
      expect(outOfSight.length, name).toBeGreaterThan(3)
      expect(outOfSight, name).toEqual(await statementsOf(() => ask(actor, INVENTED)))
    }
  })

  it('L01: each look of the team leaves one event and each refusal of a stranger another', async () => {
    const events = async () => Number((await owner`SELECT count(*)::int AS n FROM audit_event`)[0]?.['n'])
    const stranger = strangers.get('a caseworker of another agency')
    if (stranger === undefined) throw new Error('No such member')
    const written: Record<string, readonly number[]> = {}
    for (const name of LOOKS) {
      const ask = ON_RECORDS[name] ?? ON_THE_WHOLE[name]
      if (ask === undefined) throw new Error(`No ${name}`)
      const before = await events()
      valueOf(await ask(harbour.caseworker, real))
      const between = await events()
      const refused = await ask(stranger, real)
      written[name] = [between - before, refused.ok ? 1 : (await events()) - between]
    }
    // The first page is two lists at once.
    const before = await events()
    valueOf(await viewToday(harbour.caseworker))
    expect(await events()).toBe(before + 2)
    expect(Object.entries(written).filter(([, counts]) => counts.join() !== '1,1')).toEqual([])
  })

  it('works for the team, so that the refusals above mean something', async () => {
    for (const name of ['viewPerson', 'viewCase', 'viewService', 'viewNeed', 'viewContact', 'locateNeed'] as const) {
      const answer = await ON_RECORDS[name]?.(harbour.caseworker, real)
      if (answer === undefined) throw new Error(`No ${name}`)
      valueOf(answer)
    }
  })
})

/** What goes to the database while something runs, without the values. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await work()
    return spy.mock.calls.map(([statement]: readonly unknown[]) =>
      typeof statement === 'string' ? statement : String((statement as { readonly text?: unknown }).text),
    )
  } finally {
    spy.mockRestore()
  }
}
