import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Gathered, suppress } from '@/lib/reporting/cube/rules'
import { FAMILIES, type Alike, type Cell, type Family } from '@/lib/reporting/cube/schema'

import { analyse, cannotAsk } from './rules'
import { OUTCOME_KEYS, type Adjuster, type Figures } from './schema'

/** A need in a world small enough to ask everything of: each is another person's. */
type Need = {
  category: 'legal' | 'social'
  agency: string
  language: string
  classes: Record<Exclude<Family, 'door'>, string>
}

const WAIT: Readonly<Record<string, string>> = {
  quarter: 'in_time',
  half: 'in_time',
  limit: 'in_time',
  twice: 'twice',
  later: 'later',
}

const need = fc
  .record({
    category: fc.constantFrom('legal' as const, 'social' as const, 'social' as const),
    agency: fc.constantFrom('a', 'a', 'b', 'c'),
    language: fc.constantFrom('eng', 'eng', 'ara', 'tir', 'vie'),
    met: fc.constantFrom('yes', 'no'),
    pace: fc.constantFrom(...FAMILIES.pace),
    referral: fc.constantFrom(...FAMILIES.referral),
    answered: fc.constantFrom('in_time', 'late'),
    why: fc.constantFrom('capacity', 'unfit', 'person', 'else'),
  })
  .map(({ category, agency, language, met, pace, referral, answered, why }): Need => {
    const wait = WAIT[pace] ?? 'none'
    const isAnswered = referral === 'accepted' || referral === 'declined'
    return {
      ...{ category, agency, language },
      classes: {
        ...{ met, pace, wait, referral, complete: 'yes', nth: 'first' },
        in_time: wait === 'in_time' ? 'yes' : 'no',
        course: wait === 'none' ? 'none' : 'uninterrupted',
        answer: isAnswered ? answered : referral,
        why: referral === 'declined' ? why : 'none',
      },
    }
  })

const world = fc
  .tuple(fc.integer({ min: 2, max: 12 }), fc.array(need, { minLength: 15, maxLength: 45 }))
  .map(([times, some]) => Array.from({ length: times }, () => some).flat())

function cellsOf(needs: readonly Need[]): readonly Cell[] {
  const alike = needs.map(({ category, agency, language, classes }, at): Alike => ({
    ...{ ground: 'language', level: language, category, agency, classes, n: 1 },
    people: [at],
  }))
  return suppress(new Gathered().add(alike)).flatMap(({ cells }) => cells)
}

const AGENCIES = [undefined, 'a', 'b', 'c'] as const
const CATEGORIES = [undefined, 'legal', 'social'] as const
const HELD = [[], ['agency'], ['category'], ['category', 'agency']] as Adjuster[][]

/** The answers to everything that can be asked of one ground. */
function answersTo(cells: readonly Cell[]): Figures[] {
  return OUTCOME_KEYS.flatMap((outcome) =>
    AGENCIES.flatMap((agency) =>
      CATEGORIES.flatMap((category) =>
        HELD.flatMap((adjustFor) => {
          const asked = {
            ...{ outcome, adjustFor },
            ...(agency === undefined ? {} : { agency }),
            ...(category === undefined ? {} : { category }),
          }
          return cannotAsk({ ...asked, ground: 'language' }) === null ? [analyse(cells, asked, 'language', null)] : []
        }),
      ),
    ),
  )
}

/** Every count that an answer says, and every one that its rates, ratios, terms and curves are made of. */
function countsIn({ groups, comparisons, waiting, declines }: Figures): number[] {
  const both = ({ n, events }: { readonly n: number; readonly events: number }) => [n, events, n - events]
  return [
    ...groups.flatMap(({ n, events }) => (n === null || events === null ? [] : both({ n, events }))),
    ...groups.flatMap(({ people }) => people ?? []),
    ...comparisons.flatMap(({ strata }) =>
      strata.flatMap(({ group, reference }) => [...both(group), ...both(reference)]),
    ),
    ...(waiting?.groups ?? []).flatMap((group) => [
      ...both(group),
      ...group.curve.flatMap(({ atRisk, came, gone }) => [
        atRisk,
        // What shares of all become as counts again.
        Math.round(came * group.n),
        ...(gone === null ? [] : [Math.round(gone * group.n)]),
      ]),
      // What leaves at each step, since each share follows from the number still at risk.
      ...group.curve.slice(1).map(({ atRisk }, at) => (group.curve[at]?.atRisk ?? 0) - atRisk),
    ]),
    ...declines.flatMap((one) => [one.capacity, one.unfit, one.person, one.else]).filter((n) => n !== null),
  ]
}

describe('an attack on answers', () => {
  it('invariant 6: no answer of random sequences says a count of 1 to 10, nor do its rates, strata, terms and curves', () => {
    fc.assert(
      fc.property(world, (needs) => {
        const few = answersTo(cellsOf(needs))
          .flatMap(countsIn)
          .filter((n) => n >= 1 && n <= 10)
        expect(few).toEqual([])
      }),
      { numRuns: 25, seed: 58_137 },
    )
  })

  it('invariant 6: whoever asks everything can’t tell a year from another in which few people’s groups are larger or smaller', () => {
    fc.assert(
      fc.property(world, (needs) => {
        const told = JSON.stringify(cellsOf(needs))
        const small = smallGroups(needs).slice(0, 4)
        for (const group of small) expect([group, hasTwin(needs, group, told)]).toEqual([group, true])
      }),
      { numRuns: 6, seed: 58_137, endOnFailure: true },
    )
  })
})

type Group = readonly [language: string, agency: string, met: string]
const isOf = ({ language, agency, classes }: Need, group: Group) =>
  language === group[0] && agency === group[1] && classes.met === group[2]

/** Groups of 1 to 10, by language, agency and whether the need was met. */
function smallGroups(needs: readonly Need[]): Group[] {
  const all = ['eng', 'ara', 'tir', 'vie'].flatMap((language) =>
    ['a', 'b', 'c'].flatMap((agency) => ['yes', 'no'].map((met): Group => [language, agency, met])),
  )
  return all.filter((group) => {
    const n = needs.filter((one) => isOf(one, group)).length
    return n >= 1 && n <= 10
  })
}

/** Whether two people may have each other's language, or each other's agency, and everything that is told stays as it is. */
function hasTwin(needs: readonly Need[], group: Group, told: string): boolean {
  for (const [at, one] of needs.entries()) {
    if (!isOf(one, group)) continue
    const tried = new Set<string>()
    for (const [where, other] of needs.entries()) {
      const kind = [other.language, other.agency, other.category, other.classes.met, other.classes.pace].join(' ')
      if (tried.has(kind) || where === at) continue
      tried.add(kind)
      for (const fact of ['language', 'agency'] as const) {
        const twin = [...needs]
        twin[at] = { ...one, [fact]: other[fact] }
        twin[where] = { ...other, [fact]: one[fact] }
        const same =
          twin.filter((each) => isOf(each, group)).length === needs.filter((each) => isOf(each, group)).length
        if (!same && JSON.stringify(cellsOf(twin)) === told) return true
      }
    }
    return false
  }
  return true
}
