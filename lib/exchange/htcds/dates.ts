import { asciiDigits } from './digits'
import { fault, stated, type Reading } from './reading'

const OLDEST = '1900-01-01'
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** Takes ISO dates and those that can mean one day only; 03/04/2020 is refused, since nobody can know. */
export function readDate(text: string, kind: 'date' | 'birth_date', today: string): Reading {
  const plain = asciiDigits(text)
  if (kind === 'birth_date' && /^\d{4}(?:-\d{2})?$/.test(plain)) return readBirthYear(plain, today)
  const parts = isoParts(plain) ?? namedParts(plain) ?? slashedParts(plain)
  if (parts === 'ambiguous') return fault('date_ambiguous')
  const [year = '', month = '', day = ''] = parts ?? []
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const made = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(made.getTime()) || made.toISOString().slice(0, 10) !== date) return fault('date_invalid')
  if (date < OLDEST) return fault('date_too_old')
  return date > today && kind === 'birth_date' ? fault('date_in_future') : stated(date)
}

function readBirthYear(text: string, today: string): Reading {
  const year = text.slice(0, 4)
  const month = text.slice(5)
  if (month !== '' && !/^(?:0[1-9]|1[0-2])$/.test(month)) return fault('date_invalid')
  if (year < OLDEST.slice(0, 4)) return fault('date_too_old')
  if (year > today.slice(0, 4)) return fault('date_in_future')
  return { state: 'stated', values: [year], ...(month === '' ? {} : { notice: 'birth_month_left_out' as const }) }
}

function isoParts(text: string): string[] | undefined {
  return /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/
    .exec(text)
    ?.filter((_, at) => [1, 3, 4].includes(at))
}

function namedParts(text: string): string[] | undefined {
  const [, day, month, year] = /^(\d{1,2})[\s-]([a-z]{3,9})\.?,?[\s-](\d{4})$/i.exec(text) ?? []
  const [, month2, day2, year2] = /^([a-z]{3,9})\.?\s(\d{1,2}),?\s(\d{4})$/i.exec(text) ?? []
  const number = MONTHS.indexOf((month ?? month2 ?? '').slice(0, 3).toLowerCase()) + 1
  return number === 0 ? undefined : [year ?? year2 ?? '', String(number), day ?? day2 ?? '']
}

function slashedParts(text: string): string[] | 'ambiguous' | undefined {
  const [, first = '', , second = '', year = ''] = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(text) ?? []
  if (year === '') return /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$/.test(text) ? 'ambiguous' : undefined
  if (Number(first) === Number(second)) return [year, first, second]
  if (Number(first) > 12) return [year, second, first]
  if (Number(second) > 12) return [year, first, second]
  return 'ambiguous'
}
