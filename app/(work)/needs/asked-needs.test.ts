import { describe, expect, it } from 'vitest'
import { askedNeeds } from './asked-needs'

describe('what an address asks of a list of needs', () => {
  it('is those that wait for somebody, while it names no state', () => {
    expect(askedNeeds({}, 'living')?.input).toMatchObject({ state: 'living' })
    expect(askedNeeds({ category: 'legal' }, 'living')?.input).toMatchObject({ state: 'living', category: 'legal' })
  })

  it('is any state where the filter says so, and stays so on the next page', () => {
    const chosen = askedNeeds({ state: '', category: 'legal' }, 'living')
    expect(chosen?.input).toEqual({ category: 'legal', limit: 50 })
    expect(askedNeeds({ ...chosen?.asked }, 'living')?.input).toEqual({ category: 'legal', limit: 50 })
  })

  it('is everything on a case, which has few', () => {
    expect(askedNeeds({})?.input).toEqual({ limit: 50 })
  })

  it('is nothing where no list has it', () => {
    expect(askedNeeds({ state: 'lost' }, 'living')).toBeNull()
  })
})
