import { parseArgs } from 'node:util'

import { PlainSentence } from '@/lib/platform/plain-sentence'

export const OPERATIONS = [
  'list',
  'case-page',
  'search',
  'directory',
  'desk',
  'package',
  'dashboard',
  'create',
] as const
export type OperationName = (typeof OPERATIONS)[number]

/** What can be measured: work of the application, and what needs none of it, an export of the log and a frozen period. */
const MEASURES = [...OPERATIONS, 'verify', 'disparities'] as const
type MeasureName = (typeof MEASURES)[number]

export type BenchOptions = {
  readonly persons: number
  readonly services: number
  readonly agencies: number
  /** Referrals between them that wait, beside a tenth that needs another agency. */
  readonly referrals: number
  /** How long each measurement takes. */
  readonly seconds: number
  readonly only: readonly OperationName[]
  /** Whether the verification of the log is measured. */
  readonly verify: boolean
  /** Whether questions to a frozen period of so many persons are measured. */
  readonly disparities: boolean
  /** Where the result goes for machines. */
  readonly json: string | undefined
  /** A data directory to keep, and to measure again without loading; otherwise one that is thrown away. */
  readonly data: string | undefined
}

export const USAGE = `npm run bench -- [--persons N] [--services N] [--agencies N] [--referrals N] [--seconds N] [--only ${MEASURES.join('|')}]
                [--json FILE] [--data DIRECTORY]`

/** Reads the options of the benchmark. Refuses, in one sentence, what makes no sense. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parse(args)
  const names = (values.only ?? [...MEASURES]).map(nameOf)
  return {
    persons: whole('persons', values.persons, 100_000),
    services: whole('services', values.services, 500_000),
    agencies: whole('agencies', values.agencies, 5),
    referrals: whole('referrals', values.referrals, 50_000),
    seconds: whole('seconds', values.seconds, 8),
    only: OPERATIONS.filter((name) => names.includes(name)),
    verify: names.includes('verify'),
    disparities: names.includes('disparities'),
    json: values.json,
    data: values.data,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        persons: { type: 'string' },
        services: { type: 'string' },
        agencies: { type: 'string' },
        referrals: { type: 'string' },
        seconds: { type: 'string' },
        only: { type: 'string', multiple: true },
        json: { type: 'string' },
        data: { type: 'string' },
      },
    })
  } catch {
    throw new PlainSentence(`Usage: ${USAGE}`)
  }
}

function whole(name: string, text: string | undefined, usual: number): number {
  const value = text === undefined ? usual : Number(text)
  if (!Number.isInteger(value) || value < 1) throw new PlainSentence(`--${name} takes a whole number above 0.`)
  return value
}

function nameOf(text: string): MeasureName {
  const name = MEASURES.find((known) => known === text)
  if (name === undefined) throw new PlainSentence(`--only takes one of ${MEASURES.join(', ')}.`)
  return name
}
