import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { identityTokens, phoneTokens } from './identity-tokens'
import { queryTokens, scoreMatches, type MatchStrength } from './query'
import { nameTokens } from './tokens'

/** How well someone registered under `stored` fits the query. */
function fit(stored: string | Parameters<typeof identityTokens>[0], query: string): MatchStrength | null {
  const tokens = typeof stored === 'string' ? nameTokens(stored) : identityTokens(stored, 'KE')
  const has = new Set(tokens.map(({ kind, value }) => `${kind}:${value}`))
  const asked = queryTokens(query, 'KE')
  const matched = new Set(asked.tokens.flatMap(({ kind, value }, at) => (has.has(`${kind}:${value}`) ? [at] : [])))
  return scoreMatches(asked, matched)?.strength ?? null
}

/** The same person, written by two people. */
const SAME = [
  // Chinese
  ['王小明', 'Wang Xiaoming'], ['王小明', 'Xiao Ming Wang'], ['王小明', 'WANG XIAO-MING'], ['張偉', '张伟'], ['吕秀兰', 'Lyu Xiulan'],
  ['吕秀兰', 'Lu Xiu Lan'], ['欧阳娜娜', 'Ouyang Nana'], ['单雄信', 'Shan Xiongxin'], ['Wang Xiaoming', '王小明'], ['曾志伟', 'Zeng Zhiwei'],
  // Arabic script
  ['محمد علي', 'Mohammed Ali'], ['محمد علي', 'Muhamad Aly'], ['محمّد عليّ', 'محمد على'], ['فاطمة الزهراء', 'Fatima Zahra'],
  ['فاطمة الزهراء', 'Fatimah al-Zahraa'], ['عبد الرحمن يوسف', 'Abdulrahman Yusuf'], ['عبدالرحمن يوسف', 'Abd al-Rahman Youssef'],
  ['خديجة حسن', 'Khadija Hassan'], ['عائشة عمر', 'Aisha Omar'], ['عثمان', 'Othman'], ['عثمان', 'Osman'], ['نور الهدى', 'Nour el Houda'],
  ['گلناز احمدی', 'Golnaz Ahmadi'], ['پروین رضایی', 'Parvin Rezaei'], ['جمال عبد الناصر', 'Gamal Abdel Nasser'],
  ['ليلى بنت خالد', 'Layla Khaled'], ['وليد', 'Walid'],
  // Cyrillic
  ['Ольга Петрова', 'Olha Petrova'], ['Ольга Петрова', 'Olga Petrova'], ['Юлия Щербакова', 'Yulia Shcherbakova'],
  ['Юлия Щербакова', 'Iuliia Shcherbakova'], ['Хамид Алиев', 'Hamid Aliyev'], ['Наталія Гончаренко', 'Nataliia Honcharenko'],
  // Ethiopic
  ['ሰላም', 'Selam'], ['ገብረመድህን ተስፋይ', 'Gebremedhin Tesfay'], ['ሰላም ሃይለ', 'Selam Haile'],
  // Hebrew, Greek, Georgian, Armenian
  ['יוסף כהן', 'Yosef Cohen'], ['דוד לוי', 'David Levi'], ['Γεώργιος Παπαδόπουλος', 'Georgios Papadopoulos'], ['ნინო ბერიძე', 'Nino Beridze'],
  ['Արամ Պետրոսյան', 'Aram Petrosyan'],
  // South and South-East Asia
  ['मोहम्मद अली', 'Mohammad Ali'], ['सुनीता शर्मा', 'Sunita Sharma'], ['রহিমা খাতুন', 'Rahima Khatun'], ['สมชาย ใจดี', 'Somchai Jaidee'],
  ['ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ', 'Gurpreet Singh'], ['Nguyễn Thị Đào', 'Nguyen Thi Dao'], ['Nguyễn Thị Đào', 'Dao Nguyen Thi'],
  // Korean, Japanese
  ['김민수', 'Kim Min-su'], ['김민수', 'Minsu Kim'], ['박지영', 'Park Jiyoung'], ['이수진', 'Lee Sujin'], ['さくら', 'Sakura'],
  // Latin
  ['Müller', 'Mueller'], ['José Ñandú', 'Jose Nandu'], ['O’Brien', 'OBrien'], ["N'Diaye Fatou", 'Ndiaye Fatou'], ['Şükran Yılmaz', 'Sukran Yilmaz'],
  ['Krzysztof Wójcik', 'Krzysztof Wojcik'], ['Oluwaseun Adeyemi', 'Adeyemi Oluwaseun'], ['María de los Ángeles', 'Maria Angeles'],
  ['Mohammed bin Salem', 'Muhammed Salim'], ['Kristina Petrowa', 'Christina Petrova'], ['Ben Smith', 'Ben Smith'],
] as const // prettier-ignore

/** Names that look or sound a little alike and are not the same person's. */
const OTHERS = [
  ['王小明', '李大伟'], ['王小明', 'Li Dawei'], ['محمد علي', 'Ibrahim Khalil'], ['محمد علي', 'محمود حسن'], ['Ольга Петрова', 'Irina Sokolova'],
  ['ሰላም ሃይለ', 'Abebe Bikila'], ['김민수', 'Park Jiyoung'], ['José García', 'Juan Gómez'], ['Nguyễn Thị Đào', 'Trần Văn Minh'],
  ['Sunita Sharma', 'Anjali Gupta'], ['Grace Wanjiku', 'Joyce Atieno'], ['Fatima Zahra', 'Amina Yusuf'], ['יוסף כהן', 'Miriam Levi'],
  ['Γεώργιος Παπαδόπουλος', 'Maria Nikolaou'], ['สมชาย ใจดี', 'Kanya Suwan'], ['রহিমা খাতুন', 'Salma Begum'],
] as const // prettier-ignore

describe('finding a person by a name written differently', () => {
  it.each(SAME)('%s is found by %s', (stored, query) => {
    // One word that is only alike fits too many people to be more than possible.
    const enough = /\s/.test(query) ? /strong|likely/ : /strong|likely|possible/
    expect(fit(stored, query)).toMatch(enough)
    expect(fit(query, stored)).toMatch(/strong|likely|possible/)
  })

  it.each(OTHERS)('%s is not proposed for %s', (stored, query) => {
    expect(fit(stored, query)).toBeNull()
    expect(fit(query, stored)).toBeNull()
  })

  it('is strong for the very same name in any order, case and with any accents', () => {
    const word = fc.constantFrom(
      'Amara',
      'Besiana',
      'Chukwu',
      'Dolores',
      'Eszter',
      'Farrukh',
      'Gulsara',
      'Hülya',
      'Iñigo',
      'Łucja',
    )
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 4 }), (words) => {
        const name = words.join(' ')
        expect(fit(name, [...words].reverse().join(' ').toUpperCase())).toBe('strong')
        expect(fit(name, name.normalize('NFD'))).toBe('strong')
      }),
    )
  })

  it('is at most likely for one word, and for names that only sound the same', () => {
    expect(fit('Wang Xiaoming', 'Wang')).toBe('likely')
    expect(fit('王小明', '汪晓鸣')).toBe('likely')
    expect(fit('王小明', '王小明')).toBe('strong')
  })

  it('proposes a relative with the same family name as possible only', () => {
    expect(fit('Besiana Hoxha', 'Arben Hoxha')).toBe('possible')
  })

  it('counts the birth year in favour and never against', () => {
    const person = { names: ['Mohammed Ali'], birthDate: '1998-04-02' }
    expect(fit(person, 'Muhamad Aly 1998')).toBe('strong')
    expect(fit(person, 'Muhamad Aly')).toBe('likely')
    expect(fit(person, 'Muhamad Aly 1971')).toBe('likely')
  })

  it('keeps few tokens a name, and answers any text at once', () => {
    for (const [stored] of SAME) expect(nameTokens(stored).length).toBeLessThan(80)
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => nameTokens(text).length < 1500))
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => queryTokens(text).tokens.length < 1500),
    )
  })

  it('makes the same tokens of the same name each time', () => {
    for (const [stored] of SAME) expect(nameTokens(stored)).toEqual(nameTokens(stored))
  })
})

describe('finding a person by a number', () => {
  const person = {
    names: ['Selam Haile'],
    phones: ['0712 345 678', '+49 (30) 901820'],
    documents: ['EP 123-4567'],
    emails: ['Selam@Example.org'],
  }

  it('is strong for the whole number however it is written, and likely for its end', () => {
    for (const query of [
      '+254712345678',
      '0712-345-678',
      '00254 712 345678',
      '(0712) 345678',
      '٠٧١٢٣٤٥٦٧٨',
      '712345678',
    ]) {
      expect([query, fit(person, query)]).toEqual([query, 'strong'])
    }
    expect(fit(person, '2345678')).toBe('likely')
    expect(fit(person, '+254712345679')).toBeNull()
  })

  it('finds documents by letters and digits, and addresses of e-mail as a whole', () => {
    expect(fit(person, 'ep1234567')).toBe('strong')
    expect(fit(person, 'EP-123 4567')).toMatch(/strong|likely/)
    expect(fit(person, 'selam@example.org')).toBe('strong')
    expect(fit(person, 'someone@example.org')).toBeNull()
  })

  it('keeps the country where it is known', () => {
    expect(phoneTokens('0712 345 678', 'KE')[0]).toEqual({ kind: 'phone', value: '+254712345678' })
    expect(phoneTokens('0712 345 678').map(({ kind }) => kind)).toEqual(['phone_tail', 'phone_tail'])
  })

  it('recognises a code and looks for nothing else', () => {
    expect(queryTokens(' amp 000 000 000 ')).toEqual({ code: 'AMP-000000000', tokens: [], words: 0 })
  })
})
