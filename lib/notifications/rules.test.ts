import { describe, expect, it } from 'vitest'

import { pageOfSubject } from './rules'

describe('the page of a notice', () => {
  it('is the page of the record that its code names', () => {
    expect(pageOfSubject('CAS-7K3MQ2XH4')).toBe('/cases/CAS-7K3MQ2XH4')
    expect(pageOfSubject('TSK-7K3MQ2XH4')).toBe('/tasks/TSK-7K3MQ2XH4')
    expect(pageOfSubject('NED-7K3MQ2XH4')).toBe('/search/NED-7K3MQ2XH4')
  })

  it('is none without a code, and for a kind of record that has no page', () => {
    expect(pageOfSubject(null)).toBeNull()
    expect(pageOfSubject('MBR-7K3MQ2XH4')).toBeNull()
  })
})
