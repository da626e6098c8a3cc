import fc from 'fast-check'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import {
  FOR_GENDERS,
  searchDirectoryInput,
  type ListedServiceView,
  type ListedServicePage,
  type WantedHelp,
} from '@/lib/directory/schema'
import {
  bestListedServiceIn,
  findListedServiceIn,
  rankServicesIn,
  searchDirectory,
  viewListedService,
} from '@/lib/directory/service'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { ok } from '@/lib/platform/result'
import { officesOfOneNetwork, signedAgreement } from '@/tests/factories/agreements'
import { valueOf } from '@/tests/factories/cases'
import { listedService, networkArea } from '@/tests/factories/directory'
import { office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let clinic: Office
let legalaid: Office
let coordinator: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  const [first, second, third] = await officesOfOneNetwork(owner, 3)
  if (first === undefined || second === undefined || third === undefined) throw new Error('Three agencies')
  ;[harbour, clinic, legalaid] = [first, second, third]
  const { network } = harbour.admin
  coordinator = await outsider(owner, 'coordinator', { network })
  for (const key of ['north', 'east']) await networkArea(owner, network, key)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

async function clearAll(): Promise<void> {
  for (const table of [
    'listed_service_receiver',
    'listed_service_room',
    'listed_service',
    'agreement_party',
    'agreement',
  ])
    await owner`DELETE FROM ${owner(table)}`
}

const search = (actor: Actor, over: Readonly<Record<string, unknown>> = {}) =>
  searchDirectory(actor, searchDirectoryInput.parse(over))
const found = async (actor: Actor, over: Readonly<Record<string, unknown>> = {}) =>
  valueOf(await search(actor, over)).items
const viewed = async (actor: Actor, service: string) => valueOf(await viewListedService(actor, { service }))

describe('a search', () => {
  it('puts what can help now first, and says why', async () => {
    await clearAll()
    await signedAgreement([harbour, clinic], { categories: ['legal'] })
    const make = (
      from: Office,
      name: string,
      over: Readonly<Record<string, unknown>> = {},
      receivers = [from.caseworker],
    ) => listedService(from, { name, ...over }, { receivers })
    await make(legalaid, 'No agreement')
    await make(clinic, 'Full', { available: 0 })
    await make(clinic, 'Nobody answers', {}, [])
    await make(clinic, 'Not told', { available: undefined })
    await make(clinic, 'Through an interpreter', { interpreters: true, languages: ['eng'] })
    await make(clinic, 'Only for adults', { minAge: 18 })
    await make(clinic, 'Only in the east', { areas: ['east'] })
    await make(clinic, 'Speaks it', { languages: ['tir'] })
    await make(harbour, 'Our own', { languages: ['tir'] })
    const wanted = { category: 'legal', language: 'tir', area: 'north', all: 'yes' }
    const list = await found(harbour.caseworker, wanted)
    expect(list.map(({ name }) => name)).toEqual([
      'Our own',
      'Speaks it',
      'Through an interpreter',
      'Only for adults',
      'Not told',
      'Full',
      'Nobody answers',
      'No agreement',
      'Only in the east',
    ])
    const fits = Object.fromEntries(list.map(({ name, fit }) => [name, fit]))
    expect(fits['Our own']).toMatchObject({ agreement: 'own', verdict: 'fits', language: 'fits', room: 'free' })
    expect(fits['Through an interpreter']).toMatchObject({
      agreement: 'fits',
      verdict: 'fits',
      language: 'interpreter',
    })
    expect(fits['Only for adults']).toMatchObject({ verdict: 'ask', age: 'any', language: 'ask' })
    expect(fits['No agreement']).toMatchObject({ agreement: 'no' })
    expect(fits['Only in the east']).toMatchObject({ verdict: 'no', area: 'no' })
    expect((await found(harbour.caseworker, { ...wanted, all: undefined })).map(({ name }) => name)).not.toContain(
      'Only in the east',
    )
    // Who refers nobody is told of no agreement.
    expect((await found(coordinator, wanted)).every(({ fit }) => fit.agreement === 'any')).toBe(true)
  })

  it('P05: tells of an agreement exactly where one in force covers sharing in the category', async () => {
    await clearAll()
    for (const category of CATEGORY_KEYS) {
      const type = {
        legal: 'civil_documents',
        psychological: 'crisis_support',
        medical: 'emergency_care',
        social: 'transport',
        residency: 'statelessness',
        reintegration: 'mediation',
      }[category]
      await listedService(clinic, { category, type })
    }
    await signedAgreement([harbour, clinic], { categories: ['legal', 'medical'] })
    await signedAgreement([harbour, clinic], { categories: ['social'], purposes: ['statistics'] })
    await signedAgreement([harbour, clinic], {
      categories: ['residency'],
      startsOn: '2035-01-01',
      endsOn: '2036-12-31',
    })
    const covered = (await found(harbour.caseworker))
      .filter(({ fit }) => fit.agreement === 'fits')
      .map(({ category }) => category)
    expect(covered.sort()).toEqual(['legal', 'medical'])
    expect((await found(legalaid.caseworker)).every(({ fit }) => fit.agreement === 'no')).toBe(true)
  })

  it('knows when it is open, in the zone of the agency, and puts what is closed later in an emergency', async () => {
    await clearAll()
    const zoned = await office(owner, { network: harbour.admin.network, timeZone: 'Asia/Tokyo' })
    const at = new Date(Date.now() + 9 * 3_600_000)
    const day = ((at.getUTCDay() + 6) % 7) + 1
    const minutes = at.getUTCHours() * 60 + at.getUTCMinutes()
    const span = (from: number, to: number) => {
      const clock = (minute: number) =>
        `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
      return [{ day, opens: clock(from), closes: clock(to) }]
    }
    const open = await listedService(zoned, { name: 'Open', opening: span(0, Math.min(1440, minutes + 30)) })
    const closed = await listedService(zoned, {
      name: 'Closed',
      opening: minutes > 720 ? span(0, 60) : span(1380, 1440),
    })
    const untold = await listedService(zoned, { name: 'Not told' })
    const isOpen = async ({ code }: { readonly code: string }) => (await viewed(clinic.caseworker, code)).isOpenNow
    expect([await isOpen(open), await isOpen(closed), await isOpen(untold)]).toEqual([true, false, null])
    const names = async (urgency: WantedHelp['urgency']) =>
      valueOf(await withActor(clinic.caseworker, (tx) => rankServicesIn(tx, { urgency }, { limit: 9 }))).items.map(
        ({ name }) => name,
      )
    expect(await names('emergency')).toEqual(['Not told', 'Open', 'Closed'])
    expect(await names('routine')).toEqual(['Closed', 'Not told', 'Open'])
  })

  it('gives the best-fitting service of an agency that somebody answers for, or none', async () => {
    await clearAll()
    const best = async (agency: Office, wanted: WantedHelp) =>
      valueOf(
        await withActor(harbour.caseworker, async (tx) => ok(await bestListedServiceIn(tx, agency.agency.key, wanted))),
      )?.name
    await listedService(clinic, { name: 'Nobody answers' }, { receivers: [] })
    expect(await best(clinic, { category: 'legal' })).toBeUndefined()
    await listedService(clinic, { name: 'Only for men', genders: ['Masculine'] })
    expect(await best(clinic, { category: 'legal', gender: 'Feminine' })).toBeUndefined()
    await listedService(clinic, { name: 'Open to all' })
    expect(await best(clinic, { category: 'legal', gender: 'Feminine' })).toBe('Open to all')
    expect(await best(clinic, { category: 'medical' })).toBeUndefined()
    expect(await best(legalaid, { category: 'legal' })).toBeUndefined()
    const { code, id } = await listedService(clinic)
    expect(
      valueOf(await withActor(harbour.caseworker, async (tx) => ok(await findListedServiceIn(tx, code)))),
    ).toMatchObject({ id, agencyId: clinic.agency.id })
  })

  it('turns its pages without losing or repeating any, and takes no cursor of another search', async () => {
    await clearAll()
    for (let made = 0; made < 23; made += 1)
      await listedService(
        clinic,
        { name: `Same ${String(made % 4)}`, available: made % 3 === 0 ? 0 : 2 },
        { receivers: [] },
      )
    const all = (await found(harbour.caseworker)).map(({ code }) => code)
    const read: string[] = []
    let cursor: string | null = null
    do {
      const page: ListedServicePage = valueOf(
        await search(harbour.caseworker, { limit: 5, ...(cursor === null ? {} : { cursor }) }),
      )
      read.push(...page.items.map(({ code }) => code))
      cursor = page.nextCursor
      if (cursor !== null)
        expect(await search(harbour.caseworker, { category: 'legal', cursor })).toMatchObject({ refusal: 'invalid' })
    } while (cursor !== null)
    expect(read).toEqual(all)
    expect(new Set(read).size).toBe(23)
  })

  it('invariant 7: asks of a person nothing but age, gender, languages and area, and ranks by a plain rule', async () => {
    await clearAll()
    const languages = ['eng', 'tir', 'fra'] as const
    const some = <T>(values: readonly T[]) => fc.subarray([...values], { maxLength: 2 })
    const ages = fc.option(
      fc
        .tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 20 }))
        .map(([from, more]) => ({ from, to: from + more })),
      { nil: undefined },
    )
    const offers = fc.record({
      minAge: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
      maxAge: fc.option(fc.integer({ min: 40, max: 90 }), { nil: undefined }),
      genders: some(FOR_GENDERS),
      languages: some(languages),
      interpreters: fc.boolean(),
      areas: some(['north', 'east']),
      stepFree: fc.boolean(),
      withChildren: fc.boolean(),
      available: fc.constantFrom(undefined, 0, 2),
      answered: fc.boolean(),
    })
    const wanted = fc.record({
      ages,
      gender: fc.option(fc.constantFrom(...FOR_GENDERS), { nil: undefined }),
      area: fc.option(fc.constantFrom('north', 'east'), { nil: undefined }),
      languages: some(languages),
      stepFree: fc.boolean(),
      withChildren: fc.boolean(),
    })
    type Offer = typeof offers extends fc.Arbitrary<infer T> ? T : never
    type Wanted = typeof wanted extends fc.Arbitrary<infer T> ? T : never

    function modelRank(made: Offer, w: Wanted): number {
      const low = made.minAge ?? -1
      const high = made.maxAge ?? 999
      const limited = made.minAge !== undefined || made.maxAge !== undefined
      const ageOut = limited && w.ages !== undefined && (w.ages.to < low || w.ages.from > high)
      const ageAsk = limited && !ageOut && (w.ages === undefined || w.ages.from < low || w.ages.to > high)
      const outside = (set: readonly string[], value: string | undefined) =>
        set.length > 0 && value !== undefined && !set.includes(value)
      const unsure = (set: readonly string[], value: string | undefined) => set.length > 0 && value === undefined
      const access = (w.stepFree && !made.stepFree) || (w.withChildren && !made.withChildren)
      const excluded = ageOut || outside(made.genders, w.gender) || outside(made.areas, w.area) || access
      const asks = ageAsk || unsure(made.genders, w.gender) || unsure(made.areas, w.area)
      const shared = w.languages.length === 0 || w.languages.some((one) => made.languages.includes(one))
      return (
        (excluded ? 1024 : 0) +
        (made.answered ? 0 : 256) +
        (made.available === undefined ? 16 : made.available === 0 ? 64 : 0) +
        (asks ? 8 : 0) +
        (shared ? 0 : made.interpreters ? 2 : 4)
      )
    }

    await fc.assert(
      fc.asyncProperty(fc.array(offers, { minLength: 1, maxLength: 6 }), wanted, async (made, w) => {
        await clearAll()
        const names = made.map((_, index) => `Offer ${String(index)}`)
        for (const [index, { answered, ...over }] of made.entries())
          await listedService(
            harbour,
            { ...over, name: names[index] },
            { receivers: answered ? [harbour.caseworker] : [] },
          )
        const asked: WantedHelp = { ...w, forPerson: true, category: 'legal', all: true }
        const got = valueOf(await withActor(harbour.caseworker, (tx) => rankServicesIn(tx, asked, { limit: 50 }))).items
        const expected = made
          .map((one, index) => ({ rank: modelRank(one, w), name: names[index] ?? '' }))
          .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
        expect(got.map(({ name }) => name)).toEqual(expected.map(({ name }) => name))
        expect(got.map(verdictOf)).toEqual(
          expected.map(({ rank }) => (rank >= 1024 ? 'no' : (rank & 12) > 0 ? 'ask' : 'fits')),
        )
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})

const verdictOf = ({ fit }: ListedServiceView) => fit.verdict
