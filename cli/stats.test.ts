import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { amparo } from '@/cli/amparo'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amparo-stats-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function run(csv: string, ...args: string[]): Promise<string> {
  const file = join(folder, 'rows.csv')
  await writeFile(file, csv)
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    expect(await amparo(['stats', ...args, '--csv', file])).toBe(0)
    return written.mock.calls.map(([piece]) => String(piece)).join('')
  } finally {
    written.mockRestore()
  }
}

const lines = (...rows: string[]) => `${rows.join('\n')}\n`
const times = (count: number, row: string) => Array.from({ length: count }, () => row)
const SHELTER = lines(
  '\uFEFFhad,language,age,days',
  ...times(48, '1,eng,adult,3'),
  ...times(32, '0,eng,adult,9'),
  ...times(56, 'true,"ara",child,2'),
  ...times(14, 'FALSE,ara,adult,8'),
  ',ara,adult,1',
  '1,,adult,1',
)

describe('amparo stats', () => {
  it('prints the disparity of a file in the shape that is promised, with rows left out counted', async () => {
    const found = JSON.parse(
      await run(SHELTER, 'disparity', '--outcome', 'had', '--group', 'language', '--json'),
    ) as Record<string, unknown>
    expect(Object.keys(found).sort()).toEqual(['comparisons', 'groups', 'logistic', 'missing'])
    expect(found).toMatchObject({
      missing: 2,
      groups: [
        { group: 'ara', n: 70, events: 56 },
        { group: 'eng', n: 80, events: 48 },
      ],
      comparisons: [{ group: 'ara', reference: 'eng', fourFifths: { ratio: 1, passes: true }, mantelHaenszel: null }],
      logistic: { terms: [{ term: '(Intercept)' }, { term: 'language=eng' }] },
    })
  })

  it('compares with the group that is asked for, within strata', async () => {
    const args = ['--outcome', 'had', '--group', 'language', '--reference', 'ara', '--strata', 'age', '--json']
    expect(JSON.parse(await run(SHELTER, 'disparity', ...args))).toMatchObject({
      comparisons: [
        { group: 'eng', reference: 'ara', fourFifths: { passes: false }, mantelHaenszel: { breslowDay: null } },
      ],
    })
  })

  it('prints waiting, and both in words too', async () => {
    const args = ['--time', 'days', '--event', 'had', '--group', 'language']
    expect(JSON.parse(await run(SHELTER, 'survival', ...args, '--json'))).toMatchObject({
      missing: 2,
      groups: [
        { group: 'ara', median: 2 },
        { group: 'eng', median: 3 },
      ],
      logRank: { df: 1 },
      stratifiedLogRank: null,
    })
    expect(await run(SHELTER, 'survival', ...args, '--strata', 'age')).toContain('Within strata p')
    const words = await run(SHELTER, 'disparity', '--outcome', 'had', '--group', 'language')
    expect(words).toContain('ara: 56 of 70, 0.8 (0.6918 to 0.877)')
    expect(words).toContain('2 rows left out')
  })

  it('takes NA as missing where a yes is asked for, and as a group where groups are', async () => {
    const namibia = lines('had,country', ...times(3, '1,NA'), ...times(4, '0,ZM'), 'NA,ZM')
    expect(
      JSON.parse(await run(namibia, 'disparity', '--outcome', 'had', '--group', 'country', '--json')),
    ).toMatchObject({ missing: 1, groups: [{ group: 'NA' }, { group: 'ZM', n: 4 }], logistic: null })
  })

  it.each([
    ['a column that is not there', SHELTER, 'got', 'language', /no column got; it has had, language, age, days/],
    ['a value that is neither yes nor no', lines('had,g', '2,a'), 'had', 'g', /Row 2 has “2” in had/],
    ['a file without rows', lines('had,g'), 'had', 'g', /No row/],
    ['an empty file', '', 'had', 'g', /empty/],
    ['a file that is no CSV', lines('had,g', '1,"a', '0,b'), 'had', 'g', /no CSV/],
  ])('refuses %s in one sentence', async (_, csv, outcome, group, sentence) => {
    await expect(run(csv, 'disparity', '--outcome', outcome, '--group', group)).rejects.toThrow(sentence)
  })

  it('refuses a reference that is no group, and a file that is not there', async () => {
    const args = ['--outcome', 'had', '--group', 'language']
    await expect(run(SHELTER, 'disparity', ...args, '--reference', 'fra')).rejects.toThrow(/fra is not among/)
    await expect(amparo(['stats', 'disparity', ...args, '--csv', join(folder, 'none.csv')])).rejects.toThrow(
      /can not be read/,
    )
  })
})
