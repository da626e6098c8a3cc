import { documentTokens } from '../names/identity-tokens'
import { namePartsOf, nameTokens, tokensOfWord, type SearchToken } from '../names/tokens'
import { nameWords } from '../names/words'
import { likelyNames } from './likely-names'
import type { IdentifyingKind } from './schema'

/** A stretch of a text that could identify someone; `line` counts from 1, `start` and `end` from 0 in the whole text. */
export type Finding = {
  readonly kind: IdentifyingKind
  readonly line: number
  readonly start: number
  readonly end: number
}

/** Whether a token is one of the person's own; the stored ones are digests, so their owner compares. */
export type IsOwnToken = (token: SearchToken) => boolean

/** What stands in place of a finding: the same for each, so that its length tells nothing. */
export const MASK = '[…]'

const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{2,63})+/gu
/** Seven digits or more with the usual signs between them. */
const PHONE = /(?<![\p{L}\p{N}])\+?\(?\p{Nd}(?:[ ().\-\u2010-\u2013]{0,2}\p{Nd}){6,17}(?![\p{L}\p{N}])/gu
/** Document and file numbers: letters and at least five digits, or five digits and more alone. */
const NUMBER =
  /(?<![\p{L}\p{N}])(?=[A-Z\p{Nd}/-]*\p{Nd}[A-Z/-]*\p{Nd}[A-Z/-]*\p{Nd}[A-Z/-]*\p{Nd}[A-Z/-]*\p{Nd})[A-Z\p{Nd}](?:[/-]?[A-Z\p{Nd}])+(?![\p{L}\p{N}])/giu
const NUMBER_BEFORE_STREET =
  /(?<!\p{N})\p{Nd}{1,5}[a-z]?,?\s+(?:\p{L}[\p{L}.'’-]*\s+){0,4}(?:street|st|road|rd|avenue|ave|lane|ln|drive|close|court|square|terrace|boulevard|blvd|highway|crescent|place|rue|chemin|allée|impasse)\b\.?/giu
const STREET_BEFORE_NUMBER =
  /(?<!\p{L})(?:(?:calle|avenida|avda|carrera|carretera|plaza|paseo|rua|travessa|via|viale|piazza|corso|ulica|ul|ulitsa|улица|ул|проспект|вулиця|jalan|jl|شارع|زنقة|rue)\.?\s+(?:[\p{L}'’.-]+\s+){0,4}?[\p{L}'’.-]+,?\s*(?:n[º°o.]?\s*)?\p{Nd}{1,5}|[\p{L}-]*(?:straße|strasse|str\.|gasse|weg|straat|gatan|vägen|caddesi|sokak)\s*,?\s*(?:no:?\s*)?\p{Nd}{1,5})(?!\p{N})/giu
const CHINESE_ADDRESS = /[\p{Script=Han}]{1,8}(?:路|街|巷|弄|大道|胡同|村)\s*\p{Nd}{1,5}\s*(?:号|弄|栋|室)?/gu

/** Dates, years, amounts and the symbols of resolutions are no numbers of documents. */
const HARMLESS =
  /^(?:\p{Nd}{4}[-/.]\p{Nd}{1,2}[-/.]\p{Nd}{1,2}|\p{Nd}{1,2}[-/.]\p{Nd}{1,2}[-/.]\p{Nd}{2,4}|\p{Nd}{4}[-–/]\p{Nd}{4}|(?:19|20)\p{Nd}{2}|\p{Nd}{1,3}\/\p{Nd}{1,3}|\p{Nd}{1,3}(?:[., ]\p{Nd}{3})+)$/u
/** Records' own codes and paragraphs name nobody. */
const OWN_CODE = /^[A-Z]{3}-?[0-9A-HJKMNP-TV-Z]{9}$/

/**
 * The stretches of a text that could identify someone, in order and without overlaps. `isOwn` says which tokens belong
 * to the person the text is about: names are found by these only, since any word may be someone's name.
 */
export function flagIdentifying(written: string, isOwn?: IsOwnToken): readonly Finding[] {
  const { text, placeOf } = asRead(written)
  const found = [
    ...stretches(text, EMAIL, 'email'),
    ...[NUMBER_BEFORE_STREET, STREET_BEFORE_NUMBER, CHINESE_ADDRESS].flatMap((form) =>
      stretches(text, form, 'address'),
    ),
    ...stretches(text, PHONE, 'phone'),
    ...stretches(text, NUMBER, 'number'),
    ...(isOwn === undefined ? [] : [...ownDocuments(text, isOwn), ...ownNames(text, isOwn)]),
  ].map(({ kind, start, end }) => ({ kind, start: placeOf(start), end: placeOf(end - 1) + 1 }))
  const lineStarts = [0, ...[...written.matchAll(/\n/g)].map(({ index }) => index + 1)]
  return withoutOverlaps(found).map((finding) => ({
    ...finding,
    line: lineStarts.filter((start) => start <= finding.start).length,
  }))
}

/** The text with every finding replaced by the same mask: what coordinators and auditors may read (hard-parts 9). */
export function maskIdentifying(text: string, isOwn?: IsOwnToken): string {
  return masking(text, flagIdentifying(text, isOwn))
}

/**
 * The same for a text by somebody of whom nothing else is known, in which anybody may be named: what stands where names
 * stand is masked too, whoever they are.
 */
export function maskNames(written: string, isOwn?: IsOwnToken): string {
  const { text, placeOf } = asRead(written)
  const likely = likelyNames(text).map(({ start, end }) => ({
    kind: 'name' as const,
    start: placeOf(start),
    end: placeOf(end - 1) + 1,
  }))
  return masking(written, withoutOverlaps([...flagIdentifying(written, isOwn), ...likely]))
}

function masking(text: string, found: readonly Stretch[]): string {
  let masked = ''
  let from = 0
  for (const { start, end } of found) {
    masked += text.slice(from, start) + MASK
    from = end
  }
  return masked + text.slice(from)
}

/** Compares with tokens in the clear, as `identityTokens` makes them. */
export function ownTokens(tokens: readonly SearchToken[]): IsOwnToken {
  const own = new Set(tokens.map(({ kind, value }) => `${kind}:${value}`))
  return ({ kind, value }) => own.has(`${kind}:${value}`)
}

type Stretch = Omit<Finding, 'line'>

/** A sign that shows nothing: between two letters or digits it would part a name or a number, and nobody would see it. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u

/** The text without signs that show nothing, and where each place of it stands in what was written. */
function asRead(written: string): { readonly text: string; readonly placeOf: (at: number) => number } {
  if (!UNSEEN.test(written)) return { text: written, placeOf: (at) => at }
  const places: number[] = []
  let text = ''
  let at = 0
  for (const sign of written) {
    if (!UNSEEN.test(sign)) {
      text += sign
      for (let unit = 0; unit < sign.length; unit += 1) places.push(at + unit)
    }
    at += sign.length
  }
  return { text, placeOf: (place) => places[place] ?? written.length }
}

function stretches(text: string, form: RegExp, kind: IdentifyingKind): Stretch[] {
  return [...text.matchAll(form)]
    .filter(([hit]) => !HARMLESS.test(hit.trim()) && !OWN_CODE.test(hit.toUpperCase()))
    .map(({ 0: hit, index }) => ({ kind, start: index, end: index + hit.trimEnd().length }))
}

function ownDocuments(text: string, isOwn: IsOwnToken): Stretch[] {
  return [...text.matchAll(/[\p{L}\p{N}](?:[\p{L}\p{N}/-]*[\p{L}\p{N}])?/gu)]
    .filter(([hit]) => /\p{N}/u.test(hit) && documentTokens(hit).some(isOwn))
    .map(({ 0: hit, index }) => ({ kind: 'number', start: index, end: index + hit.length }))
}

/** Words that are the person's own, in the spelling of the record or another. */
function ownNames(text: string, isOwn: IsOwnToken): Stretch[] {
  return [...text.matchAll(/[\p{L}\p{M}]+(?:['’](?!s\b)[\p{L}\p{M}]+)*/gu)].flatMap(({ 0: run, index }) =>
    /^[\p{Script=Han}\p{Script=Hangul}]/u.test(run)
      ? ownSyllables(run, index, isOwn)
      : isOwnWord(run, isOwn)
        ? [{ kind: 'name', start: index, end: index + run.length } as const]
        : [],
  )
}

/**
 * A name of the record, or one that sounds like it and is written as a name: a small word that happens to have the same
 * consonants is left alone.
 */
function isOwnWord(run: string, isOwn: IsOwnToken): boolean {
  if (run.length < 2) return false
  const written = !/^\p{Ll}/u.test(run)
  return nameTokens(run).some((token) => {
    if (token.kind === 'name') return token.value.length > 2 && isOwn(token)
    return written && token.kind === 'bones' && token.value.length >= 3 && isOwn(token)
  })
}

/** Chinese and Korean have no spaces: every stretch of two to four signs is tried, the longest first. */
function ownSyllables(run: string, offset: number, isOwn: IsOwnToken): Stretch[] {
  const found: Stretch[] = []
  for (let at = 0; at < run.length; at += 1) {
    const length = [4, 3, 2].find((size) => at + size <= run.length && isOwnJoin(run.slice(at, at + size), isOwn))
    if (length === undefined) continue
    found.push({ kind: 'name', start: offset + at, end: offset + at + length })
    at += length - 1
  }
  return found
}

function isOwnJoin(signs: string, isOwn: IsOwnToken): boolean {
  const words = nameWords(signs)
  const whole = namePartsOf(words).find(({ covers }) => covers.length === words.length && words.length > 1)
  return (
    whole !== undefined && tokensOfWord(whole.word).some(({ kind, value }) => kind === 'name' && isOwn({ kind, value }))
  )
}

/** Of findings that overlap, the one that begins first and reaches farthest stays, lengthened over the others. */
function withoutOverlaps(found: readonly Stretch[]): Stretch[] {
  const sorted = [...found].sort((a, b) => a.start - b.start || b.end - a.end)
  const kept: Stretch[] = []
  for (const finding of sorted) {
    const last = kept.at(-1)
    if (last !== undefined && finding.start < last.end)
      kept[kept.length - 1] = { ...last, end: Math.max(last.end, finding.end) }
    else kept.push(finding)
  }
  return kept
}
