import { describe, expect, it } from 'vitest'

import { RULE_STATES } from './schema'
import { stateOfRule, worstFirst } from './rules'

describe('how a rule stands', () => {
  it('goes by this month and the last one, over the turn of a year too', () => {
    const trend = [
      { month: '2025-11', n: 3 },
      { month: '2025-12', n: 0 },
      { month: '2026-01', n: 0 },
    ]
    expect(stateOfRule('breach', trend, '2026-01-15')).toBe('holds')
    expect(stateOfRule('breach', trend, '2025-12-31')).toBe('breach')
    expect(stateOfRule('watch', [{ month: '2025-12', n: 1 }], '2026-01-01')).toBe('watch')
    expect(stateOfRule('concern', [], '2026-01-01')).toBe('not_looked_at')
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
