import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { CATEGORY_KEYS, CATEGORY_PARAGRAPH, SERVICE_TYPES } from '@/lib/mandate/categories'
import { PARAGRAPH_KEYS } from '@/lib/mandate/rules'

import { prepareService, serviceRows } from './prepare-service'
import { canMove, changedFields, dateFault, inReadingOrder, mandateOf, NO_DETAIL, settled } from './rules'
import { ADAPTATIONS, logServiceInput, SERVICE_STATUSES, type ServiceLine, type ServiceStatus } from './schema'

const kinds = CATEGORY_KEYS.flatMap((category) => SERVICE_TYPES[category].map((type) => ({ category, type })))
const aKind = fc.constantFrom(...kinds)
const facts = fc.record({ kind: aKind, adaptations: fc.subarray([...ADAPTATIONS]), proceedings: fc.boolean() })
const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('the paragraphs of a service', () => {
  it('invariant 1: always hold its category’s and paragraph 9, each once, whatever its type and facts', () => {
    fc.assert(
      fc.property(facts, ({ kind, ...rest }) => {
        const paragraphs = mandateOf({ ...kind, ...rest }).map(({ paragraph }) => paragraph)
        expect(paragraphs.slice(0, 2)).toEqual([CATEGORY_PARAGRAPH[kind.category], '9'])
        expect(new Set(paragraphs).size).toBe(paragraphs.length)
        expect(paragraphs.includes('6(c)')).toBe(rest.adaptations.length > 0)
        if (rest.proceedings) expect(paragraphs).toContain('7')
        expect(paragraphs.every((paragraph) => PARAGRAPH_KEYS.includes(paragraph))).toBe(true)
      }),
    )
  })

  it('invariant 1: come with every service that is prepared, so that none can be written without them', () => {
    fc.assert(
      fc.property(facts, day, ({ kind, ...rest }, on) => {
        const entry = logServiceInput.parse({ case: 'CAS-1', ...kind, ...rest })
        const service = prepareService(entry, { id: 'c', person: 'p', holder: 'h' }, on)
        const rows = serviceRows([service], { agency: 'a', member: 'm', at: new Date(0) })
        expect(
          rows.mandate.filter(({ paragraph }) => [CATEGORY_PARAGRAPH[kind.category], '9'].includes(paragraph)),
        ).toHaveLength(2)
        expect(rows.mandate.every(({ serviceId }) => serviceId === rows.service[0]?.id)).toBe(true)
      }),
    )
  })

  it('read with the category’s first, then paragraph 9, then the others in the resolution’s order', () => {
    expect(inReadingOrder('residency', ['9', '7', '6(c)', '6(a)'])).toEqual(['6(a)', '9', '6(c)', '7'])
  })
})

describe('the status of a service', () => {
  it('never leaves void, and every other one may be voided', () => {
    for (const status of SERVICE_STATUSES) {
      expect(canMove(status, 'voided')).toBe(status !== 'voided')
      expect(canMove('voided', status)).toBe(false)
      expect(canMove(status, status)).toBe(false)
    }
  })

  it('goes on from planned to delivered, and never back to planned', () => {
    expect(canMove('planned', 'delivered')).toBe(true)
    expect(SERVICE_STATUSES.some((status) => canMove(status, 'planned'))).toBe(false)
  })
})

describe('the days of a service', () => {
  const today = '2026-11-24'
  const fault = (status: ServiceStatus, deliveredOn: string, endedOn: string | null = null) =>
    dateFault({ status, deliveredOn, endedOn }, today)

  it('lie behind or are today, unless it is planned', () => {
    expect(fault('delivered', today)).toBeNull()
    expect(fault('delivered', '2026-11-25')).toEqual({ field: 'deliveredOn', key: 'assistance.date.future' })
    expect(fault('planned', '2026-11-25')).toBeNull()
  })

  it('end after they begin, and ahead of today only for what goes on', () => {
    expect(fault('delivered', today, '2026-11-23')?.field).toBe('endedOn')
    expect(fault('delivered', today, '2026-11-25')?.field).toBe('endedOn')
    expect(fault('in_progress', today, '2026-11-25')).toBeNull()
  })

  it('of anything but a plan never pass today, whatever is sent', () => {
    const status = fc.constantFrom(...SERVICE_STATUSES.filter((one) => one !== 'planned'))
    fc.assert(
      fc.property(status, day, day, (one, deliveredOn, now) => {
        expect(dateFault({ status: one, deliveredOn, endedOn: null }, now) === null).toBe(deliveredOn <= now)
      }),
    )
  })
})

describe('how a service was given', () => {
  it('settles: a language means an interpreter, no interpreter means no language, no amount no currency', () => {
    expect(settled({ ...NO_DETAIL, interpreterLanguage: 'tir' }).interpreterUsed).toBe(true)
    expect(settled({ ...NO_DETAIL, interpreterUsed: false, interpreterLanguage: 'tir' }).interpreterLanguage).toBeNull()
    expect(settled({ ...NO_DETAIL, currency: 'EUR' }).currency).toBeNull()
    expect(settled({ ...NO_DETAIL, adaptations: ['age', 'age'] }).adaptations).toEqual(['age'])
  })

  it('names the fields that an amendment changed, and none where nothing did', () => {
    const line: ServiceLine = {
      category: 'legal',
      type: 'civil_documents',
      deliveredOn: '2026-11-24',
      endedOn: null,
      status: 'delivered',
      need: null,
      mandate: ['6(b)', '9'],
      detail: NO_DETAIL,
    }
    expect(changedFields(line, { ...line, mandate: [] })).toEqual([])
    expect(changedFields(line, { ...line, status: 'declined', detail: { ...NO_DETAIL, minutes: 20 } })).toEqual([
      'status',
      'minutes',
    ])
  })
})

describe('the input of a service', () => {
  const whole = { case: 'CAS-1', category: 'legal', type: 'civil_documents' } as const
  const faults = (input: unknown) => {
    const parsed = logServiceInput.safeParse(input)
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
  }

  it('takes every type of its own category and no other', () => {
    for (const category of CATEGORY_KEYS) {
      for (const { category: owner, type } of kinds) {
        expect(faults({ case: 'CAS-1', category, type }).length === 0).toBe(
          SERVICE_TYPES[category].some((own) => own === type) || owner === category,
        )
      }
    }
  })

  it('wants an amount with its currency, days in order, and no status of a void', () => {
    expect(faults({ ...whole, amount: '12.50' })).toEqual(['currency'])
    expect(faults({ ...whole, amount: '12.505', currency: 'EUR' })).toEqual(['amount'])
    expect(faults({ ...whole, amount: '12', currency: 'EURO' })).toEqual(['currency'])
    expect(faults({ ...whole, deliveredOn: '2026-11-24', endedOn: '2026-11-20' })).toEqual(['endedOn'])
    expect(faults({ ...whole, deliveredOn: '2026-02-30' })).toEqual(['deliveredOn'])
    expect(faults({ ...whole, status: 'voided' })).toEqual(['status'])
    expect(faults({ ...whole, agency: 'another' })).toEqual([''])
  })
})
