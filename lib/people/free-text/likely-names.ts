/** Where a text names somebody, by how it is written alone. */
type LikelyName = { readonly start: number; readonly end: number }

const NAME = String.raw`\p{Lu}[\p{L}\p{M}]*\p{Ll}[\p{L}\p{M}]*(?:[-'’]\p{L}[\p{L}\p{M}]*)*`
/** Written large in the middle of a sentence. */
const WITHIN = new RegExp(String.raw`(?<=[\p{L}\p{M}\p{N},;)’'”»]\s)${NAME}`, 'gu')
const TITLED = new RegExp(
  String.raw`(?<=(?<!\p{L})(?:[Mm](?:rs?|s|x|iss|me)|[Dd]ra?|[Pp]rof|[Ss]r(?:a|ta)?|[Hh]err|[Ff]rau|[Ss]ister|[Bb]rother|[Oo]fficer|[Nn]urse|[Dd]octor)\.?\s)${NAME}(?:\s${NAME})*`,
  'gu',
)
const CALLED =
  /(?<=(?<!\p{L})(?:is called|was called|[Ss]omebody called|[Ss]omeone called|named|names? (?:is|was)|se llama|s['’]appelle|chama-se|heißt)\s)[\p{L}\p{M}'’-]{2,}(?:\s\p{Lu}[\p{L}\p{M}'’-]*)*/gu
const HAN_CALLED = /(?<=名叫|叫做|名字叫|名字是|我叫)\p{Script=Han}{2,3}/gu
const HAN_TITLED =
  /(?<!谢)(?!谢谢)[王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭蔡潘田董袁余叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧傅钟鍾姜崔谭譚廖范汪陆陸金戴贾賈夏邱方侯邹鄒熊孟秦江薛尹段雷黎史龙龍陶贺賀顾顧毛郝龚龔邵钱錢严嚴]\p{Script=Han}?(?=先生|女士|小姐|太太|老师|医生|大夫|护士|警官|主任|社工|阿姨|叔叔)/gu

/** Beside names these are written large in English: days, months, languages, countries, titles. */
const OTHERS: ReadonlySet<string> = new Set(
  [
    ...'I God Christmas Easter Ramadan Internet Police English'.split(' '),
    ...'Mr Mrs Ms Miss Mx Dr Prof Doctor Nurse Officer Sister Brother'.split(' '),
    ...Array.from({ length: 12 }, (_, month) => monthOrDay({ month: 'long' }, new Date(Date.UTC(2026, month, 1)))),
    ...Array.from({ length: 7 }, (_, day) => monthOrDay({ weekday: 'long' }, new Date(Date.UTC(2026, 0, 4 + day)))),
    ...namesOf('language', 2),
    ...namesOf('region', 2),
  ].flatMap((word) => [word, `${word}s`]),
)

/** Above this share of words written large, a text is in a language, or by a hand, that writes more than names so. */
const MOST_LARGE = 0.25
const FEWEST_WORDS = 20

/**
 * The stretches that stand where names stand: written large in the middle of a sentence, after a title, after "is called".
 * It asks nothing of any record, so whoever reads what was masked by it learns nothing of who is known here.
 */
export function likelyNames(text: string): readonly LikelyName[] {
  const found = [TITLED, CALLED, HAN_CALLED, HAN_TITLED].flatMap((form) => placesOf(text, form))
  const large = placesOf(text, WITHIN).filter(({ start, end }) => !isOther(text.slice(start, end)))
  const words = [...text.matchAll(/\p{L}[\p{L}\p{M}'’-]*/gu)]
  if (words.length >= FEWEST_WORDS && large.length / words.length > MOST_LARGE) return found
  // What is a name in one place is one at the beginning of a sentence too.
  const named = new Set(large.map(({ start, end }) => text.slice(start, end)))
  const again = words.filter(([word]) => named.has(word)).map(({ 0: word, index }) => placeOf(word, index))
  return [...found, ...large, ...again]
}

function isOther(word: string): boolean {
  return OTHERS.has(word) || OTHERS.has(word.replace(/['’]s$/u, ''))
}

function placesOf(text: string, form: RegExp): LikelyName[] {
  return [...text.matchAll(form)].map(({ 0: hit, index }) => placeOf(hit, index))
}

function placeOf(hit: string, index: number): LikelyName {
  return { start: index, end: index + hit.length }
}

function monthOrDay(part: Intl.DateTimeFormatOptions, at: Date): string {
  return new Intl.DateTimeFormat('en', { ...part, timeZone: 'UTC' }).format(at)
}

/** The words of every name that English has for a language or a region. */
function namesOf(type: 'language' | 'region', length: number): readonly string[] {
  const names = new Intl.DisplayNames('en', { type, fallback: 'none' })
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(97 + at))
  const codes = letters.flatMap((first) => letters.map((second) => `${first}${second}`.slice(0, length)))
  return codes.flatMap((code) => {
    const name = names.of(type === 'region' ? code.toUpperCase() : code)
    return name === undefined ? [] : name.split(/[\s(),&-]+/u).filter((word) => /^\p{Lu}/u.test(word))
  })
}
