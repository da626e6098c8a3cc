import { describe, expect, it } from 'vitest'

import type { Cell } from '@/lib/reporting/cube/schema'

import { analyse, cannotAsk, referenceIn } from './rules'

type Counts = Readonly<Record<string, readonly [yes: number, no: number]>>

function cells(tier: Cell['tier'], agency: string, category: string, counts: Counts): Cell[] {
  return Object.entries(counts).flatMap(([level, [yes, no]]) => [
    { tier, agency, category, level, family: 'in_time', class: 'yes', n: yes } as const,
    { tier, agency, category, level, family: 'in_time', class: 'no', n: no } as const,
  ])
}

const ASKED = { outcome: 'met_in_time' as const, adjustFor: [] }
const WITHIN = { outcome: 'met_in_time' as const, adjustFor: ['agency' as const] }
const of = (found: ReturnType<typeof analyse>, group: string) =>
  found.comparisons.find((one) => one.group === group) ?? expect.fail(group)

describe('asking what of a period is shown', () => {
  it('undoes Simpson’s paradox: what differs as it is goes when agencies are held equal', () => {
    const shown = [
      ...cells('network', '', '', { eng: [780, 220], tir: [330, 570] }),
      ...cells('agency', 'one', '', { eng: [720, 80], tir: [90, 10] }),
      ...cells('agency', 'other', '', { eng: [60, 140], tir: [240, 560] }),
    ]
    const crude = of(analyse(shown, ASKED, 'language', null), 'tir')
    expect([crude.verdict, crude.mantelHaenszel]).toEqual(['worse', null])
    const within = of(analyse(shown, WITHIN, 'language', null), 'tir')
    expect(within.riskRatio?.estimate).toBeLessThan(0.5)
    expect(within.mantelHaenszel?.oddsRatio?.estimate).toBeCloseTo(1, 12)
    expect([within.verdict, within.change, within.heldEqual]).toEqual(['not_shown', 'gone', 1])
  })

  const network = { eng: [100, 100], som: [40, 40], tir: [60, 60] } as const
  const partly = [
    ...cells('network', '', '', network),
    ...cells('agency', 'one', '', { eng: [50, 50], som: [30, 10], tir: [30, 30] }),
    ...cells('agency', 'two', '', { eng: [30, 30], tir: [15, 15], '~': [5, 20] }),
    ...cells('agency', '~', '', { eng: [20, 20], tir: [15, 15], '~': [5, 10] }),
  ]

  it('keeps back a group that stands together with others', () => {
    const found = analyse(partly, { ...ASKED, agency: 'two' }, 'language', null)
    expect(found.groups.map(({ group, kept, n }) => [group, kept, n])).toEqual([
      ['eng', false, 60],
      ['som', true, null],
      ['tir', false, 30],
      ['~', false, 25],
    ])
  })

  it('puts what can’t be told apart into one stratum, and says how much could', () => {
    const found = analyse(partly, WITHIN, 'language', null)
    expect(of(found, 'som').heldEqual).toBe(0.5)
    // Agencies that stand together are no stratum that could be told apart either.
    expect(of(found, 'tir').heldEqual).toBe(0.75)
  })

  it('answers for all comparisons of a run together, those held equal among them', () => {
    expect(analyse(partly, ASKED, 'language', null).looked).toBe(2)
    expect(analyse(partly, WITHIN, 'language', null).looked).toBe(4)
  })

  it('finds a category in all agencies only where it is told apart in each of them', () => {
    const legal = { eng: [30, 30], tir: [20, 20] } as const
    const shown = [
      ...cells('network', '', '', { eng: [100, 100], tir: [60, 60] }),
      ...cells('agency', 'one', '', { eng: [50, 50], tir: [30, 30] }),
      ...cells('category', 'one', 'legal', legal),
      ...cells('category', 'one', '~', { eng: [20, 20], '~': [10, 10] }),
      ...cells('agency', 'two', '', { eng: [50, 50], tir: [30, 30] }),
      ...cells('category', 'two', 'social', { eng: [50, 50], tir: [30, 30] }),
    ]
    const groups = (category: 'legal' | 'social') =>
      analyse(shown, { ...ASKED, category }, 'language', null).groups.map(({ group, n }) => [group, n])
    expect(groups('legal')).toEqual([
      ['eng', 60],
      ['tir', 40],
    ])
    // The first agency may have some of it among its small categories.
    expect(groups('social')).toEqual([
      ['eng', null],
      ['tir', null],
    ])
  })

  it('flags groups of whom all or none had the outcome', () => {
    const found = analyse(cells('network', '', '', { eng: [100, 100], tir: [0, 60] }), ASKED, 'language', null)
    expect(found.groups.map(({ group, isWhole }) => [group, isWhole])).toEqual([
      ['eng', false],
      ['tir', true],
    ])
  })

  it('raises false alarms no more often than it says: where groups are alike, in at most one run of twenty', () => {
    let state = 58_137
    const draw = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state / 2 ** 32
    }
    const alike = (n: number): [number, number] => {
      const yes = Array.from({ length: n }, draw).filter((chance) => chance < 0.4).length
      return [yes, n - yes]
    }
    const runs = Array.from({ length: 400 }, () => {
      const counts = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`g${String(at)}`, alike(60 + 30 * at)]))
      return analyse(cells('network', '', '', counts), ASKED, 'language', null)
    })
    const alarms = runs.filter(({ comparisons }) => comparisons.some(({ verdict }) => verdict !== 'not_shown'))
    // Three standard deviations of 400 runs above the rate.
    expect(alarms.length / runs.length).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 400))
  })

  it('compares with the largest group whose value was stated, never with “not asked” unless somebody chooses it', () => {
    const shown = cells('network', '', '', { eng: [100, 100], not_asked: [300, 300], tir: [60, 60], '~': [500, 1] })
    const references = (found: ReturnType<typeof analyse>) => new Set(found.comparisons.map((one) => one.reference))
    expect(references(analyse(shown, ASKED, 'language', null))).toEqual(new Set(['eng']))
    expect(references(analyse(shown, { ...ASKED, reference: 'not_asked' }, 'language', null))).toEqual(
      new Set(['not_asked']),
    )
    expect(referenceIn(shown, { ...ASKED, reference: 'vie' })).toBeNull()
    const unstated = cells('network', '', '', { not_asked: [100, 100], declined: [100, 100] })
    expect(analyse(unstated, ASKED, 'language', null).comparisons).toEqual([])
  })

  it('shows both groups in each stratum, and tells where they can’t be told apart', () => {
    const [within] = analyse(partly, WITHIN, 'language', null).comparisons.filter(({ group }) => group === 'tir')
    expect(within?.strata.map(({ names, group, reference }) => [names, group.n, reference.n])).toEqual([
      [['one'], 60, 100],
      [['two'], 30, 60],
      [['~'], 30, 40],
    ])
  })

  it('tells declines by reason only where the reason is told by itself', () => {
    const why = (one: string, n: number): Cell => ({
      ...(cells('network', '', '', { eng: [0, 0] })[0] ?? expect.fail()),
      family: 'why',
      class: one,
      n,
    })
    const coarse = [why('capacity', 20), why('else', 30), why('none', 90)]
    expect(analyse(coarse, { outcome: 'declined_no_capacity', adjustFor: [] }, 'language', null).groups).toMatchObject([
      { group: 'eng', n: 50, events: 20 },
    ])
    expect(analyse(coarse, { outcome: 'declined_unfit', adjustFor: [] }, 'language', null).groups).toEqual([])
    expect(analyse(coarse, { outcome: 'referral_accepted', adjustFor: [] }, 'language', null).declines).toEqual([
      { group: 'eng', capacity: 20, unfit: null, person: null, else: 30 },
    ])
  })

  it('compares nothing where fewer than two groups stand alone', () => {
    const found = analyse(cells('network', '', '', { eng: [100, 100], '~': [20, 20] }), ASKED, 'language', null)
    expect([found.comparisons, found.looked]).toEqual([[], 0])
  })

  it('asks outcomes that stand for the network alone for nothing finer', () => {
    const asked = { outcome: 'service_interrupted', ground: 'language', adjustFor: [] } as const
    expect(cannotAsk({ ...asked, adjustFor: [] })).toBeNull()
    expect(cannotAsk({ ...asked, adjustFor: ['category'] })).toBe('network_only')
    expect(cannotAsk({ ...asked, category: 'legal', adjustFor: [] })).toBe('network_only')
    expect(cannotAsk({ ...asked, outcome: 'turned_away', ground: 'place', adjustFor: [] })).toBe('door_ground')
  })
})
