import { randomBytes, randomInt } from 'node:crypto'

/**
 * The kinds of record that people and addresses see by code. AUD is an auditor's pseudonym for a person or case;
 * the rest stand in for a name wherever one would tempt.
 */
export const CODE_PREFIXES = {
  person: 'AMP',
  case: 'CAS',
  need: 'NED',
  service: 'SVC',
  contact: 'CTC',
  consent: 'CON',
  referral: 'REF',
  paperReferral: 'PRF',
  urgentNeed: 'URG',
  task: 'TSK',
  document: 'DOC',
  finding: 'FND',
  pseudonym: 'AUD',
  goal: 'GOL',
  appointment: 'APT',
  stay: 'STY',
  proceeding: 'PRC',
  incident: 'INC',
  turnedAway: 'TAW',
  complaintSlip: 'CMP',
  complaintEnvelope: 'ENV',
  complaint: 'CPL',
  auditReport: 'RPT',
  listedService: 'DIR',
  group: 'GRP',
  import: 'IMP',
  member: 'MBR',
  accessReview: 'ARV',
  roleReview: 'RRV',
  emergencyAccess: 'EMG',
  unit: 'UNT',
  cover: 'COV',
  absence: 'ABS',
  lawfulBasis: 'LBS',
  sharingException: 'EXC',
  disclosure: 'DIS',
  agreement: 'AGR',
  cube: 'CUB',
  disparity: 'DSP',
  sample: 'SMP',
  event: 'EVT',
} as const

export type CodePrefix = (typeof CODE_PREFIXES)[keyof typeof CODE_PREFIXES]

/** Crockford's base 32: no I, L, O (read as 1 and 0) and no U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const BASE = ALPHABET.length
const RANDOM_SIGNS = 8
const BODY = new RegExp(`^[${ALPHABET}]{${String(RANDOM_SIGNS + 1)}}$`)
const KNOWN: ReadonlySet<string> = new Set(Object.values(CODE_PREFIXES))

/**
 * A fresh code such as `AMP-7K3MQ2XH4`: eight random signs and a check sign. It says nothing about the record.
 *
 * `draw(n)` gives a whole number from 0 to n - 1; demonstration data hand in their own so as to be repeatable.
 */
export function newCode(prefix: CodePrefix, draw: (below: number) => number = randomInt): string {
  let body = ''
  for (let sign = 0; sign < RANDOM_SIGNS; sign += 1) body += ALPHABET.charAt(draw(BASE))
  return `${prefix}-${body}${checkSign(body)}`
}

/**
 * The canonical code in what someone typed, or null when it is none, is of another kind than `prefix`, or its check
 * sign doesn't fit. Forgives case, spaces, any dash, full-width letters, and O for 0, I or L for 1. With a `prefix`
 * the nine signs alone are enough.
 */
export function parseCode(text: string, prefix?: CodePrefix): string | null {
  // Longer than any code with spaces between all of its signs: not worth normalising.
  if (text.length > 64) return null
  const signs = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Cf}\u2212_.]/gu, '')
  const bare = prefix !== undefined && signs.length === RANDOM_SIGNS + 1
  const kind = bare ? prefix : signs.slice(0, 3)
  if (!KNOWN.has(kind) || (prefix !== undefined && kind !== prefix)) return null

  const body = (bare ? signs : signs.slice(3)).replace(/O/g, '0').replace(/[IL]/g, '1')
  if (!BODY.test(body) || checkSign(body.slice(0, RANDOM_SIGNS)) !== body.slice(RANDOM_SIGNS)) return null
  return `${kind}-${body}`
}

/** A canonical code as people read it aloud: `AMP-7K3 MQ2 XH4`. */
export function groupCode(code: string): string {
  const [kind = '', body = ''] = code.split('-')
  return `${kind}-${(body.match(/.{1,3}/g) ?? []).join(' ')}`
}

/** Luhn mod 32: every wrong sign shows, and so does nearly every swap of two neighbours. */
function checkSign(body: string): string {
  let sum = 0
  for (let index = body.length - 1, double = true; index >= 0; index -= 1, double = !double) {
    const value = ALPHABET.indexOf(body.charAt(index)) * (double ? 2 : 1)
    sum += Math.floor(value / BASE) + (value % BASE)
  }
  return ALPHABET.charAt((BASE - (sum % BASE)) % BASE)
}

let lastMillisecond = 0
let lastCounter = 0

/**
 * A time-ordered UUID (version 7, RFC 9562): ids made later by this process sort later. Ids stay inside; people and
 * addresses see codes. `at` is for demonstration data whose records lie in the past.
 */
export function newId(at?: Date): string {
  const bytes = randomBytes(16)
  let millisecond = at?.getTime() ?? Date.now()
  let counter = bytes.readUInt16BE(6) & 0x7ff
  if (at === undefined) {
    // A clock set back, or more ids than the 12 bits of one millisecond hold, borrow from the next one.
    if (millisecond <= lastMillisecond) {
      millisecond = lastMillisecond
      counter = lastCounter + 1
      if (counter > 0xfff) {
        millisecond += 1
        counter = 0
      }
    }
    lastMillisecond = millisecond
    lastCounter = counter
  }
  bytes.writeUIntBE(millisecond, 0, 6)
  bytes.writeUInt16BE(0x7000 | counter, 6)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
