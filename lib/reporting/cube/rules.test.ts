import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isShown, suppress } from './rules'
import { TOGETHER, type Alike, type Cell, type Family, type Ground, type GroundTable } from './schema'

/** A need as the extract has it, in a world small enough to be solved. */
type Need = {
  person: number
  category: string
  agency: string
  classes: Record<Family, string>
  levels: Record<'gender' | 'language', string>
}

const IN_TEST = ['gender', 'language'] as const satisfies readonly Ground[]

const need = fc
  .record({
    category: fc.constantFrom('legal', 'social', 'social'),
    agency: fc.constantFrom('a', 'a', 'b', 'c'),
    met: fc.constantFrom('yes', 'no'),
    wait: fc.constantFrom('in_time', 'in_time', 'twice', 'later', 'none'),
    interrupted: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    referral: fc.constantFrom('accepted', 'declined', 'other', 'none', 'none'),
    gender: fc.constantFrom('f', 'f', 'm', 'x'),
    language: fc.constantFrom('eng', 'eng', 'ara', 'tir', 'vie'),
  })
  .map(({ category, agency, met, wait, interrupted, referral, gender, language }): Omit<Need, 'person'> => ({
    category,
    agency,
    classes: {
      met,
      in_time: wait === 'in_time' ? 'yes' : 'no',
      complete: 'yes',
      wait,
      course: wait === 'none' ? 'none' : interrupted ? 'interrupted' : 'uninterrupted',
      referral,
    },
    levels: { gender, language },
  }))

/** From a handful to some hundreds, so that everything from nothing to most of it is shown. */
const world = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.array(need, { minLength: 15, maxLength: 45 }))
  .map(([times, some]) => {
    // The first need of each category is the first person's: most people need help of two kinds.
    const counted = new Map<string, number>()
    return Array.from({ length: times }, () => some)
      .flat()
      .map((one): Need => {
        const person = counted.get(one.category) ?? 0
        counted.set(one.category, person + 1)
        return { ...one, person, classes: { ...one.classes }, levels: { ...one.levels } }
      })
  })

function alikeOf(needs: readonly Need[]): Alike[] {
  const found = new Map<string, Alike>()
  for (const { person, category, agency, classes, levels } of needs)
    for (const ground of IN_TEST) {
      const key = [ground, levels[ground], category, agency, ...Object.values(classes)].join(' ')
      const people = [...(found.get(key)?.people ?? []), person]
      found.set(key, { ground, level: levels[ground], category, agency, classes, n: people.length, people })
    }
  return [...found.values()]
}

const shown = (needs: readonly Need[]) => JSON.stringify(suppress(alikeOf(needs)))
const cellsOf = (tables: readonly GroundTable[], ground: Ground) =>
  tables.find((table) => table.ground === ground)?.cells ?? []
const settings = { numRuns: 60, seed: 58_137 } as const

describe('what of a frozen period is shown', () => {
  it('P04: has no count of 1 to 10 people', () => {
    fc.assert(
      fc.property(world, (needs) => {
        for (const { cells } of suppress(alikeOf(needs))) for (const { n } of cells) expect(isShown(n)).toBe(true)
      }),
      settings,
    )
  })

  it('P04: adds up: levels to the same totals for every ground, categories to their agency, agencies to the network', () => {
    fc.assert(
      fc.property(world, (needs) => {
        const tables = suppress(alikeOf(needs))
        const totals = (ground: Ground) => {
          const sums = new Map<string, number>()
          for (const cell of cellsOf(tables, ground)) {
            const key = [cell.tier, cell.category, cell.agency, cell.family, cell.class].join(' ')
            sums.set(key, (sums.get(key) ?? 0) + cell.n)
          }
          return sums
        }
        const [one, other] = [totals('gender'), totals('language')]
        // The finer families may be left out for one ground: what is there agrees.
        for (const [key, n] of one) if (other.has(key)) expect([key, other.get(key)]).toEqual([key, n])
        for (const ground of IN_TEST)
          for (const family of ['met', 'in_time'] as const) {
            const cells = cellsOf(tables, ground).filter((cell) => cell.family === family && cell.class === 'yes')
            const at = (tier: Cell['tier']) =>
              cells.filter((cell) => cell.tier === tier).reduce((sum, { n }) => sum + n, 0)
            expect(at('agency')).toBe(at('network'))
            expect(at('category')).toBe(at('network'))
          }
      }),
      settings,
    )
  })

  it('P04: is the same however rows are shuffled, and follows when levels are renamed', () => {
    fc.assert(
      fc.property(world, fc.nat(), (needs, seed) => {
        const shuffled = [...needs].sort(
          (a, b) => ((a.person * 7919 + seed) % 1009) - ((b.person * 7919 + seed) % 1009),
        )
        expect(shown(shuffled)).toBe(shown(needs))
        const rename = (cells: readonly Cell[]) =>
          cells.map((cell) => (cell.level === TOGETHER ? cell : { ...cell, level: `x${cell.level}` }))
        const renamed = suppress(alikeOf(needs).map((one) => ({ ...one, level: `x${one.level}` })))
        for (const ground of IN_TEST)
          expect(cellsOf(renamed, ground)).toEqual(rename(cellsOf(suppress(alikeOf(needs)), ground)))
      }),
      settings,
    )
  })

  it('invariant 6: gives no describable group of 1 to 10 people away to whoever solves it as a linear system', () => {
    fc.assert(
      fc.property(world, (needs) => {
        expect(derived(needs)).toEqual([])
      }),
      { numRuns: 8, seed: 58_137, endOnFailure: true },
    )
  })

  it('invariant 6: would be found out by the same attack with one cell more', () => {
    const [needs = []] = fc.sample(world, { numRuns: 1, seed: 58_137 })
    const n = needs.filter(
      ({ levels, agency, classes }) => levels.language === 'tir' && agency === 'c' && classes.met === 'yes',
    ).length
    const cell: Cell = { tier: 'agency', agency: 'c', category: '', level: 'tir', family: 'met', class: 'yes', n }
    expect(isShown(n)).toBe(false)
    expect(derived(needs, [cell])).toContain('* c * tir yes * * *')
  })
})

const FACTS = {
  category: ['legal', 'social'],
  agency: ['a', 'b', 'c'],
  gender: ['f', 'm', 'x'],
  language: ['eng', 'ara', 'tir', 'vie'],
  met: ['yes', 'no'],
  wait: ['in_time', 'twice', 'later', 'none'],
  course: ['interrupted', 'uninterrupted', 'none'],
  referral: ['accepted', 'declined', 'other', 'none'],
} as const
type Fact = keyof typeof FACTS
type Kind = Readonly<Record<Fact, string>>

/** Every kind of need that there can be: whoever got no service had none interrupted. */
const KINDS = (Object.keys(FACTS) as Fact[])
  .reduce<Partial<Record<Fact, string>>[]>(
    (kinds, fact) => kinds.flatMap((kind) => FACTS[fact].map((value) => ({ ...kind, [fact]: value }))),
    [{}],
  )
  .filter(({ wait, course }) => (wait === 'none') === (course === 'none')) as Kind[]

/**
 * The groups, described by a value or none for each fact, of 1 to 10 people whose number follows from what is shown: by
 * adding and subtracting cells, among the kinds of need that no cell says are nobody's.
 */
function derived(needs: readonly Need[], more: readonly Cell[] = []): string[] {
  const tables = [...suppress(alikeOf(needs)), { ground: 'language' as const, cells: more }]
  const known = tables.flatMap(({ ground, cells }) => equationsOf(ground as (typeof IN_TEST)[number], cells))
  const nobody = new Set(known.filter(({ n }) => n === 0).flatMap(({ of }) => of))
  const kinds = KINDS.map((_, at) => at).filter((at) => !nobody.has(at))
  const place = new Map(kinds.map((kind, at) => [kind, at]))
  const row = (of: readonly number[]) => {
    const values = new Float64Array(kinds.length)
    for (const kind of of) {
      const at = place.get(kind)
      if (at !== undefined) values[at] = 1
    }
    return values
  }
  const basis: { readonly pivot: number; readonly values: Float64Array }[] = []
  const rest = (values: Float64Array) => {
    for (const { pivot, values: unit } of basis) {
      const factor = values[pivot] ?? 0
      if (factor !== 0)
        for (let at = 0; at < values.length; at += 1) values[at] = (values[at] ?? 0) - factor * (unit[at] ?? 0)
    }
    return values.findIndex((value) => Math.abs(value) > 1e-9)
  }
  for (const { of } of known) {
    const values = row(of)
    const pivot = rest(values)
    if (pivot < 0) continue
    const scale = values[pivot] ?? 1
    basis.push({ pivot, values: values.map((value) => value / scale) })
  }
  return smallGroups(needs).filter((group) => rest(row(kindsOf(group))) < 0)
}

/** What the cells say: how many are of some kinds together. What stands together is all that stands alone nowhere there. */
function equationsOf(ground: (typeof IN_TEST)[number], cells: readonly Cell[]) {
  const alone = (of: (cell: Cell) => string, where: (cell: Cell) => boolean) =>
    new Set(
      cells
        .filter(where)
        .map(of)
        .filter((name) => name !== TOGETHER),
    )
  const agencies = alone(
    ({ agency }) => agency,
    ({ tier }) => tier === 'agency',
  )
  const categories = new Map(
    [...agencies, TOGETHER].map((agency) => [
      agency,
      alone(
        ({ category }) => category,
        (cell) => cell.tier === 'category' && cell.agency === agency,
      ),
    ]),
  )
  const levels = new Map<string, Set<string>>()
  const node = ({ agency, category, family }: Cell) => [agency, category, family].join(' ')
  for (const cell of cells) levels.set(node(cell), new Set([...(levels.get(node(cell)) ?? []), cell.level]))
  const isOf = (wanted: string, value: string, those: ReadonlySet<string> | undefined) =>
    wanted === '' || wanted === value || (wanted === TOGETHER && those?.has(value) !== true)
  return cells.map((cell) => ({
    n: cell.n,
    of: KINDS.flatMap((kind, at) => {
      const { family } = cell
      const inTime = kind.wait === 'in_time' ? 'yes' : 'no'
      const value = family === 'in_time' ? inTime : family === 'complete' ? 'yes' : kind[family]
      const fits =
        value === cell.class &&
        isOf(cell.agency, kind.agency, agencies) &&
        isOf(cell.category, kind.category, categories.get(cell.agency)) &&
        isOf(cell.level, kind[ground], levels.get(node(cell)))
      return fits ? [at] : []
    }),
  }))
}

function kindsOf(group: string): number[] {
  const wanted = group.split(' ')
  const facts = Object.keys(FACTS) as Fact[]
  return KINDS.flatMap((kind, at) =>
    facts.every((fact, place) => wanted[place] === '*' || wanted[place] === kind[fact]) ? [at] : [],
  )
}

/** Groups of 1 to 10 needs that up to three facts describe. */
function smallGroups(needs: readonly Need[]): string[] {
  const facts = Object.keys(FACTS) as Fact[]
  const counts = new Map<string, number>()
  for (const { category, agency, classes, levels } of needs) {
    const kind: Kind = {
      category,
      agency,
      ...levels,
      met: classes.met,
      wait: classes.wait,
      course: classes.course,
      referral: classes.referral,
    }
    for (let mask = 1; mask < 2 ** facts.length; mask += 1) {
      if (mask.toString(2).replaceAll('0', '').length > 3) continue
      const key = facts.map((fact, at) => ((mask >> at) & 1 ? kind[fact] : '*')).join(' ')
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return [...counts].filter(([, n]) => n >= 1 && n <= 10).map(([group]) => group)
}
