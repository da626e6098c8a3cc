import { describe, expect, it } from 'vitest'

import { Gathered, suppress } from '@/lib/reporting/cube/rules'
import type { Alike } from '@/lib/reporting/cube/schema'

import { RULE_STATES, type RuleGrade, type RuleMeasure } from './schema'
import { groupsThatBreak, stateOfRule, worstFirst } from './rules'

const of = (grade: RuleGrade, measure: RuleMeasure = 'cases') => ({ grade, measure })

describe('how a rule stands', () => {
  it('goes by this month and the last one, over the turn of a year too', () => {
    const trend = [
      { month: '2025-11', n: 3 },
      { month: '2025-12', n: 0 },
      { month: '2026-01', n: 0 },
    ]
    expect(stateOfRule(of('breach'), trend, '2026-01-15')).toBe('holds')
    expect(stateOfRule(of('breach'), trend, '2025-12-31')).toBe('breach')
    expect(stateOfRule(of('watch'), [{ month: '2025-12', n: 1 }], '2026-01-01')).toBe('watch')
    expect(stateOfRule(of('concern'), [], '2026-01-01')).toBe('not_looked_at')
  })

  it('goes by the latest frozen period, where it is one of groups', () => {
    const trend = [
      { month: '2024-12', n: 2 },
      { month: '2025-12', n: 0 },
    ]
    expect(stateOfRule(of('watch', 'groups'), trend, '2026-06-15')).toBe('holds')
    expect(stateOfRule(of('watch', 'groups'), trend.slice(0, 1), '2026-06-15')).toBe('watch')
    expect(stateOfRule(of('watch', 'groups'), [], '2026-06-15')).toBe('not_looked_at')
  })

  it('puts the worst first and keeps the order of equals', () => {
    const rules = RULE_STATES.flatMap((state) => [
      { state, at: 1 },
      { state, at: 2 },
    ])
    expect(worstFirst(rules).map(({ state, at }) => `${state} ${String(at)}`)).toEqual([
      ...['breach 1', 'breach 2', 'concern 1', 'concern 2', 'watch 1', 'watch 2'],
      ...['not_looked_at 1', 'not_looked_at 2', 'holds 1', 'holds 2'],
    ])
  })
})

describe('groups that stand far worse', () => {
  let number = 0
  /** Needs of so many people at an agency, so many of them met. */
  const people = (level: string, agency: string, met: number, n: number): Alike[] =>
    (
      [
        ['yes', met],
        ['no', n - met],
      ] as const
    ).map(([one, count]) => ({
      ground: 'cooperation',
      level,
      category: 'legal',
      agency,
      classes: { met: one, in_time: one, complete: one, wait: 'none', course: 'none', referral: 'none' },
      n: count,
      people: Array.from({ length: Math.min(61, count) }, () => (number += 1)),
    }))
  const broken = (...alike: Alike[][]) =>
    groupsThatBreak('help_tied_to_status', suppress(new Gathered().add(alike.flat()))).map(
      ({ group, reference }) => `${group} ${reference}`,
    )

  it('are found below the largest group, and are the largest where another stands above it', () => {
    expect(broken(people('yes', 'a', 150, 200), people('no', 'a', 40, 100))).toEqual(['no yes'])
    expect(broken(people('yes', 'a', 70, 100), people('no', 'a', 80, 200))).toEqual(['no yes'])
  })

  it('are none where the difference is small, or may be chance, or is that of agencies', () => {
    expect(broken(people('yes', 'a', 1000, 2000), people('no', 'a', 920, 2000)), 'small').toEqual([])
    expect(broken(people('yes', 'a', 24, 40), people('no', 'a', 16, 40)), 'chance').toEqual([])
    const agencies = [people('yes', 'a', 240, 300), people('no', 'a', 80, 100), people('yes', 'b', 30, 100)]
    expect(broken(...agencies, people('no', 'b', 90, 300)), 'agencies').toEqual([])
  })

  it('are groups of people who said something: not those who weren’t asked', () => {
    expect(broken(people('yes', 'a', 150, 200), people('unknown', 'a', 40, 100))).toEqual([])
  })
})
