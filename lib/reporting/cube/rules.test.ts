import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Gathered, isShown, suppress } from './rules'
import { FAMILIES, TOGETHER, type Alike, type Cell, type Family, type Ground, type GroundTable } from './schema'

/** A need as the extract has it, in a world small enough to be solved. */
type Need = {
  person: number
  category: string
  agency: string
  classes: Record<Exclude<Family, 'door'>, string>
  levels: Record<'gender' | 'language', string>
}

const IN_TEST = ['gender', 'language'] as const satisfies readonly Ground[]

/** What the finer classes say in the coarser ones. */
const WAIT_OF: Readonly<Record<string, string>> = {
  quarter: 'in_time',
  half: 'in_time',
  limit: 'in_time',
  twice: 'twice',
  later: 'later',
  left_limit: 'none',
  left_twice: 'none',
  waiting: 'none',
}

const need = fc
  .record({
    category: fc.constantFrom('legal', 'social', 'social'),
    agency: fc.constantFrom('a', 'a', 'b', 'c'),
    met: fc.constantFrom('yes', 'no'),
    pace: fc.constantFrom('quarter', 'half', 'limit', 'twice', 'later', 'waiting', 'left_twice', 'left_limit'),
    interrupted: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    referral: fc.constantFrom('accepted', 'declined', 'other', 'none', 'none'),
    answered: fc.constantFrom('in_time', 'late'),
    declined: fc.constantFrom('capacity', 'capacity', 'unfit', 'person', 'else'),
    gender: fc.constantFrom('f', 'f', 'm', 'x'),
    language: fc.constantFrom('eng', 'eng', 'ara', 'tir', 'vie'),
  })
  .map(
    ({
      category,
      agency,
      met,
      pace,
      interrupted,
      referral,
      answered,
      declined,
      gender,
      language,
    }): Omit<Need, 'person'> => {
      const wait = WAIT_OF[pace] ?? ''
      return {
        category,
        agency,
        classes: {
          met,
          in_time: wait === 'in_time' ? 'yes' : 'no',
          complete: 'yes',
          wait,
          course: wait === 'none' ? 'none' : interrupted ? 'interrupted' : 'uninterrupted',
          referral,
          pace,
          answer: referral === 'accepted' || referral === 'declined' ? answered : referral,
          why: referral === 'declined' ? declined : 'none',
          nth: 'first',
        },
        levels: { gender, language },
      }
    },
  )

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
        const isFurther = Math.max(...[...counted].map(([category, n]) => (category === one.category ? 0 : n))) > person
        return {
          ...one,
          person,
          classes: { ...one.classes, nth: isFurther ? 'further' : 'first' },
          levels: { ...one.levels },
        }
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

const tablesOf = (needs: readonly Need[]) => suppress(new Gathered().add(alikeOf(needs)))
const shown = (needs: readonly Need[]) => JSON.stringify(tablesOf(needs))
const cellsOf = (tables: readonly GroundTable[], ground: Ground) =>
  tables.find((table) => table.ground === ground)?.cells ?? []
const settings = { numRuns: 60, seed: 58_137 } as const

describe('what of a frozen period is shown', () => {
  it('P04: has no count of 1 to 10 people', () => {
    fc.assert(
      fc.property(world, (needs) => {
        for (const { cells } of tablesOf(needs)) for (const { n } of cells) expect(isShown(n)).toBe(true)
      }),
      settings,
    )
  })

  it('P04: adds up: levels to the same totals for every ground, categories to their agency, agencies to the network', () => {
    fc.assert(
      fc.property(world, (needs) => {
        const tables = tablesOf(needs)
        const totals = (ground: Ground) => {
          const sums = new Map<string, number>()
          // The steps in which one ground tells waiting and declines need not be another's.
          for (const cell of cellsOf(tables, ground).filter(({ family }) => family !== 'pace' && family !== 'why')) {
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
        const renamed = suppress(new Gathered().add(alikeOf(needs).map((one) => ({ ...one, level: `x${one.level}` }))))
        for (const ground of IN_TEST) expect(cellsOf(renamed, ground)).toEqual(rename(cellsOf(tablesOf(needs), ground)))
      }),
      settings,
    )
  })

  it.each(Object.keys(WORLDS) as (keyof typeof WORLDS)[])(
    'invariant 6: gives no describable group of 1 to 10 people away to whoever solves it as a linear system, by %s',
    (name) => {
      fc.assert(
        fc.property(world, (needs) => {
          expect(derived(needs, WORLDS[name])).toEqual([])
        }),
        { numRuns: 6, seed: 58_137, endOnFailure: true },
      )
    },
  )

  it('invariant 6: would be found out by the same attack with one cell more', () => {
    const [needs = []] = fc.sample(world, { numRuns: 1, seed: 58_137 })
    const few = smallGroups(needs, Object.keys(WORLDS.outcomes.facts))
      .map((group) => group.split(' '))
      .find((group) => group.every((value, at) => (value === '*') === ![1, 3, 4].includes(at)))
    const [, agency = '', , level = '', met = ''] = few ?? expect.fail('Every group is large')
    const n = needs.filter(
      (one) => one.levels.language === level && one.agency === agency && one.classes.met === met,
    ).length
    const cell: Cell = { tier: 'agency', agency, category: '', level, family: 'met', class: met, n }
    expect(derived(needs, WORLDS.outcomes, [cell])).toContain(`* ${agency} * ${level} ${met} * * *`)
  })

  it('tells waiting and declines in steps as fine as every group that stands alone can bear', () => {
    const many = (level: string, n: number, classes: Partial<Need['classes']>): Alike[] => [
      {
        ground: 'gender',
        level,
        category: 'legal',
        agency: 'a',
        classes: { ...CLASSES, ...classes },
        n,
        people: Array.from({ length: n }, (_, at) => at),
      },
    ]
    const waited = (quarter: number) => [
      ...['f', 'm'].flatMap((level) => [
        ...many(level, 40, { pace: 'limit' }),
        ...many(level, 20, { wait: 'none', pace: 'waiting', in_time: 'no' }),
      ]),
      ...many('f', quarter, { pace: 'quarter' }),
    ]
    const steps = (some: readonly Alike[]) =>
      suppress(new Gathered().add(some))
        .flatMap(({ cells }) => cells)
        .filter(({ family, n }) => family === 'pace' && n > 0)
        .map((cell) => [cell.level, cell.class, cell.n])
    expect(steps(waited(15))).toContainEqual(['f', 'quarter', 15])
    // Ten people are told with those who were helped later.
    expect(steps(waited(10))).toEqual([
      ['f', 'limit', 50],
      ['f', 'waiting', 20],
      ['m', 'limit', 40],
      ['m', 'waiting', 20],
    ])
  })

  it('P04: counts who was turned away by themselves, and hides few of them', () => {
    const doors = (level: string, elsewhere: number, nowhere: number, from: number): Alike[] =>
      [['elsewhere', elsewhere] as const, ['nowhere', nowhere] as const].map(([door, n]) => ({
        ground: 'language',
        level,
        category: '',
        agency: '',
        classes: { door },
        n,
        people: Array.from({ length: n }, (_, at) => from + at + (door === 'nowhere' ? elsewhere : 0)),
      }))
    const some = [...doors('eng', 40, 20, 0), ...doors('tir', 12, 30, 100), ...doors('vie', 3, 2, 200)]
    const cells = suppress(new Gathered().add(some)).flatMap((table) => table.cells)
    // The few go together with the smallest of the others.
    expect(cells.map(({ level, class: one, n }) => [level, one, n])).toEqual([
      ['eng', 'elsewhere', 40],
      ['eng', 'nowhere', 20],
      [TOGETHER, 'elsewhere', 15],
      [TOGETHER, 'nowhere', 32],
    ])
  })
})

const CLASSES: Need['classes'] = {
  met: 'yes',
  in_time: 'yes',
  complete: 'yes',
  wait: 'in_time',
  course: 'uninterrupted',
  referral: 'none',
  pace: 'limit',
  answer: 'none',
  why: 'none',
  nth: 'first',
}

const PLACE = {
  category: ['legal', 'social'],
  agency: ['a', 'b', 'c'],
  gender: ['f', 'm', 'x'],
  language: ['eng', 'ara', 'tir', 'vie'],
  met: ['yes', 'no'],
} as const
const PACES = FAMILIES.pace
const COURSE = FAMILIES.course
const REFERRAL = FAMILIES.referral

type Kind = Readonly<Record<string, string>>
type Facts = Readonly<Record<string, readonly string[]>>
/** What an attacker looks at, and which kinds of need there can be: whoever got no service had none interrupted. */
type World = { readonly facts: Facts; readonly canBe: (kind: Kind) => boolean }

const isSame = (one: boolean, other: boolean) => one === other

const WORLDS = {
  outcomes: {
    facts: { ...PLACE, wait: FAMILIES.wait, course: COURSE, referral: REFERRAL },
    canBe: ({ wait, course }: Kind) => isSame(wait === 'none', course === 'none'),
  },
  waiting: {
    facts: { ...PLACE, pace: PACES, course: COURSE, nth: FAMILIES.nth },
    canBe: ({ pace, course }: Kind) => isSame(WAIT_OF[pace ?? ''] === 'none', course === 'none'),
  },
  referrals: {
    facts: { ...PLACE, in_time: FAMILIES.in_time, referral: REFERRAL, answer: FAMILIES.answer, why: FAMILIES.why },
    canBe: ({ referral, answer, why }: Kind) =>
      isSame(referral === 'declined', why !== 'none') &&
      (answer === 'in_time' || answer === 'late'
        ? referral === 'accepted' || referral === 'declined'
        : answer === referral),
  },
} satisfies Record<string, World>

function kindsIn({ facts, canBe }: World): Kind[] {
  return Object.entries(facts)
    .reduce<Kind[]>(
      (kinds, [fact, values]) => kinds.flatMap((kind) => values.map((value) => ({ ...kind, [fact]: value }))),
      [{}],
    )
    .filter(canBe)
}

/**
 * The groups, described by a value or none for each fact, of 1 to 10 people whose number follows from what is shown: by
 * adding and subtracting cells, among the kinds of need that no cell says are nobody's.
 */
function derived(needs: readonly Need[], inside: World, more: readonly Cell[] = []): string[] {
  const all = kindsIn(inside)
  const tables = [...tablesOf(needs), { ground: 'language' as const, cells: more }]
  const known = tables.flatMap(({ ground, cells }) => equationsOf(all, ground as (typeof IN_TEST)[number], cells))
  const nobody = new Set(known.filter(({ n }) => n === 0).flatMap(({ of }) => of))
  const kinds = all.map((_, at) => at).filter((at) => !nobody.has(at))
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
  const facts = Object.keys(inside.facts)
  return smallGroups(needs, facts).filter((group) => rest(row(kindsOf(all, facts, group))) < 0)
}

/** What the cells say: how many are of some kinds together. What stands together is all that stands alone nowhere there. */
function equationsOf(all: readonly Kind[], ground: (typeof IN_TEST)[number], cells: readonly Cell[]) {
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
  const classes = new Map<Family, Set<string>>()
  for (const { family, class: one } of cells) classes.set(family, new Set([...(classes.get(family) ?? []), one]))
  const isOf = (wanted: string, value: string, those: ReadonlySet<string> | undefined) =>
    wanted === '' || wanted === value || (wanted === TOGETHER && those?.has(value) !== true)
  return cells.flatMap((cell) => {
    const told = all.map((kind) => classOf(kind, cell.family, classes.get(cell.family) ?? new Set()))
    // A family that this attacker doesn't look at.
    if (told.includes(undefined)) return []
    return [
      {
        n: cell.n,
        of: all.flatMap((kind, at) => {
          const fits =
            told[at] === cell.class &&
            isOf(cell.agency, kind['agency'] ?? '', agencies) &&
            isOf(cell.category, kind['category'] ?? '', categories.get(cell.agency)) &&
            isOf(cell.level, kind[ground] ?? '', levels.get(node(cell)))
          return fits ? [at] : []
        }),
      },
    ]
  })
}

/** Where a class goes that is not told by itself, the nearest first. */
const GOES_INTO: Readonly<Record<string, readonly string[]>> = {
  quarter: ['half', 'limit'],
  half: ['limit'],
  left_limit: ['left_twice', 'waiting'],
  left_twice: ['waiting'],
  capacity: ['else'],
  unfit: ['else'],
  person: ['else'],
}

/** The class of a kind in a family, as finely as it is told; nothing where the kind doesn't say. */
function classOf(kind: Kind, family: Family, told: ReadonlySet<string>): string | undefined {
  const pace = kind['pace'] ?? ''
  const wait = kind['wait'] ?? WAIT_OF[pace]
  if (family === 'complete') return 'yes'
  if (family === 'wait') return wait
  if (family === 'in_time') return kind['in_time'] ?? (wait === 'in_time' ? 'yes' : wait === undefined ? wait : 'no')
  const own = kind[family]
  if (own === undefined || told.has(own)) return own
  return GOES_INTO[own]?.find((one) => told.has(one)) ?? own
}

function kindsOf(all: readonly Kind[], facts: readonly string[], group: string): number[] {
  const wanted = group.split(' ')
  return all.flatMap((kind, at) =>
    facts.every((fact, place) => wanted[place] === '*' || wanted[place] === kind[fact]) ? [at] : [],
  )
}

/** Groups of 1 to 10 needs that up to three facts describe. */
function smallGroups(needs: readonly Need[], facts: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const { category, agency, classes, levels } of needs) {
    const kind: Kind = { category, agency, ...levels, ...classes }
    for (let mask = 1; mask < 2 ** facts.length; mask += 1) {
      if (mask.toString(2).replaceAll('0', '').length > 3) continue
      const key = facts.map((fact, at) => ((mask >> at) & 1 ? (kind[fact] ?? '*') : '*')).join(' ')
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return [...counts].filter(([, n]) => n >= 1 && n <= 10).map(([group]) => group)
}
