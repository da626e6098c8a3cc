import { describe, expect, it } from 'vitest'
import { firstPage, navigationFor } from './navigation'

describe('the menu of a member', () => {
  it('puts casework first and shows each page once for two roles', () => {
    const { menu } = navigationFor(['supervisor', 'caseworker'])
    expect(menu.map(({ key }) => key)).toEqual([
      'today',
      'cases',
      'log',
      'services',
      'needs',
      'referrals',
      'tasks',
      'find',
      'emergency',
      'turnedAway',
      'directory',
      'agreements',
      'reports',
      'mandate',
      'reviews',
      'staffing',
      'ownFindings',
      'agency_log',
      'more',
    ])
  })

  it('never shows more than five in the bar, and always the way to the rest', () => {
    const { bar } = navigationFor(['caseworker', 'agency_admin', 'system_admin'])
    expect(bar).toHaveLength(5)
    expect(bar.at(-1)?.key).toBe('more')
  })

  it('leads each role to a page it may use', () => {
    expect(firstPage(['caseworker'])).toBe('/')
    expect(firstPage(['agency_admin'])).toBe('/admin/members')
    expect(firstPage(['system_admin'])).toBe('/admin/agencies')
    expect(firstPage([])).toBe('/more')
  })

  it('shows no casework to those who do none', () => {
    for (const role of ['coordinator', 'auditor', 'agency_admin', 'system_admin'] as const) {
      expect(
        navigationFor([role]).menu.some(({ href }) => href.startsWith('/cases') || href.startsWith('/persons')),
      ).toBe(false)
    }
  })
})
