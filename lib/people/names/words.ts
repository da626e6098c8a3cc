import anyAscii from 'any-ascii'
import { pinyin } from 'pinyin-pro'

import { abjadSkeletons, latinSkeletons, type Abjad } from './skeleton'

/** One word of a name, in every way that we look for it. */
export type NameWord = {
  /** The word in its own script, folded; null for Latin ones, whose spellings say it already. */
  readonly original: string | null
  /** Spellings in plain Latin letters; none for scripts without vowels, where a spelling can't be known. */
  readonly spellings: readonly string[]
  readonly skeletons: readonly string[]
  /** Parts such as al- or bin, which some write and others leave out. */
  readonly particle: boolean
  /** A syllable of a Chinese or Korean name, which others may write together with the next one. */
  readonly syllable: boolean
}

/** Longer texts hold no name; the rest of them is not looked at. */
const LONGEST_TEXT = 300
const MOST_WORDS = 12

const PARTICLES = new Set(
  `al el ul bin ben ibn bint binti bte von van der den de del da dos das di la le mr mrs ms dr بن ابن بنت`.split(' '),
)
/** The article before a sun letter takes that letter's sound; it shows by its hyphen only. */
const SUN_ARTICLE = /(?<![\p{L}])(?:ad|ar|as|at|az|an|ash|ath|adh|al|el)-(?=\p{L})/giu

const COMPOUND_SURNAMES = new Set(
  '欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 东方 南宫 司徒 端木 歐陽 司馬 諸葛 尉遲 公孫 東方 南宮'.split(' '),
)
/** How Korean families write their names, where that differs from the romanisation of the sign. */
const KOREAN_SURNAMES: Readonly<Record<string, readonly string[]>> = {
  김: ['kim'],
  이: ['lee', 'yi', 'rhee'],
  박: ['park', 'pak'],
  최: ['choi'],
  정: ['jung', 'chung', 'jeong'],
  강: ['kang'],
  조: ['cho'],
  윤: ['yoon'],
  장: ['jang', 'chang'],
  임: ['lim'],
  오: ['oh'],
  신: ['shin'],
  권: ['kwon'],
  유: ['yoo', 'ryu'],
  안: ['ahn'],
  문: ['moon'],
  서: ['seo', 'suh'],
  우: ['woo'],
  구: ['koo'],
  노: ['noh', 'roh'],
}

const ARTICLE: NameWord = { original: null, spellings: ['al'], skeletons: [], particle: true, syllable: false }

/** The words of a name in any script, in the order in which they stand. */
export function nameWords(text: string): NameWord[] {
  const plain = text.slice(0, LONGEST_TEXT).normalize('NFKC').replace(SUN_ARTICLE, '\u0001 ')
  return plain
    .split(/[^\p{L}\p{M}\p{N}\u0001'’ʼ`ʹʻ]+/u)
    .map((part) => part.replace(/['’ʼ`ʹʻ]/g, ''))
    .flatMap(
      (part) => part.match(/[\p{Script=Han}々]+|[\p{Script=Hangul}]+|[^\p{Script=Han}\p{Script=Hangul}]+/gu) ?? [],
    )
    .slice(0, MOST_WORDS)
    .flatMap(wordsOfRun)
}

/** A word as found when it is written together with its neighbours: Abd + al + Rahman is also Abdulrahman. */
export function joinWords(words: readonly NameWord[]): NameWord {
  const originals = words.map(({ original }) => original)
  const original = originals.includes(null) ? null : originals.join('')
  const spellings = words.reduce<string[]>(
    (starts, word) => starts.flatMap((start) => word.spellings.slice(0, 2).map((end) => start + end)).slice(0, 4),
    [''],
  )
  const abjad = original === null ? null : abjadOf(original)
  const skeletons =
    abjad !== null && original !== null ? abjadSkeletons(original, abjad) : skeletonsOfJoin(words, spellings)
  return { original, spellings, skeletons, particle: false, syllable: false }
}

/** Chinese names have no skeletons, since nearly all would be alike; Korean ones only from two syllables on. */
function skeletonsOfJoin(words: readonly NameWord[], spellings: readonly string[]): string[] {
  if (words.some(({ syllable, original }) => syllable && !/^\p{Script=Hangul}/u.test(original ?? ''))) return []
  return spellings.slice(0, 1).flatMap(latinSkeletons)
}

function wordsOfRun(run: string): NameWord[] {
  if (run === '\u0001') return [ARTICLE]
  if (/^[\p{Script=Han}々]/u.test(run)) return hanWords(run)
  if (/^\p{Script=Hangul}/u.test(run)) return hangulWords(run)
  const folded = foldLetters(run)
  const abjad = abjadOf(folded)
  if (abjad !== null) return abjadWords(folded, abjad)
  const servant = /^abd[aeiou]l$/.test(folded)
  if (servant) return [...wordsOfRun('abd'), ARTICLE]
  const spellings = spellingsOf(folded)
  const [first = ''] = spellings
  if (first === '') return []
  const latin = /^\p{Script=Latin}/u.test(folded)
  return [
    {
      original: latin ? null : folded,
      spellings,
      skeletons: [...new Set(spellings.flatMap(latinSkeletons))].slice(0, 8),
      particle: PARTICLES.has(first),
      syllable: false,
    },
  ]
}

/** The Arabic article is a word of its own, so that the name is found with and without it. */
function abjadWords(folded: string, script: Abjad): NameWord[] {
  const [, article = '', bare = ''] = (script === 'Arabic' ? /^(و?ال)(..+)$/u.exec(folded) : null) ?? []
  const word = (original: string, particle: boolean): NameWord => ({
    original,
    spellings: [],
    skeletons: particle ? [] : abjadSkeletons(original, script),
    particle,
    syllable: false,
  })
  return article === '' ? [word(folded, PARTICLES.has(folded))] : [word('ال', true), word(bare, false)]
}

/** Each sign is a word, so that the name is found however its syllables are joined; a surname may have two signs. */
function hanWords(run: string): NameWord[] {
  const signs = Array.from(run).slice(0, 8)
  const surnameLength = COMPOUND_SURNAMES.has(signs.slice(0, 2).join('')) ? 2 : 1
  const plain = pinyin(run, { toneType: 'none', type: 'array' })
  const asSurname = pinyin(run, { toneType: 'none', type: 'array', surname: 'head' })
  return signs.map((sign, at) => {
    const readingsHere = at < surnameLength ? [asSurname[at], plain[at]] : [plain[at]]
    const spellings = readingsHere.flatMap((reading) => pinyinSpellings(reading ?? sign))
    return { original: sign, spellings: [...new Set(spellings)], skeletons: [], particle: false, syllable: true }
  })
}

/** Passports write ü as yu, forms as v or u. */
function pinyinSpellings(syllable: string): string[] {
  const folded = anyAscii(syllable.replaceAll('ü', 'v')).toLowerCase()
  return /^[ln]v/.test(folded) ? [folded.replace('v', 'u'), folded, folded.replace('v', 'yu')] : [folded]
}

function hangulWords(run: string): NameWord[] {
  return Array.from(run.slice(0, 8)).map((sign, at) => ({
    original: sign,
    spellings: unique([
      ...(at === 0 ? (KOREAN_SURNAMES[sign] ?? []) : []),
      ...koreanSpellings(anyAscii(sign).toLowerCase()),
    ]),
    skeletons: [],
    particle: false,
    syllable: true,
  }))
}

/** The official spelling, and the one that most passports carry: yeong is young, jeong is jung. */
function koreanSpellings(syllable: string): string[] {
  const everyday = syllable.replace(/^yeo/, 'you').replace('yeo', 'yu').replace('eo', 'u')
  return [everyday, syllable]
}

function abjadOf(word: string): Abjad | null {
  if (/^\p{Script=Arabic}/u.test(word)) return 'Arabic'
  return /^\p{Script=Hebrew}/u.test(word) ? 'Hebrew' : null
}

/** Letters without marks, and one form of those Arabic letters that people write for each other. */
function foldLetters(word: string): string {
  const latin = /^\p{Script=Latin}/u.test(word)
  const bare = latin || /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(word) ? stripMarks(word) : word
  return bare
    .toLowerCase()
    .replace(/[أإآٱ]/g, 'ا')
    .replace(/[ىی]/g, 'ي')
    .replace(/ک/g, 'ك')
    .replace(/ة/g, 'ه')
}

function stripMarks(word: string): string {
  // Letters that German and Nordic people write out (ö as oe) keep their mark until the spellings are made.
  return word.replace(/[^äöüøåÄÖÜØÅ]/gu, (letter) => letter.normalize('NFD').replace(/[\p{M}\u0640]/gu, ''))
}

const WRITTEN_OUT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' }

/** Passports (ICAO 9303), Ukrainian and everyday spellings of Cyrillic letters that differ from the usual one. */
const CYRILLIC_SYSTEMS: readonly Readonly<Record<string, string>>[] = [
  {},
  { й: 'i', ю: 'iu', я: 'ia', ё: 'e', ъ: 'ie' },
  { г: 'h', и: 'y', ы: 'y', є: 'ie', ї: 'i', й: 'i', ю: 'iu', я: 'ia', х: 'kh' },
  { х: 'h', я: 'ya', ю: 'yu', ё: 'yo', є: 'ye', ї: 'yi', ц: 'c' },
]

function spellingsOf(word: string): string[] {
  if (/^\p{Script=Cyrillic}/u.test(word)) {
    return unique(
      CYRILLIC_SYSTEMS.map((system) => romanise(word.replace(/\p{L}/gu, (letter) => system[letter] ?? letter))),
    )
  }
  const writtenOut = word.replace(/[äöüøå]/g, (letter) => WRITTEN_OUT[letter] ?? letter)
  return unique([romanise(word), romanise(writtenOut)])
}

/** Thai and Lao write some vowels before the consonant after which they are spoken. */
const VOWEL_BEFORE = /([เแโใไເແໂໃໄ])(\p{L})/gu
/** The nasal dot of the scripts of India; transliteration calls it m wherever it stands. */
const NASAL = /[\u0902\u0982\u0A02\u0A70\u0A82\u0B02\u0C02\u0C82\u0D02]/g

function romanise(word: string): string {
  return anyAscii(word.replace(VOWEL_BEFORE, '$2$1').replace(NASAL, 'n'))
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
}

function unique(spellings: readonly string[]): string[] {
  return [...new Set(spellings)].filter((spelling) => spelling !== '')
}
