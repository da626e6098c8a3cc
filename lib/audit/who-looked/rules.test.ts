import { describe, expect, it } from 'vitest'

import { partOf, partsOf, reasonOf } from './rules'

describe('who looked, as the person is told', () => {
  it('L07: names the part of the record by the event, and something even for an event that it does not know', () => {
    expect(partOf('identity.listed')).toBe('identity')
    expect(partOf('service-note.read')).toBe('notes')
    expect(partOf('person.viewed')).toBe('record')
    expect(partOf('person.searched')).toBe('search')
    expect(partOf('something.new')).toBe('other')
  })

  it('L07: names each part once, in one order', () => {
    expect(partsOf(['service.viewed', 'identity.read', 'service.listed', 'identity.listed'])).toEqual([
      'identity',
      'services',
    ])
  })

  it('L07: says why: an emergency before all, a search or a check of the log where it was nothing else', () => {
    expect(reasonOf(true, ['case'])).toBe('emergency')
    expect(reasonOf(false, ['emergency', 'log'])).toBe('emergency')
    expect(reasonOf(false, ['search'])).toBe('search')
    expect(reasonOf(false, ['log'])).toBe('oversight')
    expect(reasonOf(false, ['search', 'record'])).toBe('casework')
  })
})
