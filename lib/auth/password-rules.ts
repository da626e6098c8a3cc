import { createHash } from 'node:crypto'

import { normalisePassword } from '@/lib/platform/password-text'

import common from './common-passwords.json'

/** NIST SP 800-63B-4: length is what counts. Counted in code points, so that a letter of any script is one. */
export const SHORTEST_ALONE = 15
export const SHORTEST_WITH_SECOND_FACTOR = 12
export const LONGEST_PASSWORD = 256

/** How much must remain of a password once everything that a guesser tries first is taken away. */
const REMAINDER = 6

/** What is known about a member and could stand in a guess: agency, product, parts of the e-mail address, own names. */
export type PasswordContext = {
  readonly hasSecondFactor: boolean
  readonly words: readonly string[]
}

/** Why a password isn't taken; message keys of the part `auth`. */
export type PasswordFault =
  | 'auth.password.too_short'
  | 'auth.password.too_short_with_second_factor'
  | 'auth.password.too_long'
  | 'auth.password.common'
  | 'auth.password.repetitive'
  | 'auth.password.about_you'

/**
 * Why this password is not taken, or null when it is. No rule asks for digits or signs, none lets a password grow
 * old, and none cuts, trims or forbids anything (requirement A02).
 */
export function findPasswordFault(password: string, context: PasswordContext): PasswordFault | null {
  const normal = normalisePassword(password)
  const length = Array.from(normal).length
  if (length < (context.hasSecondFactor ? SHORTEST_WITH_SECOND_FACTOR : SHORTEST_ALONE)) {
    return context.hasSecondFactor ? 'auth.password.too_short_with_second_factor' : 'auth.password.too_short'
  }
  if (length > LONGEST_PASSWORD) return 'auth.password.too_long'

  const lower = normal.toLowerCase()
  if (isCommon(lower)) return 'auth.password.common'
  if (Array.from(withoutPatterns(lower)).length < REMAINDER) return 'auth.password.repetitive'
  const bare = withoutWords(lower, BASE_WORDS)
  if (Array.from(withoutPatterns(bare)).length < REMAINDER) return 'auth.password.common'
  const own = withoutWords(bare, contextWords(context.words))
  return Array.from(withoutPatterns(own)).length < REMAINDER ? 'auth.password.about_you' : null
}

/** Whether a password is long enough where nothing else is asked for. */
export function standsAlone(password: string): boolean {
  return Array.from(normalisePassword(password)).length >= SHORTEST_ALONE
}

/** The words of an e-mail address, a name or an agency that a guesser would try, for `PasswordContext.words`. */
export function contextWords(texts: readonly string[]): string[] {
  const words = texts.flatMap((text) => {
    const lower = text.normalize('NFC').toLowerCase()
    return [lower.replace(/[^\p{L}\p{N}]/gu, ''), ...lower.split(/[^\p{L}\p{N}]+/u)]
  })
  // Shorter words are part of many others; the longest go first, so that they are taken out whole.
  const long = words.filter(
    (word) => Array.from(word).length >= (/[\p{Script=Han}\p{Script=Hangul}\p{Script=Kana}]/u.test(word) ? 2 : 4),
  )
  return [...new Set(long)].sort((a, b) => b.length - a.length)
}

/** What the most used passwords are made of. Whole passwords are looked up in the list; these catch the joined ones. */
const BASE_WORDS = `
  password passwort contrasena contraseña motdepasse wachtwoord passphrase passcode senha parola iloveyou letmein
  welcome changeme qwertyuiop qwerty azerty qwertz administrator admin default superman batman dragon monkey
  football baseball princess sunshine shadow master trustno1 starwars secret login access hello freedom whatever
  michael jordan computer internet summer winter spring autumn amparo shelter caseworker supervisor coordinator
  auditor
`
  .trim()
  .split(/\s+/)
  .sort((a, b) => b.length - a.length)

const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '+': 't',
}

/** The text without these words, also where look-alike signs stand for letters. */
function withoutWords(text: string, words: readonly string[]): string {
  const signs = Array.from(text)
  // Look-alikes are one sign each, so places in both texts agree.
  const plain = signs.map((sign) => LOOKALIKES[sign] ?? sign)
  for (const word of words) {
    const letters = Array.from(word)
    for (const haystack of [signs, plain]) {
      for (let at = 0; at + letters.length <= haystack.length;) {
        if (letters.every((letter, index) => haystack[at + index] === letter)) {
          signs.splice(at, letters.length)
          plain.splice(at, letters.length)
        } else {
          at += 1
        }
      }
    }
  }
  return signs.join('')
}

/** Rows of keys on the usual keyboards, which fingers run along, and the alphabet and digits. */
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  'qwertzuiop',
  'yxcvbnm',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
  'абвгдежзийклмнопрстуфхцчшщъыьэюя',
  '!@#$%^&*()',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
]
const ALL_RUNS = [...RUNS, ...RUNS.map((run) => Array.from(run).reverse().join(''))]

/**
 * What is left when everything is taken away that adds no doubt for a guesser: repetitions of anything seen before,
 * runs of neighbours, years and dates, separators.
 */
function withoutPatterns(text: string): string {
  return withoutRepeats(withoutRuns(text.replace(/[\s\p{P}\p{S}]+/gu, ''))).replace(/(?:19|20)\d\d/g, '')
}

/** Takes out stretches of three or more neighbours, keeping the first sign of each. */
function withoutRuns(text: string): string {
  let left = ''
  for (let at = 0; at < text.length;) {
    let length = 1
    while (at + length < text.length && ALL_RUNS.some((run) => run.includes(text.slice(at, at + length + 1))))
      length += 1
    left += text.charAt(at)
    at += length >= 3 ? length : 1
  }
  return left
}

/** Takes out each stretch of two or more signs that stood before, and each sign that repeats its neighbour. */
function withoutRepeats(text: string): string {
  let left = ''
  for (let at = 0; at < text.length;) {
    let length = 0
    while (at + length < text.length && left.includes(text.slice(at, at + length + 1))) length += 1
    if (length >= 2) {
      at += length
    } else {
      if (!left.endsWith(text.charAt(at))) left += text.charAt(at)
      at += 1
    }
  }
  return left
}

let digests: ReadonlySet<string> | undefined

/** Whether the whole password is on the list (docs/third-party.md says where it comes from). */
function isCommon(lower: string): boolean {
  digests ??= readDigests()
  const undecorated = lower.replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, '')
  return [lower, undecorated, lower.replace(/[\s\p{P}]+/gu, '')].some((text) => digests?.has(digestOf(text)) === true)
}

function readDigests(): ReadonlySet<string> {
  const bytes = Buffer.from(common.digests, 'base64')
  const set = new Set<string>()
  for (let at = 0; at < bytes.length; at += common.bytes) set.add(bytes.toString('latin1', at, at + common.bytes))
  return set
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest().toString('latin1', 0, common.bytes)
}
