import { FIELDS, type HtcdsField } from '@/lib/exchange/htcds/fields'

/** How a generated file looks and what is wrong with it. */
export type HtcdsFileOptions = {
  readonly rows: number
  readonly seed?: number
  /** `plain` is prs_FirstName, `underscored` is prs_First_Name, `mixed` is both and any case. */
  readonly naming?: 'plain' | 'underscored' | 'mixed'
  readonly delimiter?: ',' | ';' | '\t'
  readonly separator?: ';' | '|'
  readonly lineEnd?: '\n' | '\r\n'
  readonly bom?: boolean
  readonly withId?: boolean
  /** One row in so many has a fault; 0 for none. */
  readonly faultEvery?: number
  /** One row in so many stands there a second time; 0 for none. */
  readonly repeatEvery?: number
  readonly unknownColumns?: readonly string[]
}

/** What the importer should say of a line. */
export type Expected = {
  readonly line: number
  readonly is: 'read' | 'repeated' | { readonly column: string; readonly reason: string }
}

export type GeneratedFile = { readonly text: string; readonly expected: readonly Expected[] }

type Draw = <T>(from: readonly T[]) => T

const GIVEN = [
  'Amara',
  'Besiana',
  'Daniela',
  'Eszter',
  'Farrukh',
  'Grace',
  'Hodan',
  'Imran',
  'Joy',
  'Kofi',
  'Lan',
  'Mihaela',
  'Nadia',
  'Олена',
  'Putri',
  'سلمى',
  'ሰላም',
  '晓云',
  'Somchai',
  'José',
]
const FAMILY = [
  'Adeyemi',
  'Hoxha',
  'Silva',
  'Nagy',
  'Karimov',
  'Wanjiku',
  'Warsame',
  'Ali',
  'Okafor',
  'Mensah',
  'Nguyễn',
  'Popescu',
  'حسن',
  'Шевченко',
  'Wijaya',
  'Haile',
  '李',
  'Jaidee',
  "N'Diaye",
  'de la Cruz',
]
const COUNTRIES = [
  'NG',
  'VN',
  'ALB',
  'Turkey',
  'TR',
  'Viet Nam',
  'UKR',
  'PH',
  'Philippines',
  'ET',
  'Eritrea',
  '中国',
  'BRA',
  "Côte d'Ivoire",
  'NA',
]
const LANGUAGES = ['en', 'eng', 'vi', 'vie', 'alb', 'sqi', 'Tigrinya', 'prs', 'Dari', 'ckb', 'ara', 'zh', 'fre', 'ukr']
const TEXTS = [
  'Asked for a place near the school.',
  'First line\nsecond line',
  'Says "thank you"; will call, later',
  'Прийшла з сестрою',
  '希望学习英语',
]

/** Faults by field: what stands in the cell, and the reason that the importer should give. */
const FAULTS: readonly (readonly [field: string, cell: string, reason: string])[] = [
  ['prs_Birthdate', '03/04/1999', 'date_ambiguous'],
  ['prs_Birthdate', '3.4.99', 'date_ambiguous'],
  ['prs_Birthdate', '1999-02-30', 'date_invalid'],
  ['prs_Birthdate', '35950', 'date_invalid'],
  ['prs_Birthdate', '2999-01-01', 'date_in_future'],
  ['prs_Birthdate', '1850-01-01', 'date_too_old'],
  ['cas_IncomingReferralDate', 'last week', 'date_invalid'],
  ['prs_Gender', 'Martian', 'code_unknown'],
  ['prs_MaritalStatus', 'Single;Married', 'code_unknown'],
  ['vic_MethodsOfControl', 'DebtBondage;Hypnosis', 'code_unknown'],
  ['vic_ForcedLabourIndustry', 'Z_Nothing', 'code_unknown'],
  ['cas_Status', 'Paused', 'code_unknown'],
  ['prs_Citizenship', 'Atlantis', 'country_unknown'],
  ['prs_Citizenship', 'NG;AN', 'country_dissolved'],
  ['prs_MailingCountry', 'Middle of nowhere', 'country_unknown'],
  ['prs_PrimaryLanguage', 'Esperantish', 'language_unknown'],
  ['prs_MobilePhone', '2.54712E+11', 'phone_invalid'],
  ['prs_HomePhone', 'ask her sister', 'phone_invalid'],
  ['prs_HomePhone', '123', 'phone_invalid'],
  ['prs_Email', 'not-an-address', 'email_invalid'],
  ['prs_NumberOfChildren', 'two', 'number_invalid'],
  ['vic_AgeWhenTrafficked', '-4', 'number_invalid'],
  ['con_Consent', 'maybe', 'checkbox_invalid'],
  ['prs_MailingLatitude', '981.5', 'coordinate_invalid'],
  ['prs_FirstName', 'x'.repeat(600), 'too_long'],
  ['cco_CaseComment', 'x'.repeat(10_001), 'too_long'],
  ['prs_SecondName', 'Mu\uFFFDoz', 'bad_encoding'],
]

/** A file with every field of the standard, the same for the same seed, and what the importer should say of each line. */
export function generateHtcds(options: HtcdsFileOptions): GeneratedFile {
  const random = mulberry32(options.seed ?? 58137)
  const draw: Draw = (from) => from[Math.floor(random() * from.length)] as (typeof from)[number]
  const delimiter = options.delimiter ?? ','
  const end = options.lineEnd ?? '\n'
  const extra = options.unknownColumns ?? []
  const headers = FIELDS.map(({ name }, at) => nameOf(name, options.naming ?? 'plain', at))
  const headerCells = [...(options.withId === true ? ['record_id'] : []), ...headers, ...extra]
  const lines = [headerCells.map((cell) => quote(cell, delimiter)).join(delimiter)]
  const expected: Expected[] = []
  let line = 2

  const add = (cells: readonly string[], is: Expected['is']) => {
    const text = cells.map((cell) => quote(cell, delimiter)).join(delimiter)
    lines.push(text)
    expected.push({ line, is })
    line += text.split('\n').length
  }
  for (let row = 1; row <= options.rows; row += 1) {
    const cells = FIELDS.map((field) => cellOf(field, draw, random, options.separator ?? ';', row))
    const faulty = (options.faultEvery ?? 0) > 0 && row % (options.faultEvery ?? 1) === 0
    const fault = faulty ? draw(FAULTS) : undefined
    const place = FIELDS.findIndex(({ name }) => name === fault?.[0])
    if (fault !== undefined) cells[place] = fault[1]
    const whole = [...(options.withId === true ? [`R-${String(row)}`] : []), ...cells, ...extra.map(() => draw(TEXTS))]
    add(whole, fault === undefined ? 'read' : { column: headers[place] ?? '', reason: fault[2] })
    if (fault === undefined && (options.repeatEvery ?? 0) > 0 && row % (options.repeatEvery ?? 1) === 0)
      add(whole, 'repeated')
  }
  return { text: `${options.bom === true ? '\uFEFF' : ''}${lines.join(end)}${end}`, expected }
}

function cellOf(field: HtcdsField, draw: Draw, random: () => number, separator: string, row: number): string {
  // The row's own number keeps two rows from being the same by chance.
  if (field.name === 'prs_IdentityNumber') return `ID-${String(row).padStart(7, '0')}`
  if (field.name === 'prs_FirstName') return draw(GIVEN)
  if (field.name === 'prs_SecondName') return draw(FAMILY)
  if (random() < 0.45) return draw(['', '', '', ' '])
  switch (field.kind) {
    case 'text':
      return draw(['Harbour House', 'Room 4', 'Rua das Flores', '和平路', 'شارع النيل', 'A, B and C'])
    case 'long_text':
      return draw(TEXTS)
    case 'date':
      return draw(['2024-03-01', '2025/11/30', '24 Nov 2024', '2023-01-05T10:00:00Z', '25/12/2023'])
    case 'birth_date':
      return draw(['1999-12-31', '2001', '1988-07', '31/01/1975', '5 May 1990', '٢٠٠١-٠٢-٠٣'])
    case 'number':
      return draw(['0', '1', '3', '17', '2.0'])
    case 'checkbox':
      return draw(['true', 'TRUE', 'Yes', 'no', '0', '1'])
    case 'country':
      return draw(COUNTRIES)
    case 'countries':
      return draw([draw(COUNTRIES), `${draw(COUNTRIES)}${separator}${draw(COUNTRIES)}`, '00', 'unknown'])
    case 'language':
      return draw(LANGUAGES)
    case 'phone':
      return draw(['+254712345678', '+49 30 901820', '00 44 20 7946 0018', '0712 345 678', '+1 (212) 555-0123'])
    case 'email':
      return draw(['someone@example.org', 'a.b+c@mail.example.net'])
    case 'coordinate':
      return draw(['12.5', '-33.87', '151'])
    case 'code':
      return draw([draw(field.codes ?? []), 'unknown', draw(field.codes ?? []).toUpperCase()])
    case 'codes': {
      const chosen = [draw(field.codes ?? []), draw(field.codes ?? [])]
      return draw([chosen.join(separator), chosen.join(` ${separator} `), draw(field.codes ?? []), '-99'])
    }
  }
}

function nameOf(name: string, naming: 'plain' | 'underscored' | 'mixed', at: number): string {
  const underscored = name.replace(/(?<=[a-z])(?=[A-Z])/g, '_')
  if (naming === 'plain') return name
  if (naming === 'underscored') return underscored
  return (
    [name, underscored, name.toUpperCase(), ` ${underscored.toLowerCase()} `.trim(), `group_a/${name}`][at % 5] ?? name
  )
}

function quote(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** A small random source that gives the same numbers for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
