import {
  DETAILED,
  FAMILIES,
  TOGETHER,
  type Alike,
  type Cell,
  type Family,
  type Ground,
  type GroundTable,
  type Tier,
} from './schema'

/** The smallest count of people that is shown. */
export const LEAST = 11
/** Among more needs than this there are enough people for certain: nobody has more than one need of a category. */
const CERTAIN = 60

/** Whether a count of people may be read: nobody, or enough. */
export function isShown(people: number): boolean {
  return people === 0 || people >= LEAST
}

type Slot = { readonly family: Family; readonly class: string }
const SLOTS: readonly Slot[] = (Object.keys(FAMILIES) as Family[]).flatMap((family) =>
  FAMILIES[family].map((one) => ({ family, class: one })),
)
const slotsOf = (families: readonly Family[]) =>
  SLOTS.flatMap(({ family }, at) => (families.includes(family) ? [at] : []))
const DETAILED_SLOTS = slotsOf(DETAILED)

/** The needs of a level at an agency and of a category. */
type Heap = Pick<Alike, 'ground' | 'level' | 'category' | 'agency'> & {
  /** Of people who were turned away, whose need nobody wrote down. */
  readonly isDoor: boolean
  readonly counts: Counts
}

/** Counts of needs by slot, with whose they are for as long as they are few. */
class Counts {
  readonly #needs = new Array<number>(SLOTS.length).fill(0)
  readonly #people: number[][] = SLOTS.map(() => [])

  add({ classes, n, people }: Alike): void {
    SLOTS.forEach(({ family, class: one }, slot) => {
      if (classes[family] === one) this.#add(slot, n, people)
    })
  }

  addAll(other: Counts): this {
    other.#needs.forEach((n, slot) => {
      this.#add(slot, n, other.#people[slot] ?? [])
    })
    return this
  }

  #add(slot: number, n: number, people: readonly number[]): void {
    const own = this.#people[slot]
    if (own !== undefined && own.length <= CERTAIN) own.push(...people.slice(0, CERTAIN + 1))
    this.#needs[slot] = this.total(slot) + n
  }

  total(slot: number): number {
    return this.#needs[slot] ?? 0
  }

  sum(slots: readonly number[]): number {
    return slots.reduce((sum, slot) => sum + this.total(slot), 0)
  }

  /** The same with some classes of a family put into others. */
  merged(slotOf: (slot: number) => number): Counts {
    const coarser = new Counts()
    this.#needs.forEach((n, slot) => {
      coarser.#add(slotOf(slot), n, this.#people[slot] ?? [])
    })
    return coarser
  }

  /** Whether each of these slots has nobody, or enough people. */
  isShown(slots: readonly number[]): boolean {
    return slots.every((slot) => {
      const needs = this.total(slot)
      return needs > CERTAIN || (isShown(needs) && isShown(new Set(this.#people[slot]).size))
    })
  }
}

type Named = { readonly name: string; readonly counts: Counts }

/** What stands alone, and what stands together because it, or the rest without it, would be too small. */
type Parted = { readonly alone: readonly string[]; readonly together: readonly string[] }

/**
 * Parts a whole into what may be shown: whatever is too small goes together, and the smallest of the others with it for
 * as long as that is too small itself. In the order of their size, the largest first.
 */
function part(of: readonly Named[], slots: readonly number[]): Parted {
  return joinUntil(
    of,
    ({ counts }) => counts.isShown(slots),
    (together) => sumOf(together).isShown(slots),
    slots,
  )
}

function joinUntil(
  of: readonly Named[],
  standsAlone: (one: Named) => boolean,
  isEnough: (together: readonly Named[]) => boolean,
  slots: readonly number[],
): Parted {
  const size = ({ counts }: Named) => counts.sum(slots)
  const alone = of.filter(standsAlone).sort((a, b) => size(b) - size(a) || (a.name < b.name ? -1 : 1))
  const together = of.filter((one) => !standsAlone(one))
  while (together.length > 0 && alone.length > 0 && !isEnough(together)) together.push(...alone.splice(-1))
  return { alone: alone.map(({ name }) => name), together: together.map(({ name }) => name) }
}

function sumOf(some: readonly Named[]): Counts {
  return some.reduce((sum, { counts }) => sum.addAll(counts), new Counts())
}

/** Rows of needs, the largest first, those that are too small for themselves as the last. */
type Rows = { readonly order: readonly string[]; readonly of: (name: string) => string }

function rowsOf(alike: readonly Heap[], keyOf: (one: Heap) => string): Rows {
  const { alone, together } = part(named(tally(alike, keyOf)), DETAILED_SLOTS)
  const known = new Set(alone)
  return {
    order: together.length === 0 ? alone : [...alone, TOGETHER],
    of: (name) => (known.has(name) ? name : TOGETHER),
  }
}

/** What an extract counts, gathered part by part: alike or not in their classes, since each class is counted for itself. */
export class Gathered {
  readonly #heaps = new Map<string, Heap>()

  add(some: readonly Alike[]): this {
    for (const one of some) {
      const { ground, level, category, agency, classes } = one
      const isDoor = classes.door !== undefined
      const key = [ground, level, category, agency, String(isDoor)].join('|')
      const heap = this.#heaps.get(key) ?? { ground, isDoor, level, category, agency, counts: new Counts() }
      this.#heaps.set(key, heap)
      heap.counts.add(one)
    }
    return this
  }

  /** The needs, or who was turned away, by ground; grounds in the order of their names. */
  byGround(isDoor: boolean): ReadonlyMap<Ground, readonly Heap[]> {
    const own = [...this.#heaps.values()].filter((heap) => heap.isDoor === isDoor)
    const grounds = [...new Set(own.map(({ ground }) => ground))].sort()
    return new Map(grounds.map((ground) => [ground, own.filter((heap) => heap.ground === ground)]))
  }
}

/**
 * What of a period may be shown, of every ground; decided once and over all tables together. How it is decided, and why
 * no count of 1 to 10 people follows from what is left, stands in docs/decisions/0033.
 */
export function suppress(counted: Gathered): GroundTable[] {
  const needs = tablesOf(counted.byGround(false))
  const doors = new Map([...counted.byGround(true)].map(([ground, own]) => [ground, doorCells(own)]))
  return [...new Set([...needs.keys(), ...doors.keys()])]
    .sort()
    .map((ground) => ({ ground, cells: [...(needs.get(ground) ?? []), ...(doors.get(ground) ?? [])] }))
}

function tablesOf(byGround: ReadonlyMap<Ground, readonly Heap[]>): ReadonlyMap<Ground, readonly Cell[]> {
  const [first] = byGround.values()
  if (first === undefined) return new Map()
  // The rows are the same for every ground, so that no total tells what another hides.
  const agencies = rowsOf(first, ({ agency }) => agency)
  const categories = new Map(
    agencies.order.map((row) => [
      row,
      rowsOf(
        first.filter(({ agency }) => agencies.of(agency) === row),
        ({ category }) => category,
      ),
    ]),
  )
  const isEmpty = !sumOf(named(tally(first, () => ''))).isShown(DETAILED_SLOTS)
  return new Map([...byGround].map(([ground, own]) => [ground, isEmpty ? [] : cellsOf(own, agencies, categories)]))
}

/** Who was turned away: of other people than the needs are, so that nothing about the one follows from the other. */
function doorCells(alike: readonly Heap[]): Cell[] {
  const slots = slotsOf(['door'])
  const levels = [...new Set(alike.map(({ level }) => level))]
  return cellsAt('network', '', '', finer({ levels, alike }, 'door'), slots)
}

function cellsOf(alike: readonly Heap[], agencies: Rows, categories: ReadonlyMap<string, Rows>): Cell[] {
  const { alone } = part(named(tally(alike, ({ level }) => level)), DETAILED_SLOTS)
  const network = { levels: alone, alike: renamed(alike, alone) }
  const cells = [
    ...cellsAt('network', '', '', network, DETAILED_SLOTS),
    ...secondary(network),
    ...split(network, agencies, ({ agency }) => agency).flatMap(({ row: agency, part: own }) => [
      ...cellsAt('agency', agency, '', own, DETAILED_SLOTS),
      ...split(own, categories.get(agency) ?? EMPTY, ({ category }) => category).flatMap(({ row, part: inner }) =>
        cellsAt('category', agency, row, inner, DETAILED_SLOTS),
      ),
    ]),
  ]
  return cells
}

const EMPTY: Rows = { order: [], of: () => TOGETHER }

/** Needs of some rows, with the levels that stand alone among them; those of the others are named together. */
type Part = { readonly levels: readonly string[]; readonly alike: readonly Heap[] }

/**
 * Takes one row after another away from the rest, the largest first. At each step a level stays alone where it may be
 * shown in the row and in the rest; the others go together, with more of them until these may be shown in both. So what
 * is hidden at a step is the whole of several levels in two rows, of which only whole rows and whole levels can be
 * worked out.
 */
function split(
  whole: Part,
  { order, of }: Rows,
  keyOf: (one: Heap) => string,
): { readonly row: string; readonly part: Part }[] {
  const parts: { row: string; part: Part }[] = []
  let rest = whole
  order.forEach((row, at) => {
    if (at === order.length - 1) {
      parts.push({ row, part: rest })
      return
    }
    const isOwn = (one: Heap) => of(keyOf(one)) === row
    const sides = [rest.alike.filter(isOwn), rest.alike.filter((one) => !isOwn(one))] as const
    const counts = sides.map((side) => tally(side, ({ level }) => level))
    const onBoth = (some: readonly Named[]) =>
      counts.every((side) =>
        some
          .reduce((sum, { name }) => sum.addAll(side.get(name) ?? new Counts()), new Counts())
          .isShown(DETAILED_SLOTS),
      )
    const { alone } = joinUntil(
      named(tally(rest.alike, ({ level }) => level)),
      (one) => onBoth([one]),
      onBoth,
      DETAILED_SLOTS,
    )
    const levels = alone.filter((level) => level !== TOGETHER)
    parts.push({ row, part: { levels, alike: renamed(sides[0], levels) } })
    rest = { levels, alike: renamed(sides[1], levels) }
  })
  return parts
}

/** Which classes of a family go into which others. */
type Coarser = Readonly<Record<string, string>>

/**
 * The steps in which waiting is told, the finest first. With the last it says no more than the classes of waiting do,
 * whose levels it stands on.
 */
const PACES: readonly Coarser[] = [
  {},
  { left_limit: 'left_twice' },
  { left_limit: 'left_twice', quarter: 'half' },
  { left_limit: 'waiting', left_twice: 'waiting', quarter: 'half' },
  { left_limit: 'left_twice', quarter: 'limit', half: 'limit' },
  { left_limit: 'waiting', left_twice: 'waiting', quarter: 'limit', half: 'limit' },
]

const WHYS: readonly Coarser[] = [
  {},
  { person: 'else' },
  { person: 'else', unfit: 'else' },
  { person: 'else', unfit: 'else', capacity: 'else' },
]

/**
 * The finer families, for the network alone: each parts the levels that the one before it left alone, so that what two of
 * them say of a level never differs by a few people.
 */
function secondary(network: Part): Cell[] {
  const waited = finer(network, 'wait')
  const referred = finer(network, 'referral')
  const cells = (part: Part, family: Family) => cellsAt('network', '', '', part, slotsOf([family]))
  return [
    ...cells(waited, 'wait'),
    ...cells(finer(waited, 'course'), 'course'),
    ...cells(referred, 'referral'),
    ...inSteps(waited, 'pace', PACES),
    ...cells(finer(referred, 'answer'), 'answer'),
    ...inSteps(referred, 'why', WHYS),
    ...cells(finer(network, 'nth'), 'nth'),
  ]
}

/** A family that refines its parent's, as fine as every level that stands alone in the parent can be told. */
function inSteps(parent: Part, family: Family, steps: readonly Coarser[]): Cell[] {
  for (const coarser of steps) {
    const goesInto = coarserSlots(family, coarser)
    const alike = parent.alike.map((one) => ({
      ...one,
      counts: one.counts.merged((slot) => goesInto.get(slot) ?? slot),
    }))
    const part = finer({ ...parent, alike }, family)
    const slots = slotsOf([family]).filter((slot) => !goesInto.has(slot))
    if (part.levels.length === parent.levels.length && part.alike.length > 0)
      return cellsAt('network', '', '', part, slots)
  }
  return []
}

function coarserSlots(family: Family, coarser: Coarser): ReadonlyMap<number, number> {
  const slotOf = (wanted: string | undefined) =>
    SLOTS.findIndex((slot) => slot.family === family && slot.class === wanted)
  return new Map(Object.entries(coarser).map(([from, to]) => [slotOf(from), slotOf(to)]))
}

const NOTHING: Part = { levels: [], alike: [] }

function finer({ alike }: Part, family: Family): Part {
  const slots = slotsOf([family])
  const whole = sumOf(named(tally(alike, () => '')))
  // Nobody is in it where the period was frozen before it was asked.
  if (whole.sum(slots) === 0) return NOTHING
  const { alone } = part(named(tally(alike, ({ level }) => level)), slots)
  const levels = alone.filter((level) => level !== TOGETHER)
  const kept = renamed(alike, levels)
  // Everything together is no table, and may itself be too small in a class.
  return whole.isShown(slots) ? { levels, alike: kept } : NOTHING
}

/** The counts of a part: of each level that stands alone, also where it is nobody's, and of the others together. */
function cellsAt(
  tier: Tier,
  agency: string,
  category: string,
  { levels, alike }: Part,
  slots: readonly number[],
): Cell[] {
  const counts = tally(alike, ({ level }) => level)
  const shown = counts.has(TOGETHER) ? [...levels, TOGETHER] : levels
  return [...shown].sort().flatMap((level) =>
    slots.flatMap((at) => {
      const slot = SLOTS[at]
      if (slot === undefined) return []
      return [{ tier, agency, category, level, ...slot, n: counts.get(level)?.total(at) ?? 0 }]
    }),
  )
}

/** The same with every level but these put together. */
function renamed(alike: readonly Heap[], alone: readonly string[]): Heap[] {
  const kept = new Set(alone)
  return alike.map((one) => (kept.has(one.level) ? one : { ...one, level: TOGETHER }))
}

function tally(alike: readonly Heap[], keyOf: (one: Heap) => string): Map<string, Counts> {
  const sums = new Map<string, Counts>()
  for (const one of alike) {
    const key = keyOf(one)
    const counts = sums.get(key) ?? new Counts()
    sums.set(key, counts)
    counts.addAll(one.counts)
  }
  return sums
}

function named(sums: ReadonlyMap<string, Counts>): Named[] {
  return [...sums].map(([name, counts]) => ({ name, counts }))
}
