import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

type Theme = 'light' | 'dark'
type Rgb = readonly [number, number, number]

const css = readFileSync('app/globals.css', 'utf8')
const tokens = new Map(
  [...css.matchAll(/--color-([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/gi)].map(
    ([, name = '', light = '', dark = '']) => [name, { light: parse(light), dark: parse(dark) }] as const,
  ),
)

const GROUNDS = ['page', 'surface', 'sunken', 'raised'] as const
const FAMILIES = ['action', 'stop', 'warn', 'go', 'info', 'calm'] as const
const CATEGORIES = ['legal', 'psychological', 'medical', 'social', 'residency', 'reintegration'] as const
const THEMES: readonly Theme[] = ['light', 'dark']

/** The ratios that the design promises, cut to one decimal: page, surface, sunken, raised. */
const TEXT_ON_GROUND: Readonly<Record<string, Readonly<Record<Theme, readonly number[]>>>> = {
  ink: { light: [14.3, 15.6, 13.0, 15.6], dark: [14.5, 13.1, 15.3, 11.5] },
  'ink-2': { light: [7.3, 8.0, 6.6, 8.0], dark: [9.6, 8.6, 10.1, 7.6] },
  'ink-3': { light: [5.6, 6.1, 5.1, 6.1], dark: [6.9, 6.2, 7.3, 5.5] },
  'action-ink': { light: [8.0, 8.7, 7.3, 8.7], dark: [10.8, 9.8, 11.4, 8.6] },
  'stop-ink': { light: [8.5, 9.2, 7.7, 9.2], dark: [8.9, 8.0, 9.4, 7.1] },
  'warn-ink': { light: [7.3, 8.0, 6.6, 8.0], dark: [10.6, 9.5, 11.1, 8.4] },
  'go-ink': { light: [7.3, 8.0, 6.7, 8.0], dark: [10.3, 9.3, 10.9, 8.2] },
  'info-ink': { light: [7.4, 8.1, 6.7, 8.1], dark: [10.1, 9.1, 10.7, 8.1] },
}

/** Of each family: text on solid, own text on tint, ink on tint, link on tint, edge on tint, graphic on surface; light / dark. */
const FAMILY_RATIOS: Readonly<Record<string, readonly (readonly [number, number] | null)[]>> = {
  action: [[7.4, 8.0], [7.3, 8.0], [13.1, 10.7], [7.3, 8.0], null, [7.4, 8.6]],
  stop: [
    [7.7, 7.8],
    [7.9, 7.7],
    [13.3, 12.5],
    [7.4, 9.3],
    [4.1, 4.0],
    [4.9, 4.1],
  ],
  warn: [
    [6.7, 9.1],
    [7.1, 8.6],
    [13.8, 11.8],
    [7.7, 8.8],
    [3.8, 4.3],
    [4.3, 4.8],
  ],
  go: [
    [6.9, 8.5],
    [6.9, 8.1],
    [13.5, 11.5],
    [7.6, 8.6],
    [3.6, 4.1],
    [4.2, 4.7],
  ],
  info: [
    [6.9, 8.3],
    [6.9, 8.3],
    [13.4, 11.9],
    [7.5, 8.9],
    [3.4, 4.3],
    [4.0, 4.7],
  ],
  calm: [
    [8.0, 9.6],
    [7.7, 8.0],
    [13.1, 10.8],
    [7.3, 8.1],
    [3.7, 3.5],
    [4.4, 4.3],
  ],
  private: [null, [8.6, 9.3], [13.4, 12.5], [7.5, 9.4], [3.8, 4.3], [4.4, 4.5]],
  legal: [null, [8.2, 7.7], [13.1, 12.2], [7.3, 9.1], null, [9.8, 6.6]],
  psychological: [null, [6.5, 7.9], [13.3, 12.2], [7.5, 9.1], null, [3.9, 4.4]],
  medical: [null, [7.3, 7.5], [13.2, 12.3], [7.4, 9.2], null, [8.7, 6.5]],
  social: [null, [6.7, 8.2], [13.7, 11.5], [7.7, 8.6], null, [5.6, 8.2]],
  residency: [null, [6.4, 8.9], [13.5, 11.2], [7.5, 8.4], null, [5.5, 9.2]],
  reintegration: [null, [6.0, 10.0], [13.7, 11.3], [7.7, 8.4], null, [3.5, 10.9]],
}

describe('contrast, computed from the tokens', () => {
  it('finds the tokens at all', () => {
    expect(tokens.size).toBeGreaterThan(60)
  })

  it.each(Object.entries(TEXT_ON_GROUND))('%s reads on every ground as promised', (name, promised) => {
    for (const theme of THEMES) {
      expect({ theme, ratios: GROUNDS.map((ground) => ratio(name, ground, theme)) }).toEqual({
        theme,
        ratios: promised[theme],
      })
    }
  })

  it.each(Object.entries(FAMILY_RATIOS))('%s keeps its ratios', (name, promised) => {
    const graphic = tokens.has(`${name}-edge`) ? `${name}-edge` : name
    const pairs: readonly (readonly [string, string])[] = [
      [`on-${name}`, name],
      [`${name}-ink`, `${name}-soft`],
      ['ink', `${name}-soft`],
      ['action-ink', `${name}-soft`],
      [`${name}-edge`, `${name}-soft`],
      [graphic, 'surface'],
    ]
    const found = pairs.map(([front, back], index) =>
      promised[index] === null ? null : THEMES.map((theme) => ratio(front, back, theme)),
    )
    expect(found).toEqual(promised)
  })

  it('text and controls reach what WCAG 2.2 asks on every ground', () => {
    for (const theme of THEMES) {
      for (const ground of GROUNDS) {
        for (const name of [...Object.keys(TEXT_ON_GROUND), 'calm-ink', 'private-ink'])
          expect(ratio(name, ground, theme)).toBeGreaterThanOrEqual(4.5)
        expect(ratio('edge', ground, theme)).toBeGreaterThanOrEqual(3.7)
        expect(ratio('focus', ground, theme)).toBeGreaterThanOrEqual(5.5)
        // Charts stand on the page and on surfaces, never on the sunken ground.
        if (ground !== 'sunken')
          for (const name of CATEGORIES) expect(ratio(name, ground, theme)).toBeGreaterThanOrEqual(3.2)
      }
      for (const family of FAMILIES) expect(ratio('ink-2', `${family}-soft`, theme)).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('the six categories stay apart for those who see colours differently', () => {
    for (const theme of THEMES) {
      for (const [sight, matrix] of Object.entries(SIGHTS)) {
        const seen = CATEGORIES.map((name) => [name, oklab(simulate(colour(name, theme), matrix))] as const)
        for (const [index, [first, a]] of seen.entries()) {
          for (const [second, b] of seen.slice(index + 1)) {
            const apart = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) * 100
            expect(apart, `${first} and ${second}, ${theme}, ${sight}`).toBeGreaterThanOrEqual(10)
          }
        }
      }
    }
  })
})

/** WCAG contrast, cut to one decimal. */
function ratio(front: string, back: string, theme: Theme): number {
  const [a, b] = [luminance(colour(front, theme)), luminance(colour(back, theme))]
  return Math.floor(((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)) * 10) / 10
}

function colour(name: string, theme: Theme): Rgb {
  const token = tokens.get(name)
  if (token === undefined) throw new Error(`there is no token --color-${name}`)
  return token[theme]
}

function parse(hex: string): Rgb {
  const [r, g, b] = [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255)
  return [r ?? 0, g ?? 0, b ?? 0]
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map(linear)
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
}

type Matrix = readonly [Rgb, Rgb, Rgb]

/** Full dichromacy after Machado, Oliveira and Fernandes (2009), on linear light. */
const SIGHTS: Readonly<Record<string, Matrix>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

function simulate(rgb: Rgb, matrix: Matrix): Rgb {
  const light: Rgb = [linear(rgb[0]), linear(rgb[1]), linear(rgb[2])]
  const row = (factors: Rgb) =>
    Math.min(1, Math.max(0, factors[0] * light[0] + factors[1] * light[1] + factors[2] * light[2]))
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])]
}

function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}
