import { describe, expect, it } from 'vitest'

import { errorClassOf } from './error-class'

describe('the class of an error', () => {
  it('L06: holds its kind and codes, and nothing of its message', () => {
    const error = Object.assign(new Error('550 no mailbox quillon@example.org'), {
      code: 'EENVELOPE',
      responseCode: 550,
    })
    expect(errorClassOf(error)).toBe('Error EENVELOPE 550')
  })

  it('L06: lets no sign through that could end a line or a mark-up', () => {
    expect(errorClassOf(Object.assign(new TypeError('x'), { code: '<b>\n' }))).toBe('TypeError b')
    expect(errorClassOf('a text')).toBe('unknown')
  })
})
