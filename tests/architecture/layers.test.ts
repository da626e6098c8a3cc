import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ICruiseResult, IConfiguration } from 'dependency-cruiser'

const ROOT = process.cwd()
const config = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as IConfiguration

/** One import for each rule that it must refuse: from this file, of that file or package. */
const REFUSED: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'no-cycles': ['lib/cases/a-rules.ts', 'lib/cases/b-rules.ts'],
  'no-unresolvable': ['lib/cases/service.ts', 'lib/cases/nowhere.ts'],
  'no-dev-packages': ['lib/cases/service.ts', 'vitest'],
  'platform-stands-alone': ['lib/platform/clock.ts', 'lib/access/actor.ts'],
  'access-on-platform': ['lib/access/actor.ts', 'lib/audit/record.ts'],
  'audit-on-access': ['lib/audit/record.ts', 'lib/cases/service.ts'],
  'mandate-alone': ['lib/mandate/resolution.ts', 'lib/platform/clock.ts'],
  'domain-below-screens': ['lib/cases/service.ts', 'app/page.ts'],
  'domain-without-outer': ['lib/cases/service.ts', 'lib/forms/form-action.ts'],
  'next-at-the-edge': ['lib/cases/service.ts', 'next/headers'],
  'lib-people-looks-up': ['lib/people/service.ts', 'lib/cases/service.ts'],
  'lib-people-private': ['lib/cases/service.ts', 'lib/people/rules.ts'],
  'components-are-drawn': ['components/cases/list.ts', 'lib/cases/service.ts'],
  'pages-through-services': ['app/page.ts', 'lib/cases/data.ts'],
  'data-by-its-part': ['lib/cases/service.ts', 'lib/people/data.ts'],
  'schema-is-plain': ['lib/cases/schema.ts', 'lib/cases/data.ts'],
  'rules-are-pure': ['lib/cases/rules.ts', 'lib/cases/data.ts'],
  'drivers-in-db': ['lib/cases/service.ts', 'pg'],
  'prisma-in-data': ['lib/cases/service.ts', 'generated/prisma/client.ts'],
}

/** Imports that must stay allowed, or the rules would have welded a door shut. */
const ALLOWED: readonly (readonly [string, string])[] = [
  ['lib/cases/service.ts', 'lib/people/service.ts'],
  ['lib/cases/service.ts', 'lib/cases/data.ts'],
  ['lib/forms/form-action.ts', 'next/headers'],
  ['components/cases/list.ts', 'lib/cases/schema.ts'],
  ['app/page.ts', 'lib/cases/service.ts'],
]

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amparo-layers-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** The names of the rules that refuse this one import, in a project that has nothing else. */
async function refusals([from, to]: readonly [string, string]): Promise<string[]> {
  const project = await mkdtemp(join(folder, 'case-'))
  await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'))
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify(createRequire(import.meta.url)(join(ROOT, 'package.json'))),
  )
  const isFile = to.endsWith('.ts')
  const specifier = isFile ? `./${relative(dirname(from), to)}`.replace('./..', '..') : to
  await put(project, from, `import '${specifier.replace(/\.ts$/, '')}'\n`)
  if (isFile && !to.includes('nowhere')) {
    const back = to.includes('b-rules') ? "import './a-rules'\n" : 'export const one = 1\n'
    await put(project, to, back)
  }
  const { tsConfig: _tsConfig, exclude: _exclude, ...options } = config.options ?? {}
  const ruleSet = { forbidden: config.forbidden ?? [] }
  const result = await cruise(
    ['app', 'components', 'lib'].filter((part) => [from, to].some((path) => path.startsWith(`${part}/`))),
    {
      ...options,
      baseDir: project,
      preserveSymlinks: true,
      validate: true,
      ruleSet,
    },
  )
  return (result.output as ICruiseResult).summary.violations.map((violation) => violation.rule.name)
}

async function put(project: string, path: string, content: string): Promise<void> {
  await mkdir(dirname(join(project, path)), { recursive: true })
  await writeFile(join(project, path), content)
}

describe('the layers (T08)', () => {
  it.each(Object.entries(REFUSED))('%s still refuses', async (rule, edge) => {
    expect(await refusals(edge)).toContain(rule)
  })

  it.each(ALLOWED)('let %s use %s', async (from, to) => {
    expect(await refusals([from, to])).toEqual([])
  })

  it('each have an import here that they refuse', () => {
    const kinds = (config.forbidden ?? []).map(({ name = '' }) =>
      name.replace(/^lib-[a-z]+-(looks-up|private)$/, 'lib-people-$1'),
    )
    expect(Object.keys(REFUSED).sort()).toEqual([...new Set(kinds)].sort())
  })

  it('are looked for in files that are really seen', async () => {
    const result = await cruise(['lib/platform'], { ...config.options })
    expect((result.output as ICruiseResult).modules.length).toBeGreaterThan(20)
  })
})
