import { describe, expect, it } from 'vitest'
import { LOOKUP_LIMIT, lookUp, resolveLookup } from './lookups'
import { countryName, languageName } from './names'

const labels = (answer: ReturnType<typeof lookUp>) => answer.options.map((option) => option.label)

describe('looking up countries and languages', () => {
  it('puts what starts with the text first', () => {
    expect(labels(lookUp('countries', 'Guin', 'en')).slice(0, 2)).toEqual(['Guinea', 'Guinea-Bissau'])
    expect(labels(lookUp('countries', 'Guin', 'en'))).toContain('Equatorial Guinea')
  })

  it('takes codes, English names, own names, and spelling without accents', () => {
    expect(labels(lookUp('countries', 'er', 'zh-Hans'))[0]).toBe('厄立特里亚')
    expect(labels(lookUp('languages', 'tigrinya', 'zh-Hans'))[0]).toBe('提格利尼亚语')
    expect(labels(lookUp('languages', 'ትግር', 'en'))).toContain('Tigrinya')
    expect(labels(lookUp('countries', 'turkiye', 'en'))).toContain('Türkiye')
  })

  it('answers at most twenty and says how many there are', () => {
    const answer = lookUp('languages', 'a', 'en')
    expect(answer.options).toHaveLength(LOOKUP_LIMIT)
    expect(answer.total).toBeGreaterThan(LOOKUP_LIMIT)
  })

  it('resolves a text without a script only when it names one entry', () => {
    expect(resolveLookup('countries', 'eritrea', 'en')?.value).toBe('ER')
    expect(resolveLookup('countries', '厄立特里亚', 'zh-Hans')?.value).toBe('ER')
    expect(resolveLookup('countries', 'Gui', 'en')).toBeNull()
    expect(resolveLookup('countries', '', 'en')).toBeNull()
  })

  it('offers each language by a name of its own, so that one typed in full is found', () => {
    expect(labels(lookUp('languages', 'swahili', 'en')).filter((label) => label === 'Swahili')).toEqual(['Swahili'])
    expect(resolveLookup('languages', 'Swahili', 'en')?.value).toBe('swa')
    expect(resolveLookup('languages', 'Twi', 'en')?.value).toBe('twi')
    // A record that says `swh` reads as before.
    expect(languageName('swh', 'en')).toBe('Swahili')
    expect(languageName('twi', 'zh-Hans')).toBe('阿肯语（Twi）')
  })

  it('tells apart languages for which Intl has one name', () => {
    expect(languageName('kmr', 'en')).not.toBe(languageName('kur', 'en'))
    expect(languageName('wol', 'zh-Hans')).toBe('沃洛夫语')
    expect(languageName('aaa', 'zh-Hans')).toBe('Ghotuo')
  })

  it('shows a code that has no name as the code', () => {
    expect(countryName('<b>', 'en')).toBe('<b>')
    expect(languageName('QQ1', 'en')).toBe('QQ1')
  })
})
