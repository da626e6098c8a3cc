import { describe, expect, it } from 'vitest'
import { directionOf, isLocale, pickLocale } from './locale'

describe('the language of a visitor', () => {
  it.each([
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-Hans'],
    ['en-GB,en;q=0.9,zh;q=0.1', 'en'],
    ['fr-FR,zh;q=0.5,en;q=0.4', 'zh-Hans'],
    ['fr', 'en'],
    ['zh;q=0, en', 'en'],
    ['', 'en'],
    [null, 'en'],
  ])('is read from Accept-Language %j as %s', (header, expected) => {
    expect(pickLocale(header)).toBe(expected)
  })

  it('is never taken from an unknown cookie', () => {
    expect(isLocale('xx')).toBe(false)
    expect(isLocale('zh-Hans')).toBe(true)
  })

  it('knows which languages run from right to left', () => {
    expect(['ar', 'fa-AF', 'prs', 'ur'].map(directionOf)).toEqual(['rtl', 'rtl', 'rtl', 'rtl'])
    expect(['en', 'zh-Hans', 'tir'].map(directionOf)).toEqual(['ltr', 'ltr', 'ltr'])
  })
})
