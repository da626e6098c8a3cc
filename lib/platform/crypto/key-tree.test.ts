import { randomUUID } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { SealBroken } from './envelope'
import {
  fitsKeyCheck,
  keyCheckValue,
  masterVersionOf,
  MasterKeyUnusable,
  newKey,
  newMasterKeyLine,
  parseMasterKeys,
  unwrapAgencyKey,
  unwrapPersonKey,
  wrapAgencyKey,
  wrapPersonKey,
} from './key-tree'

const first = newMasterKeyLine(1)
const second = newMasterKeyLine(2)
const master = parseMasterKeys(first)
const agency = newKey(randomUUID())
const otherAgency = newKey(randomUUID())
const person = newKey(randomUUID())

function reason(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof MasterKeyUnusable || error instanceof SealBroken) return error.reason
    throw error
  }
  return 'none'
}

describe('master keys', () => {
  it('are read from lines; the highest version wraps and the older ones still open', () => {
    const both = parseMasterKeys(`# made 2026-11-24\r\n\n${second}\r\n  ${first}  \n`)
    expect(both.current.version).toBe(2)
    expect(both.oldest.version).toBe(1)
    expect([...both.byVersion.keys()].sort()).toEqual([1, 2])
  })

  it('are refused with a reason, and without quoting the text', () => {
    const short = `1:${Buffer.alloc(16).toString('base64')}`
    expect(reason(() => parseMasterKeys(''))).toBe('empty')
    expect(reason(() => parseMasterKeys('# nothing'))).toBe('empty')
    expect(reason(() => parseMasterKeys('hunter2'))).toBe('malformed')
    expect(reason(() => parseMasterKeys(first.replace('1:', '0:')))).toBe('malformed')
    expect(reason(() => parseMasterKeys(first.replace('1:', '70000:')))).toBe('malformed')
    expect(reason(() => parseMasterKeys(short))).toBe('wrong_length')
    expect(reason(() => parseMasterKeys(`${first}\n${first}`))).toBe('repeated_version')
    expect(() => parseMasterKeys('hunter2')).toThrow(/^(?!.*hunter2)/)
    fc.assert(fc.property(fc.string(), (text) => reason(() => parseMasterKeys(text)) !== 'none'))
  })

  it('have a check value that fits only them and does not contain them', () => {
    const value = keyCheckValue(master.current)
    expect(fitsKeyCheck(master.current, value)).toBe(true)
    expect(fitsKeyCheck(parseMasterKeys(newMasterKeyLine(1)).current, value)).toBe(false)
    expect(fitsKeyCheck({ ...master.current, version: 2 }, value)).toBe(false)
    expect(fitsKeyCheck(master.current, '')).toBe(false)
    expect(master.current.bytes.toString('hex')).not.toContain(value)
  })
})

describe('the key tree', () => {
  it('opens an agency’s key and, with it, a person’s key', () => {
    const openedAgency = unwrapAgencyKey(master, 'data', agency.id, 1, wrapAgencyKey(master, 'data', agency))
    expect(openedAgency).toEqual(agency)
    expect(unwrapPersonKey(openedAgency, person.id, 1, wrapPersonKey(agency, person))).toEqual(person)
  })

  it('C02 opens no key in the place of another agency, kind, version or person', () => {
    const wrapped = wrapAgencyKey(master, 'data', agency)
    expect(reason(() => unwrapAgencyKey(master, 'data', otherAgency.id, 1, wrapped))).toBe('not_authentic')
    expect(reason(() => unwrapAgencyKey(master, 'index', agency.id, 1, wrapped))).toBe('not_authentic')
    expect(reason(() => unwrapAgencyKey(master, 'data', agency.id, 2, wrapped))).toBe('not_authentic')

    const wrappedPerson = wrapPersonKey(agency, person)
    expect(reason(() => unwrapPersonKey(agency, randomUUID(), 1, wrappedPerson))).toBe('not_authentic')
    expect(reason(() => unwrapPersonKey(agency, person.id, 2, wrappedPerson))).toBe('not_authentic')
    expect(reason(() => unwrapPersonKey(otherAgency, person.id, 1, wrappedPerson))).toBe('other_key')
  })

  it('is re-wrapped under a new master key without touching the agency’s key', () => {
    const wrapped = wrapAgencyKey(master, 'index', agency)
    const rotated = parseMasterKeys(`${first}\n${second}`)
    expect(masterVersionOf(wrapped)).toBe(1)

    const again = wrapAgencyKey(rotated, 'index', unwrapAgencyKey(rotated, 'index', agency.id, 1, wrapped))
    expect(masterVersionOf(again)).toBe(2)
    expect(unwrapAgencyKey(parseMasterKeys(second), 'index', agency.id, 1, again)).toEqual(agency)
    expect(reason(() => unwrapAgencyKey(master, 'index', agency.id, 1, again))).toBe('unknown_version')
  })

  it('does not open under another master key of the same version', () => {
    const stranger = parseMasterKeys(newMasterKeyLine(1))
    const wrapped = wrapAgencyKey(master, 'data', agency)
    expect(reason(() => unwrapAgencyKey(stranger, 'data', agency.id, 1, wrapped))).toBe('not_authentic')
  })
})
