import { describe, expect, it } from 'vitest'

import { consentFormInput, EXPLAINED_POINTS, isAskedFrom, recordConsentBody } from './schema'

const form = (over: Readonly<Record<string, unknown>> = {}) => ({
  case: 'CAS-1',
  purpose: 'sharing',
  receiver: 'agency:legalaid',
  categories: ['legal'],
  identity: 'contact',
  answer: 'given',
  givenBy: 'person',
  method: 'written',
  interpreter: false,
  explained: [...EXPLAINED_POINTS],
  withheld: [],
  child: false,
  ...over,
})
const faults = (over: Readonly<Record<string, unknown>>) =>
  consentFormInput.safeParse(form(over)).error?.issues.map(({ path }) => path.join('.')) ?? []

describe('what a person answers, as it is written down', () => {
  it('comes from a program with little: a purpose, a receiver, kinds of help', () => {
    const said = {
      purpose: 'sharing',
      agency: 'legalaid',
      categories: ['legal'],
      identity: 'none',
      endsOn: '2027-01-01',
    }
    expect(recordConsentBody.parse(said)).toMatchObject({ answer: 'given', method: 'spoken', givenBy: 'person' })
    expect(recordConsentBody.safeParse({ ...said, agency: undefined }).success).toBe(false)
    expect(recordConsentBody.safeParse({ ...said, agencyKind: 'ngo' }).success).toBe(false)
    expect(recordConsentBody.safeParse({ ...said, answer: 'refused' }).success).toBe(false)
    expect(recordConsentBody.safeParse({ ...said, note: 'more' }).success).toBe(false)
  })

  it('needs all seven points explained for a yes, and a witness for what is spoken', () => {
    expect(faults({})).toEqual([])
    expect(faults({ explained: ['interview'] })).toEqual(['explained'])
    expect(faults({ method: 'spoken' })).toEqual(['witness'])
    expect(faults({ method: 'interpreter', witness: 'interpreter' })).toEqual([])
    expect(faults({ receiver: undefined })).toEqual(['receiver'])
    expect(faults({ identity: undefined })).toEqual(['identity'])
    expect(faults({ categories: [] })).toEqual(['categories'])
    // Who decides on identification helps with nothing.
    expect(faults({ purpose: 'identification', categories: undefined })).toEqual([])
    for (const purpose of ['transfer', 'own_file', 'contact'])
      expect(faults({ purpose, categories: undefined })).toEqual(['categories'])
  })

  it('says all that is missing at once, also where nothing was chosen yet', () => {
    const untouched = {
      purpose: undefined,
      answer: undefined,
      givenBy: undefined,
      method: undefined,
      withheld: ['case.risk'],
    }
    expect(faults({ ...untouched, categories: undefined })).toEqual([
      'purpose',
      'answer',
      'givenBy',
      'method',
      'categories',
      'withheldWhy',
    ])
    expect(faults({ givenBy: undefined, explained: [], receiver: undefined }).sort()).toEqual([
      'explained',
      'givenBy',
      'receiver',
    ])
  })

  it('goes back to a page of its own case alone', () => {
    const transfer = '/cases/CAS-1/transfer?to=DIR-1'
    expect(consentFormInput.parse(form({ back: transfer }))).toMatchObject({ back: transfer })
    expect(faults({ back: 'https://elsewhere.example' })).toEqual(['back'])
    expect(faults({ back: '//elsewhere.example/cases/CAS-1/transfer' })).toEqual(['back'])
    expect(isAskedFrom('/cases/CAS-1/referrals/new?need=NED-1&to=DIR-1', 'CAS-1')).toBe(true)
    expect(isAskedFrom('/cases/CAS-2/transfer', 'CAS-1')).toBe(false)
    // Whatever the page hands on the form takes: else a referral of many needs could not be answered for.
    for (const needs of [1, 5, 6, 7, 8, 20]) {
      const query = `${Array.from({ length: needs }, () => 'need=NED-123456789').join('&')}&to=DIR-123456789`
      const address = `/cases/CAS-123456789/referrals/new?${query}`
      expect([needs, isAskedFrom(address, 'CAS-123456789')]).toEqual([
        needs,
        consentFormInput.safeParse(form({ back: address })).success,
      ])
    }
  })

  it('asks little of a no, which may be meant for everybody', () => {
    const no = { answer: 'refused', explained: [], method: 'spoken', identity: undefined, receiver: undefined }
    expect(faults(no)).toEqual([])
    expect(consentFormInput.parse(form(no))).toMatchObject({ answer: 'refused', identity: 'full' })
    expect(faults({ ...no, endsOn: '2027-01-01' })).toEqual(['endsOn'])
  })

  it('names the agency or the kind of agency that a form chose', () => {
    expect(consentFormInput.parse(form())).toMatchObject({ agency: 'legalaid' })
    expect(consentFormInput.parse(form({ receiver: 'kind:ngo' }))).toMatchObject({ agencyKind: 'ngo' })
    expect(faults({ receiver: 'everybody' })).toEqual(['receiver'])
  })

  it('says why something stays here, and of a child what is best and what they say', () => {
    expect(faults({ withheld: ['profile.gender'] })).toEqual(['withheldWhy'])
    expect(faults({ child: true })).toEqual(['childView', 'bestInterests'])
    expect(faults({ child: true, childView: 'agrees', bestInterests: 'School goes on' })).toEqual([])
  })

  it('keeps of a signature its lines and nothing that could be run', () => {
    expect(faults({ signature: 'M10 20L11 25M300 4L30 9' })).toEqual([])
    for (const signature of ['M10 20"/><script>', 'url(x)', 'M1 1Z'])
      expect(faults({ signature })).toEqual(['signature'])
  })
})
