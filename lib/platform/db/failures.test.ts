import { describe, expect, it } from 'vitest'

import { isPassing } from './failures'

describe('a failure that passes (R06)', () => {
  it.each([
    ['a server that refuses', Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' })],
    ['a server that is ending', Object.assign(new Error('ending'), { code: '57P01' })],
    ['a connection that broke under a statement', new Error('Connection terminated unexpectedly')],
    [
      'the same as Prisma wraps it',
      new Error('Invalid `prisma.$queryRaw()` invocation', {
        cause: new Error('Client has encountered a connection error and is not queryable'),
      }),
    ],
    [
      'a server that a raw statement outside a transaction does not reach',
      Object.assign(new Error('Raw query failed'), {
        code: 'P2010',
        meta: { driverAdapterError: { name: 'DriverAdapterError', cause: { kind: 'DatabaseNotReachable' } } },
      }),
    ],
  ])('is %s', (_what, error) => {
    expect(isPassing(error)).toBe(true)
  })

  it.each([
    ['a statement that is wrong', Object.assign(new Error('syntax'), { code: '42601' })],
    ['a fault of ours', new TypeError('x is not a function')],
    ['nothing at all', undefined],
  ])('is not %s', (_what, error) => {
    expect(isPassing(error)).toBe(false)
  })
})
