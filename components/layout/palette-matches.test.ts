import { describe, expect, it } from 'vitest'
import { matchesFor } from './palette-matches'

const sources = {
  pages: [
    { label: 'Cases', href: '/cases' },
    { label: 'Log a service', href: '/services/new' },
  ],
  recent: [{ code: 'AMP-7K3MQ2XH4', href: '/cases/CAS-2PW9B1C0D' }],
}

describe('the palette', () => {
  it('offers all pages before anything is typed', () => {
    expect(matchesFor('', sources)).toHaveLength(2)
  })

  it('logs on a recent case by a few signs of its code', () => {
    expect(matchesFor('log 7k3', sources)).toEqual([
      { kind: 'log', code: 'AMP-7K3MQ2XH4', href: '/cases/CAS-2PW9B1C0D/services/new' },
    ])
  })

  it('forgives O for 0 and I for 1, and spaces and dashes', () => {
    const odd = { ...sources, recent: [{ code: 'AMP-10ABCDEFG', href: '/cases/CAS-1' }] }
    expect(matchesFor('log io-ab', odd)).toHaveLength(1)
  })

  it('offers to open the case and to log on it', () => {
    expect(matchesFor('7k3m', sources).map(({ kind }) => kind)).toEqual(['open', 'log'])
  })

  it('finds nothing for a name, which is then searched by POST', () => {
    expect(matchesFor('Selam', sources)).toEqual([])
  })
})
