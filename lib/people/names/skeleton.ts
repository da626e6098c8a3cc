/**
 * Consonant skeletons: what stays of a name when spellings, vowels and alphabets change. محمد, Mohammed and Muhamad are
 * all `mhmt`. A class stands for sounds that languages write for one another: p for b and p, t for d and t, k for g, k
 * and q, f for f and v, s for s, z, sh and ts, c for ch, j and zh; a for any vowel at the beginning.
 */

/** More spellings than this of one word would fit everyone. */
const MOST_VARIANTS = 8

/** A skeleton of one sign fits too many names to propose anything. */
const SHORTEST = 2

/** What a letter or a stretch of letters may stand for; the likeliest first, a dot for a vowel. */
type Readings = ReadonlyMap<string, readonly string[]>

/** Longer stretches win over the shorter ones that they begin with. */
const LATIN = readings(`
  shch:s tsch:c sch:s tch:c dzh:c chr:kr dj:c dh:t,s th:t,s kh:k,h gh:k,h ph:f ch:c,s zh:c sh:s ts:s tz:s ck:k
  ce:s. ci:s. ge:k.,c. gi:k.,c. x:ks,s b:p p:p d:t t:t f:f v:f w:.,f g:k k:k q:k c:k s:s z:s j:c h:h l:l m:m n:n r:r
  a:. e:. i:. o:. u:. y:.
`)

const ARABIC = readings(`
  لله:l.h ا:. أ:. إ:. آ:. ٱ:. ء:. ئ:. ؤ:. ع:. ى:. ي:. ی:. ې:. ۍ:. ے:. ێ:. ە:. ۆ:. و:.,f ۋ:f ڤ:f
  ب:p پ:p ت:t ط:t د:t ض:t,s ټ:t ډ:t ٹ:t ڈ:t ث:t,s ذ:t,s ظ:s,t ج:c,k چ:c ح:h ه:h ہ:h ھ:h ة:h ۀ:h خ:k,h غ:k,h
  ر:r ړ:r ڑ:r ڕ:r ز:s ژ:c س:s ص:s ش:s ښ:s ځ:s څ:s ف:f ق:k ك:k ک:k گ:k ګ:k ڭ:n ل:l ڵ:l م:m ن:n ں:n ڼ:n
`)

const HEBREW = readings(`
  א:. ע:. י:. ו:.,f ב:p,f ג:k ד:t ה:h ז:s ח:h,k ט:t כ:k,h ך:k,h ל:l מ:m ם:m נ:n ן:n ס:s פ:p,f ף:f,p צ:s ץ:s ק:k ר:r
  ש:s ת:t
`)

/** Scripts that leave vowels out; their letters are read as they stand. */
export const ABJADS = { Arabic: ARABIC, Hebrew: HEBREW } as const
export type Abjad = keyof typeof ABJADS

/** The skeletons of a word in plain Latin letters. */
export function latinSkeletons(word: string): string[] {
  // Half of Europe writes Jelena for what the other half writes Yelena.
  const spellings = /^j[aeiou]/.test(word) ? [word, `y${word.slice(1)}`] : [word]
  const variants = spellings.flatMap((spelling) => readAll(spelling, LATIN, /^[aeiouy]/, /^w/, ''))
  return finished(variants)
}

/** The skeletons of a word in Arabic or Hebrew script without its marks. */
export function abjadSkeletons(word: string, script: Abjad): string[] {
  // Two equal letters in a row have a vowel between them: a doubled one is written once.
  return finished(readAll(word, ABJADS[script], /^[اأإآٱعيیىאעי]/, /^[וو]/, '.'))
}

function readAll(word: string, table: Readings, vowelFirst: RegExp, gliding: RegExp, between: string): string[] {
  let variants = vowelFirst.test(word) ? ['a'] : ['']
  let at = 0
  if (gliding.test(word)) {
    // A w that begins a word is a consonant in every language; inside it is as often part of a vowel.
    variants = ['f']
    at = 1
  }
  while (at < word.length) {
    const [length, options] = readingAt(word, at, table)
    const fitting = variants.length * options.length > MOST_VARIANTS ? options.slice(0, 1) : options
    variants = variants.flatMap((start) => fitting.map((option) => start + option + between))
    at += length
  }
  return variants
}

/** Doubled consonants once, vowels out, and the h at the end that half of all spellings leave away. */
function finished(variants: readonly string[]): string[] {
  const plain = variants.map((variant) =>
    variant
      .replace(/([^.])\1+/g, '$1')
      .replace(/\./g, '')
      .replace(/(?<=.)h$/, ''),
  )
  return [...new Set(plain)].filter((variant) => variant.length >= SHORTEST)
}

function readingAt(word: string, at: number, table: Readings): readonly [number, readonly string[]] {
  for (let length = Math.min(4, word.length - at); length > 0; length -= 1) {
    const options = table.get(word.slice(at, at + length))
    if (options !== undefined) return [length, options]
  }
  return [1, ['']]
}

function readings(text: string): Readings {
  const entries = text.trim().split(/\s+/)
  return new Map(
    entries.map((entry) => {
      const [letters = '', options = ''] = entry.split(':')
      return [letters, options.split(',')]
    }),
  )
}
