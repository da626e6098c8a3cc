import { describe, expect, it } from 'vitest'

import { maskNames } from './rules'

describe('a text whose reader must learn no name', () => {
  it.each([
    ['I told Mirabel Quax and she laughed. Mirabel knows.', 'I told […] […] and she laughed. […] knows.'],
    ['My helper is called mirabel, ask Mrs Stone.', 'My helper is called […], ask Mrs […].'],
    ['The nurse, Anneke’s friend, shouted', 'The nurse, […] friend, shouted'],
    ['Dr. Van Houten sent me away', 'Dr. […] sent me away'],
    ['负责的王老师不理我，我叫李小明', '负责的[…]老师不理我，我叫[…]'],
  ])('is masked by its form: %s', (text, masked) => {
    expect(maskNames(text)).toBe(masked)
  })

  it.each([
    'They said the interpreter comes on Thursdays. I waited three Thursdays.',
    'I speak Tigrinya and they spoke English to me, in March, because I come from Eritrea.',
    'The NGO lost my ID. Others who came after me got a room before me.',
    '谢谢护士，她很耐心。',
    'Ich habe drei Wochen auf ein Zimmer im Haus gewartet, und die Frau am Tisch hat meine Papiere an die Polizei gegeben.',
  ])('keeps what is no name: %s', (text) => {
    expect(maskNames(text)).toBe(text)
  })

  it('takes no longer for a text made to take long', () => {
    for (const part of ['A', 'Aa ', 'mr ', 'is called ', '王', 'A-', "a' "]) {
      const started = performance.now()
      maskNames(part.repeat(2000).slice(0, 2000))
      expect(performance.now() - started, part).toBeLessThan(1000)
    }
  })
})
