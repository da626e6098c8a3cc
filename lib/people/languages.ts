import { iso6393 } from 'iso-639-3'

/** Names that people write and the standard doesn't, with the language meant. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  farsi: 'pes',
  dari: 'prs',
  mandarin: 'cmn',
  cantonese: 'yue',
  filipino: 'fil',
  tagalog: 'tgl',
  sorani: 'ckb',
  kurmanji: 'kmr',
  kurmancî: 'kmr',
  creole: 'hat',
  'haitian creole': 'hat',
  flemish: 'nld',
  moldovan: 'ron',
  castilian: 'spa',
  'serbo-croatian': 'hbs',
  greek: 'ell',
  tigrigna: 'tir',
  twi: 'twi',
  fula: 'ful',
  pashto: 'pus',
  punjabi: 'pan',
  uyghur: 'uig',
  español: 'spa',
  français: 'fra',
  deutsch: 'deu',
  русский: 'rus',
  українська: 'ukr',
  العربية: 'ara',
  中文: 'zho',
  普通话: 'cmn',
  粤语: 'yue',
}

let index: ReadonlyMap<string, string> | undefined

/**
 * The ISO 639-3 code that a code (639-1, 639-2 in either form, 639-3) or an English name means, or null. A tag such as
 * `en-GB` is read by its language.
 */
export function readLanguage(text: string): string | null {
  index ??= buildIndex()
  const plain = fold(text)
  return index.get(plain) ?? (/^[a-z]{2,3}[-_]/.test(plain) ? (index.get(plain.split(/[-_]/)[0] ?? '') ?? null) : null)
}

/** Whether this is an ISO 639-3 code of a language that can be stored. */
export function isLanguage(code: string): boolean {
  index ??= buildIndex()
  return /^[a-z]{3}$/.test(code) && index.get(code) === code
}

function buildIndex(): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const language of iso6393) map.set(fold(language.name), language.iso6393)
  // Codes go over names: `fur` is Friulian before any language so called.
  for (const { iso6393: code, iso6391, iso6392B, iso6392T } of iso6393) {
    for (const other of [iso6391, iso6392B, iso6392T]) if (other !== undefined) map.set(other, code)
  }
  for (const { iso6393: code } of iso6393) map.set(code, code)
  for (const [name, code] of Object.entries(OTHER_NAMES)) map.set(fold(name), code)
  return map
}

/** Names without case, and without what brackets add: Modern Greek (1453-) is Modern Greek. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\(.*?\)/g, '')
    .trim()
    .toLowerCase()
}
