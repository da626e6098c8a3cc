import type { RegisterPersonInput } from '@/lib/people/schema'

import type { Chance } from '../random'
import { ORIGINS, type Origin } from './origins'

/** The words of an invented person: what registration takes, and what their history depends on. */
export type InventedPerson = {
  readonly input: RegisterPersonInput
  readonly minor: boolean
  readonly gender: string | null
}

/**
 * An invented person. Shares follow the public figures of the field (gender, age, citizenship, what stays unknown),
 * never a real record: names are put together from lists.
 */
export function inventPerson(chance: Chance, year: number): InventedPerson {
  const origin = chance.pick(WEIGHTED)
  const gender = chance.weighted({ Feminine: 54, Masculine: 44, TransgenderFeminine: 1, NonConforming: 1 })
  const minor = chance.is(0.07)
  const born = year - (minor ? chance.between(9, 17) : 18 + Math.floor(chance.next() * chance.next() * 42))
  const name = nameOf(chance, origin, gender)
  const input: RegisterPersonInput = {
    identity: {
      names: [name],
      ...(chance.is(0.2) ? { aliases: [{ value: chance.pick(origin.given).split('/')[0] ?? name.value }] } : {}),
      ...birthOf(chance, born),
      ...(chance.is(0.7) ? { phones: [{ value: `+44 7700 900${String(chance.between(100, 999))}` }] } : {}),
      ...(chance.is(0.25)
        ? {
            documents: [
              { type: 'passport', number: `X${String(chance.between(1_000_000, 9_999_999))}`, country: origin.country },
            ],
          }
        : {}),
      ...(chance.is(0.3)
        ? {
            addresses: [
              { value: `${String(chance.between(1, 180))} ${chance.pick(STREETS)}, ${chance.pick(DISTRICTS)}` },
            ],
          }
        : {}),
    },
    profile: profileOf(chance, origin, gender, minor),
    ...(chance.is(0.8) ? { safeContact: contactOf(chance, origin) } : {}),
  }
  return { input, minor, gender }
}

const WEIGHTED = ORIGINS.flatMap((origin) => Array.from({ length: origin.weight }, () => origin))
const STREETS = [
  'Mill Lane',
  'Harbour Road',
  'Station Street',
  'Garden Walk',
  'Bridge Street',
  'Church Row',
  'Market Place',
]
const DISTRICTS = ['North district', 'East district', 'South district', 'Old town', 'Riverside']

function nameOf(chance: Chance, origin: Origin, gender: string) {
  const [first = '', other = first] = chance.pick(origin.given).split('/')
  const given = gender === 'Masculine' ? other : first
  const family = chance.pick(origin.family)
  return { value: origin.familyFirst ? `${family}${origin.joiner}${given}` : `${given}${origin.joiner}${family}` }
}

function birthOf(
  chance: Chance,
  born: number,
): Pick<NonNullable<RegisterPersonInput['identity']>, 'birthDate' | 'birthYear'> {
  if (chance.is(0.1)) return {}
  if (chance.is(0.3)) return { birthYear: born }
  const month = String(chance.between(1, 12)).padStart(2, '0')
  return { birthDate: `${String(born)}-${month}-${String(chance.between(1, 28)).padStart(2, '0')}` }
}

function profileOf(
  chance: Chance,
  origin: Origin,
  gender: string,
  minor: boolean,
): NonNullable<RegisterPersonInput['profile']> {
  const unstated = () => ({ state: chance.weighted({ not_asked: 6, unknown: 3, declined: 1 }) })
  const answer = <T>(share: number, value: T) => (chance.is(share) ? { state: 'stated' as const, value } : unstated())
  const answers = <T>(share: number, values: T[]) =>
    chance.is(share) ? { state: 'stated' as const, values } : unstated()
  return {
    gender: answer(0.92, gender as 'Feminine'),
    citizenships: answers(0.85, [origin.country]),
    languages: answers(0.85, [chance.pick(origin.languages), ...(chance.is(0.2) ? ['eng'] : [])]),
    interpreter: answer(0.8, chance.is(0.62)),
    disability: answers(0.55, [
      chance.is(0.12) ? chance.pick(['Seeing', 'Hearing', 'Walking', 'Psychosocial'] as const) : ('None' as const),
    ]),
    ...(gender === 'Masculine' ? {} : { pregnancy: answer(0.5, chance.is(0.06)) }),
    dependants: answer(minor ? 0.2 : 0.65, minor ? 0 : Math.floor(chance.next() * chance.next() * 6)),
    migration: answer(
      0.7,
      chance.pick([
        'Irregular',
        'Irregular',
        'AsylumSeeker',
        'Labour',
        'Student',
        'Visitor',
        'Refugee',
        'Family',
      ] as const),
    ),
    displacement: answer(0.5, chance.pick(['NotDisplaced', 'CrossBorder', 'InternallyDisplaced'] as const)),
  }
}

function contactOf(chance: Chance, origin: Origin): NonNullable<RegisterPersonInput['safeContact']> {
  if (chance.is(0.03)) return { noSafeWay: true }
  const until = chance.pick(['12:00', '14:00', '17:00'])
  return {
    channels: {
      text: { safe: true, from: '10:00', until },
      call: chance.is(0.4) ? { safe: true, from: '10:00', until } : { safe: false },
      letter: { safe: false },
    },
    ...(chance.is(0.5) ? { codeWord: chance.pick(CODE_WORDS) } : {}),
    ...(chance.is(0.4) ? { mayAnswer: chance.pick(MAY_ANSWER) } : {}),
    language: chance.pick(origin.languages),
  }
}

const CODE_WORDS = ['the library book', 'Mia from the course', 'the blue bicycle', 'the dentist', 'about the choir']
const MAY_ANSWER = [
  'A friend. Ask whether the book is there.',
  'The flatmate. Say it is the dentist.',
  'Nobody else. Hang up if another voice answers.',
]
