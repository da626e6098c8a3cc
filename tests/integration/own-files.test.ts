import fc from 'fast-check'
import pg from 'pg'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { CATALOGUE } from '@/lib/api/catalogue'
import { restrictCase, unrestrictCase, viewCase } from '@/lib/cases/service'
import { listTasks } from '@/lib/cases/tasks/service'
import { FIELD_KEYS, type FieldKey } from '@/lib/consent/fields'
import { withdrawConsent } from '@/lib/consent/service'
import { withdrawConsentInput } from '@/lib/consent/schema'
import { readIdentity } from '@/lib/people/identity-service'
import { searchPersons } from '@/lib/people/search-service'
import { viewPerson } from '@/lib/people/service'
import { closeWorker } from '@/lib/platform/db/worker'
import { newId } from '@/lib/platform/ids'
import { checkOwnFiles } from '@/lib/referrals/own-file/jobs-service'
import { offerOwnFile, openOwnFile, rebaseOwnFile } from '@/lib/referrals/own-file/open-service'
import { endOwnFileInput, openOwnFileInput, rebaseOwnFileInput } from '@/lib/referrals/own-file/schema'
import { endOwnFile, ownFileState, referralOfOwnCase, viewOwnFile } from '@/lib/referrals/own-file/service'
import { isRecorded } from '@/lib/referrals/facts-rules'
import { readPackage } from '@/lib/referrals/service'
import { makeStatement, printStatement } from '@/lib/reporting/statement/service'
import { loggedService } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { outsider, ownerOf } from '@/tests/factories/office'
import {
  agreedTo,
  MARKERS,
  moved,
  pairOfAgencies,
  refer,
  caseToRefer,
  takenBack,
  type Pair,
} from '@/tests/factories/referrals'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let pair: Pair
let sender: Actor
let receiver: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

const ALL: readonly FieldKey[] = FIELD_KEYS.filter((key) => !/^(?:need|service)\.(?!legal)/.test(key))

/** Two agencies of their own, and a referral that the second one has accepted, with everything along. */
async function accepted(over: { readonly fields?: readonly FieldKey[] } = {}) {
  pair = await pairOfAgencies(owner)
  sender = pair.harbour.caseworker
  receiver = pair.legalaid.caseworker
  const of = await caseToRefer(owner, pair)
  await loggedService(sender, { case: of.case, category: 'legal', type: 'information_advice' })
  const made = valueOf(
    await refer(sender, {
      ...{ case: of.case, needs: [of.need], directoryService: pair.service.code, send: true },
      fields: [...(over.fields ?? ALL)],
    }),
  )
  valueOf(await moved(receiver, made.code, 'accept'))
  return { ...of, referral: made.code }
}

/** The receiving agency's administrator has recorded the law that it keeps files by. */
async function restsOnLaw(over: { readonly categories?: readonly string[]; readonly identity?: string } = {}) {
  await owner`
    INSERT INTO lawful_basis (id, agency_id, purpose, basis, categories, source, identity, set_at)
    VALUES (${newId()}, ${pair.legalaid.agency.id}, 'case_management', 'legal_duty', ${owner.array([...(over.categories ?? [])])}::text[],
      'Rules of the bar, section 50', ${over.identity ?? 'full'}, clock_timestamp())`
}

const open = (actor: Actor, input: Readonly<Record<string, unknown>>) =>
  openOwnFile(actor, openOwnFileInput.parse(input))
const byLaw = (referral: string, over: Readonly<Record<string, unknown>> = {}) => ({
  ...{ referral, basis: 'legal_duty', duty: 'lawyers_file' },
  ...over,
})

describe('a file of the receiver’s own', () => {
  it('is a person and a case of its own, sealed under its own keys, with a line on the holder’s ledger', async () => {
    const { referral, person } = await accepted()
    await restsOnLaw()
    const file = valueOf(await open(receiver, byLaw(referral)))
    expect(file).toMatchObject({
      side: 'receiver',
      basis: { kind: 'legal_duty', duty: 'lawyers_file', source: 'Rules of the bar, section 50' },
      own: { isOpen: true, knownBefore: false },
    })
    const own = file.own
    if (own === null) throw new Error('Whoever opened it works on it')
    expect(own.person).not.toBe(person)
    const identity = valueOf(await readIdentity(receiver, { person: own.person }))
    expect(identity).toMatchObject({ names: [{ value: MARKERS.name }], phones: [MARKERS.phone] })
    expect(valueOf(await viewPerson(receiver, { person: own.person }))).toMatchObject({
      agency: pair.legalaid.agency.key,
      profile: { gender: { state: 'stated', value: 'Feminine' } },
      safeContact: { channels: { text: { safe: true, from: '10:00', until: '14:00' } } },
    })
    expect(valueOf(await viewCase(receiver, { case: own.case })).needsOpen).toBe(1)
    expect(valueOf(await searchPersons(receiver, { query: MARKERS.name })).hits[0]).toMatchObject({ code: own.person })
    expect(valueOf(await referralOfOwnCase(receiver, { case: own.case }))).toBe(referral)

    const [line, ...others] = await owner<{ way: string; bases: string[]; fields: string[]; agency_id: string }[]>`
      SELECT way, bases, fields, agency_id FROM disclosure WHERE subject = ${referral} AND purpose = 'own_file'`
    expect(line).toMatchObject({ way: 'own_file', bases: ['legal_duty'], agency_id: pair.harbour.agency.id })
    expect([...(line?.fields ?? [])].sort()).toEqual([...file.fields].sort())
    expect(others).toEqual([])
    const events = await owner<{ type: string }[]>`
      SELECT type FROM audit_event WHERE subject = ${referral} AND holder_agency_id = ${pair.harbour.agency.id} AND type LIKE 'own-file.%'`
    expect(events.map(({ type }) => type)).toEqual(['own-file.opened'])
  })

  it('is known to the holder as a fact, and stands in the person’s statement there; no code of it does', async () => {
    const { referral, person, case: on } = await accepted()
    await restsOnLaw()
    const file = valueOf(await open(receiver, byLaw(referral)))
    const seen = valueOf(await viewOwnFile(sender, { referral }))
    expect(seen).toMatchObject({ side: 'sender', own: null, may: { rebase: false, end: false } })
    const made = valueOf(await makeStatement(sender, { person, language: 'en' }))
    const statement = valueOf(await printStatement(sender, { person, line: made.code }))
    expect(statement.ownFiles).toMatchObject([
      { agencyName: pair.legalaid.agency.name, basis: { kind: 'legal_duty', duty: 'lawyers_file' }, endedAt: null },
    ])
    const told = await owner`SELECT * FROM audit_event WHERE holder_agency_id = ${pair.harbour.agency.id}`
    for (const code of [file.own?.person, file.own?.case])
      expect(
        JSON.stringify(
          [seen, statement, [...told].map((row) => ({ ...row, id: undefined, txid: undefined }))],
          (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
        ),
      ).not.toContain(code)
    // At no address of the API does either side learn of the other's record, whatever codes of its own it asks with.
    const reads = async (actor: Actor, codes: Readonly<Record<string, string>>) => {
      const token = await tokenFor(owner, actor)
      const answers: string[] = []
      for (const { method, path } of CATALOGUE) {
        const address = path.replace(/\{(\w+)\}/g, (whole, name: string) => codes[name] ?? whole)
        if (method !== 'GET' || address.includes('{')) continue
        const answer = await callApi('GET', address, { token })
        expect(answer.status, address).toBeLessThan(500)
        answers.push(answer.text)
      }
      expect(answers.length).toBeGreaterThan(10)
      return answers.join()
    }
    const holders = await reads(sender, { referralCode: referral, personCode: person, caseCode: on })
    for (const code of [file.own?.person ?? '', file.own?.case ?? '']) expect(holders).not.toContain(code)
    const receivers = await reads(receiver, {
      referralCode: referral,
      personCode: file.own?.person ?? '',
      caseCode: file.own?.case ?? '',
    })
    expect(receivers).not.toContain(person)
  })

  it('trap T10: opened twice, or by two at once, is one file', async () => {
    const { referral } = await accepted()
    await restsOnLaw()
    const both = await Promise.all([open(receiver, byLaw(referral)), open(receiver, byLaw(referral))])
    const again = valueOf(await open(receiver, byLaw(referral)))
    const codes = both.flatMap((one) => (one.ok ? (one.value.own?.case ?? []) : []))
    expect(new Set(codes).size).toBe(1)
    expect(again.openedAt).toBe(valueOf(await viewOwnFile(receiver, { referral })).openedAt)
    const rows = await owner`
      SELECT 1 FROM person WHERE holder_agency_id = ${pair.legalaid.agency.id}`
    expect(rows).toHaveLength(1)
    expect(await owner`SELECT 1 FROM disclosure WHERE subject = ${referral} AND way = 'own_file'`).toHaveLength(1)
  })

  it('proposes whom the agency knows already, adds to their record what it doesn’t say, and writes nothing over', async () => {
    const { referral } = await accepted()
    const known = await registeredPerson(receiver, {
      identity: { names: [{ value: MARKERS.name }], emails: [{ value: 'kept@example.org' }] },
      profile: { gender: { state: 'declined' } },
    })
    await openedCase(receiver, { person: known })
    const offer = valueOf(await offerOwnFile(receiver, { referral, basis: 'own_consent' }))
    expect(offer.alike).toMatchObject([{ code: known, team: true }])
    expect(offer.left).toEqual(['service.legal'])
    const file = valueOf(await open(receiver, { referral, basis: 'own_consent', person: known }))
    expect(file.own).toMatchObject({ person: known, knownBefore: true })
    const who = valueOf(await readIdentity(receiver, { person: known }))
    expect(who).toMatchObject({
      emails: ['kept@example.org'],
      phones: [MARKERS.phone],
      names: [{ value: MARKERS.name }],
    })
    const { profile, cases } = valueOf(await viewPerson(receiver, { person: known }))
    expect(profile?.gender).toEqual({ state: 'declined' })
    expect(cases).toHaveLength(2)
    expect(await open(pair.legalaid.colleague, { referral, basis: 'own_consent' })).toMatchObject({ ok: false })
  })

  it('offers, copies and writes down nothing of what the package shows as not recorded', async () => {
    const { referral } = await accepted()
    await restsOnLaw()
    const offer = valueOf(await offerOwnFile(receiver, { referral, basis: 'legal_duty' }))
    const shown = valueOf(await readPackage(receiver, { referral })).fields.map(({ field }) => field)
    const blank: readonly FieldKey[] = ['profile.disability', 'profile.languages', 'case.risk', 'identity.birth_date']
    expect(shown).toEqual(expect.arrayContaining([...blank]))
    expect(offer.fields.map(({ field }) => field).filter((field) => blank.includes(field))).toEqual([])
    expect(offer.left.filter((field) => blank.includes(field))).toEqual([])
    expect(await open(receiver, byLaw(referral, { fields: ['case.risk'] }))).toMatchObject({
      ...{ refusal: 'invalid', reason: 'fields' },
      errors: { fields: ['own_files.errors.not_recorded'] },
    })
    const file = valueOf(await open(receiver, byLaw(referral)))
    expect([...file.fields].sort()).toEqual(offer.fields.map(({ field }) => field).sort())
    const [line] = await owner<{ fields: string[] }[]>`
      SELECT fields FROM disclosure WHERE subject = ${referral} AND way = 'own_file'`
    expect(line?.fields.filter((field) => blank.includes(field as FieldKey))).toEqual([])
  })

  it('is restricted with the case that it came from, told of without a reason, and never opened up with it', async () => {
    const { referral, case: on } = await accepted()
    await restsOnLaw()
    const { own } = valueOf(await open(receiver, byLaw(referral)))
    const file = own?.case ?? ''
    expect(valueOf(await viewCase(pair.legalaid.colleague, { case: file })).restricted).toBe(false)
    valueOf(await restrictCase(sender, { case: on }))
    expect(valueOf(await viewCase(receiver, { case: file })).restricted).toBe(true)
    for (const actor of [pair.legalaid.colleague, pair.legalaid.admin])
      expect((await viewCase(actor, { case: file })).ok).toBe(false)
    const told = await owner<{ member_id: string; subject: string }[]>`
      SELECT member_id, subject FROM notice WHERE kind = 'own-file.restricted' AND subject = ${referral}`
    expect(told.map(({ member_id: member }) => member)).toEqual([receiver.member])
    const [event] = await owner<{ basis: string; actor_id: string | null }[]>`
      SELECT basis, actor_id FROM audit_event WHERE type = 'case.restricted' AND subject = ${file}`
    expect(event).toEqual({ basis: 'restricted_elsewhere', actor_id: null })
    // Whose file it is says when it opens up again: nothing that the other agency does decides that.
    valueOf(await unrestrictCase(sender, { case: on }))
    expect(valueOf(await viewCase(receiver, { case: file })).restricted).toBe(true)
    valueOf(await unrestrictCase(receiver, { case: file }))
    expect(valueOf(await viewCase(pair.legalaid.colleague, { case: file })).restricted).toBe(false)
  })

  it('that nobody works on now stays where its supervisors find it, and they are told', async () => {
    const { referral, case: on } = await accepted()
    await restsOnLaw()
    const { own } = valueOf(await open(receiver, byLaw(referral)))
    await owner`UPDATE member SET status = 'deactivated' WHERE id = ${receiver.member}`
    valueOf(await restrictCase(sender, { case: on }))
    const file = valueOf(await viewCase(pair.legalaid.supervisor, { case: own?.case ?? '' }))
    expect(file.restricted).toBe(false)
    const told = await owner<{ member_id: string }[]>`
      SELECT member_id FROM notice WHERE kind = 'own-file.restricted' AND subject = ${referral}`
    expect(told.map(({ member_id: member }) => member)).toEqual([pair.legalaid.supervisor.member])
  })

  it('of somebody hidden there is hidden here too', async () => {
    const { referral, case: on } = await accepted()
    await restsOnLaw()
    valueOf(await restrictCase(sender, { case: on }))
    const file = valueOf(await open(receiver, byLaw(referral)))
    expect(valueOf(await viewCase(receiver, { case: file.own?.case ?? '' })).restricted).toBe(true)
    expect(await viewCase(pair.legalaid.colleague, { case: file.own?.case ?? '' })).toMatchObject({
      refusal: 'not_found',
    })
    expect(await viewOwnFile(pair.harbour.colleague, { referral })).toMatchObject({ refusal: 'not_found' })
  })
})

describe('the API', () => {
  it('offers, opens once, shows and ends a file, and says why not', async () => {
    const { referral } = await accepted()
    await restsOnLaw()
    const token = await tokenFor(owner, receiver)
    const here = `/referrals/${referral}/own-file`
    expect((await callApi('GET', here, { token })).status).toBe(404)
    const offer = await callApi('GET', `${here}/offer?basis=legal_duty`, { token })
    expect(offer.body).toMatchObject({ basis: 'legal_duty', left: ['service.legal'], alike: [] })
    const body = { basis: 'legal_duty', duty: 'lawyers_file', fields: ['contact.name'] }
    expect((await callApi('POST', here, { token, body: { basis: 'legal_duty' } })).status).toBe(422)
    const first = await callApi('POST', here, { token, body })
    expect([first.status, first.headers.get('location')]).toEqual([201, `/api/v1${here}`])
    expect((await callApi('POST', here, { token, body })).body['own']).toEqual(first.body['own'])
    expect((await callApi('POST', `${here}/end`, { token, body: { closureReason: 'other' } })).status).toBe(200)
    expect((await callApi('POST', `${here}/basis`, { token, body })).status).toBe(422)
    const again = { basis: 'legal_duty', duty: 'court_order' }
    expect((await callApi('POST', `${here}/basis`, { token, body: again })).status).toBe(409)
  })
})

describe('who opens one, and on what', () => {
  it('nobody but those who answer for the referral, while its package is open', async () => {
    const { referral } = await accepted()
    await restsOnLaw()
    const coordinator = await outsider(owner, 'coordinator', { network: pair.harbour.admin.network })
    for (const actor of [sender, pair.legalaid.colleague, pair.legalaid.admin, pair.harbour.supervisor, coordinator]) {
      expect(await open(actor, byLaw(referral))).toMatchObject({ ok: false })
      expect(await offerOwnFile(actor, { referral, basis: 'legal_duty' })).toMatchObject({ ok: false })
    }
    expect(valueOf(await ownFileState(receiver, { referral })).mayOpen).toBe(true)
    valueOf(await moved(receiver, referral, 'complete', { outcome: 'achieved' }))
    expect(await open(receiver, byLaw(referral))).toMatchObject({ refusal: 'conflict', reason: 'no_package' })
    expect(valueOf(await ownFileState(receiver, { referral }))).toMatchObject({ file: null, mayOpen: false })
  })

  it('on a consent that names it, for the fields that it covers, and on none that is for something else', async () => {
    const { referral, case: on } = await accepted()
    expect(await open(receiver, { referral, basis: 'consent' })).toMatchObject({ reason: 'no_basis' })
    await agreedTo(owner, on, pair.legalaid, {
      purpose: 'own_file',
      identity: 'contact',
      withheld: ['contact.channels'],
    })
    const state = valueOf(await ownFileState(receiver, { referral }))
    expect(state.bases.find(({ kind }) => kind === 'consent')?.fields).toBeGreaterThan(3)
    for (const field of ['identity.names', 'contact.channels'])
      expect(await open(receiver, { referral, basis: 'consent', fields: [field] })).toMatchObject({
        refusal: 'invalid',
        reason: 'fields',
      })
    const file = valueOf(await open(receiver, { referral, basis: 'consent' }))
    expect(file.fields).toContain('contact.name')
    expect(file.fields.some((field) => field.startsWith('identity.') || field === 'contact.channels')).toBe(false)
    // Which consent it is, those know who recorded it.
    expect(file.basis.codes).toEqual([])
    expect(valueOf(await viewOwnFile(sender, { referral })).basis.codes[0]).toMatch(/^CON-/)
  })

  it('on a law only as the agency’s administrator recorded it, and no further', async () => {
    const { referral } = await accepted()
    expect(await open(receiver, byLaw(referral))).toMatchObject({ reason: 'no_basis' })
    await restsOnLaw({ categories: ['medical'] })
    expect(await open(receiver, byLaw(referral))).toMatchObject({ reason: 'no_basis' })
    await restsOnLaw({ categories: ['legal'], identity: 'none' })
    expect(await open(receiver, byLaw(referral, { fields: ['identity.names'] }))).toMatchObject({ reason: 'fields' })
    const file = valueOf(
      await open(receiver, byLaw(referral, { duty: 'other', words: 'Kept by order of the chamber.' })),
    )
    expect(file.own?.words).toBe('Kept by order of the chamber.')
    const [stored] = await owner<{ words: Uint8Array }[]>`SELECT words FROM own_file_basis`.then((rows) =>
      rows.slice(-1),
    )
    expect(Buffer.from(stored?.words ?? []).toString('utf8')).not.toContain('chamber')
    expect(JSON.stringify(valueOf(await viewOwnFile(sender, { referral })))).not.toContain('chamber')
  })

  it('never with a way to reach the person that leaves its rules behind', async () => {
    const { referral } = await accepted()
    const file = valueOf(await open(receiver, { referral, basis: 'own_consent', fields: ['contact.channels'] }))
    expect(file.fields).toEqual(['contact.channels', 'contact.rules'])
    const { safeContact } = valueOf(await viewPerson(receiver, { person: file.own?.person ?? '' }))
    expect(safeContact?.channels.text).toMatchObject({ safe: true })
    await expect(owner`UPDATE own_file SET fields = '{contact.channels}'`).rejects.toThrow(/own_file_reaches_safely/)
  })

  it('never with a duty in words that name the person', async () => {
    const { referral } = await accepted()
    await restsOnLaw()
    expect(await open(receiver, byLaw(referral, { duty: 'other', words: 'For Zephyrine only' }))).toMatchObject({
      reason: 'text_flagged',
    })
    expect(await owner`SELECT 1 FROM person WHERE holder_agency_id = ${pair.legalaid.agency.id}`).toEqual([])
  })

  it('by no statement of the application’s own role', async () => {
    const { referral } = await accepted()
    await restsOnLaw()
    valueOf(await open(receiver, byLaw(referral)))
    const app = new pg.Client({ connectionString: database.appUrl })
    await app.connect()
    for (const table of ['own_file', 'own_file_record', 'own_file_basis'])
      await expect(app.query(`SELECT * FROM ${table}`)).rejects.toThrow(/permission denied/)
    await app.end()
  })
})

describe('the property of a copy', () => {
  it('what is copied is what was chosen, of what the package shows at this moment, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...ALL], { minLength: 1 }),
        fc.subarray([...ALL], { minLength: 1 }),
        fc.subarray(['contact.channels', 'identity.names', 'profile.gender', 'contact.name']),
        async (shared, chosen, withheld) => {
          const { referral, case: on } = await accepted({ fields: [...shared] })
          await agreedTo(owner, on, pair.legalaid, { withheld })
          const facts = valueOf(await readPackage(receiver, { referral })).fields
          const shows = new Set(facts.map(({ field }) => field))
          // A way to reach somebody brings its rules, also where nobody asked about them.
          const says = new Set(facts.filter(({ field, value }) => isRecorded(field, value)).map(({ field }) => field))
          if (says.has('contact.channels') && shows.has('contact.rules')) says.add('contact.rules')
          const offer = await offerOwnFile(receiver, { referral, basis: 'own_consent' })
          const offered = offer.ok ? offer.value.fields.map(({ field }) => field) : []
          expect(offered.filter((field) => !says.has(field))).toEqual([])
          const answer = await open(receiver, { referral, basis: 'own_consent', fields: chosen })
          const kept = new Set(chosen.includes('contact.channels') ? [...chosen, 'contact.rules'] : chosen)
          const isCovered = [...kept].every((field) => says.has(field as FieldKey) && !field.startsWith('service.'))
          expect(answer.ok).toBe(isCovered)
          if (!answer.ok || answer.value.own === null) return
          expect([...answer.value.fields].sort()).toEqual([...kept].sort())
          const who = valueOf(await readIdentity(receiver, { person: answer.value.own.person }))
          const hasName = chosen.includes('identity.names') || chosen.includes('contact.name')
          expect(who.names.length > 0).toBe(hasName)
          expect(who.phones.length > 0).toBe(chosen.includes('contact.channels'))
          expect(who.addresses.length > 0).toBe(chosen.includes('identity.addresses'))
          const { profile } = valueOf(await viewPerson(receiver, { person: answer.value.own.person }))
          expect(profile?.gender.state === 'stated').toBe(chosen.includes('profile.gender'))
        },
      ),
      { numRuns: 6 },
    )
  })
})

describe('when what it rests on ends', () => {
  const tasksOf = async (actor: Actor) =>
    valueOf(await listTasks(actor, { scope: 'mine' })).items.filter(({ kind }) => kind === 'own_file_basis')
  const noticesOf = async (actor: Actor) =>
    owner<
      { subject: string }[]
    >`SELECT subject FROM notice WHERE member_id = ${actor.member} AND kind = 'own-file.basis-ended'`

  it('the file stays after the referral; a withdrawn consent is told of, with a task, and another basis recorded', async () => {
    const { referral, case: on } = await accepted()
    const consent = await agreedTo(owner, on, pair.legalaid, { purpose: 'own_file' })
    const { own } = valueOf(await open(receiver, { referral, basis: 'consent' }))
    valueOf(await moved(receiver, referral, 'complete', { outcome: 'achieved' }))
    expect(await readPackage(receiver, { referral })).toMatchObject({ refusal: 'not_found' })
    expect(valueOf(await readIdentity(receiver, { person: own?.person ?? '' })).names).toHaveLength(1)

    await takenBack(owner, consent)
    const ended = valueOf(await viewOwnFile(receiver, { referral }))
    expect(ended.basisEndedAt).not.toBeNull()
    expect(await noticesOf(receiver)).toMatchObject([{ subject: referral }])
    expect(await tasksOf(receiver)).toHaveLength(1)
    expect(valueOf(await viewOwnFile(sender, { referral })).basisEndedAt).not.toBeNull()

    const law = { referral, basis: 'legal_duty', duty: 'lawyers_file' }
    await restsOnLaw()
    expect(await rebaseOwnFile(pair.legalaid.colleague, rebaseOwnFileInput.parse(law))).toMatchObject({ ok: false })
    const rebased = valueOf(await rebaseOwnFile(receiver, rebaseOwnFileInput.parse(law)))
    expect(rebased).toMatchObject({ basisEndedAt: null, basis: { kind: 'legal_duty' } })
    expect(await tasksOf(receiver)).toEqual([])
  })

  it('what the person told the receiver is taken back there, and the file ends with its case', async () => {
    const { referral } = await accepted()
    const { own } = valueOf(
      await open(receiver, { referral, basis: 'own_consent', givenBy: 'person', method: 'written' }),
    )
    const [given] = await owner<{ code: string }[]>`
      SELECT k.code FROM consent k JOIN case_file c ON c.id = k.case_id WHERE c.code = ${own?.case ?? ''}`
    valueOf(await withdrawConsent(receiver, withdrawConsentInput.parse({ consent: given?.code })))
    expect(valueOf(await viewOwnFile(receiver, { referral })).basisEndedAt).not.toBeNull()
    expect(await endOwnFile(receiver, endOwnFileInput.parse({ referral }))).toMatchObject({ refusal: 'invalid' })
    const over = valueOf(await endOwnFile(receiver, { referral, closureReason: 'person_withdrew' }))
    expect(over).toMatchObject({ own: { isOpen: false }, may: { rebase: false, end: false } })
    expect(over.endedAt).not.toBeNull()
    expect(await endOwnFile(receiver, { referral, closureReason: 'person_withdrew' })).toMatchObject({
      reason: 'ended',
    })
    expect(valueOf(await viewOwnFile(sender, { referral })).endedAt).toBe(over.endedAt)
    expect(await tasksOf(receiver)).toEqual([])
  })

  it('a consent that runs out, and a law that is taken back, are found by the job', async () => {
    const { referral } = await accepted()
    await restsOnLaw()
    valueOf(await open(receiver, byLaw(referral)))
    await owner`
      INSERT INTO lawful_basis (id, agency_id, purpose, basis, source, set_at)
      VALUES (${newId()}, ${pair.legalaid.agency.id}, 'case_management', 'consent', 'A law', clock_timestamp())`
    await owner`UPDATE own_file SET checked_at = checked_at - interval '1 hour' WHERE ended_at IS NULL`
    expect(await checkOwnFiles()).toBeGreaterThan(0)
    expect(await checkOwnFiles()).toBe(0)
    expect(valueOf(await viewOwnFile(receiver, { referral })).basisEndedAt).not.toBeNull()
    expect(await noticesOf(receiver)).toHaveLength(1)
    await restsOnLaw()
    await owner`UPDATE own_file SET checked_at = checked_at - interval '1 hour' WHERE ended_at IS NULL`
    await checkOwnFiles()
    expect(valueOf(await viewOwnFile(receiver, { referral })).basisEndedAt).toBeNull()
  })
})
