import { readdirSync } from 'node:fs'
import ts from 'typescript'
import { createTranslator } from 'use-intl/core'
import { describe, expect, it } from 'vitest'
import { LOCALES } from '@/lib/i18n/locale'
import { messagesOf } from '@/lib/i18n/messages'
import { argumentsOf } from '../support/icu'
import { eachNode, placeOf, sourcesUnder, textsIn, type Source } from '../support/sources'

const FOLDER = 'lib/i18n/messages'
const english = flatten(messagesOf('en'))
const parts = Object.keys(messagesOf('en'))
const sources = sourcesUnder('app', 'components', 'lib', 'cli')
/** Types of events are named alike, and so are paths into a profile; neither is a message. */
const eventTypes = new Set(
  sources
    .filter(({ path }) => path === 'lib/audit/event-types.ts')
    .flatMap(textsIn)
    .map(({ text }) => text),
)

describe('messages', () => {
  it('of every part on disk are loaded, in every language', () => {
    for (const locale of LOCALES) {
      const files = readdirSync(`${FOLDER}/${locale}`).map((name) => name.replace(/\.json$/, ''))
      expect(files.sort()).toEqual([...parts].sort())
    }
  })

  it.each(LOCALES)('have the same keys in %s as in English', (locale) => {
    expect([...flatten(messagesOf(locale)).keys()].sort()).toEqual([...english.keys()].sort())
  })

  it.each(LOCALES)('take the same arguments in %s as in English', (locale) => {
    const others = flatten(messagesOf(locale))
    // A language without plurals may write a plain number where English needs a plural.
    const names = (text: string) => [
      ...new Set(argumentsOf(text).map((argument) => argument.replace(/:plural$|:number$/, ''))),
    ]
    const different = [...english]
      .filter(([key, text]) => String(names(text)) !== String(names(others.get(key) ?? '')))
      .map(([key]) => key)
    expect(different).toEqual([])
  })

  it.each(LOCALES)('are well formed in %s', (locale) => {
    const broken: string[] = []
    const messages = messagesOf(locale)
    const t = createTranslator<Record<string, unknown>>({
      locale,
      messages,
      onError: (error) => broken.push(error.message),
    }) as unknown as (key: string, values: Record<string, unknown>) => string
    for (const [key, text] of flatten(messages)) t(key, sampleValues(text))
    expect(broken).toEqual([])
  })

  it('never address a person as what happened to them, nor shout', () => {
    const harsh = [...english].filter(([key, text]) => /\bvictims?\b|!/i.test(text) && !/^(mandate|terms)\./.test(key))
    expect(harsh).toEqual([])
  })

  it('in Chinese use full-width marks and no typed spaces between Chinese and Latin', () => {
    const chinese = [...flatten(messagesOf('zh-Hans'))]
    const half = chinese.filter(([, text]) =>
      /\p{Script=Han}[,;:?!]|\p{Script=Han}\s+[A-Za-z0-9{]|[A-Za-z0-9}]\s+\p{Script=Han}/u.test(withoutBranches(text)),
    )
    expect(half).toEqual([])
  })

  it('that code names by their whole key exist', () => {
    const whole = new RegExp(`^(${parts.join('|')})(\\.[a-z0-9_]+)+$`)
    const missing = sources.flatMap((source) =>
      textsIn(source)
        .filter(
          ({ text, node }) =>
            ts.isStringLiteralLike(node) && whole.test(text) && !isImport(node) && !isArgumentOfTranslator(node),
        )
        .filter(
          ({ text }) =>
            !english.has(text) &&
            !isNamespace(text) &&
            !isFileName(text) &&
            !eventTypes.has(text) &&
            !text.startsWith('profile.'),
        )
        .map(({ text, node }) => `${placeOf(source, node)} ${text}`),
    )
    expect(missing).toEqual([])
  })

  it('are all used', () => {
    const uses = collectUses(sources)
    expect([...english.keys()].filter((key) => !isUsed(key, uses))).toEqual([])
  })
})

function flatten(tree: object, path = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [name, value] of Object.entries(tree)) {
    const key = path === '' ? name : `${path}.${name}`
    if (typeof value === 'string') flat.set(key, value)
    else for (const [inner, text] of flatten(value as object, key)) flat.set(inner, text)
  }
  return flat
}

function sampleValues(text: string): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const argument of argumentsOf(text)) {
    const [name = '', kind] = argument.split(':')
    values[name] = kind === 'date' || kind === 'time' ? new Date(0) : kind === 'select' ? 'other' : 3
  }
  return values
}

function withoutBranches(text: string): string {
  return text.replace(/\{\w+,[\s\S]*\}/, '')
}

function isNamespace(text: string): boolean {
  return [...english.keys()].some((key) => key.startsWith(`${text}.`))
}

function isFileName(text: string): boolean {
  return /\.(json|ts|tsx|csv|sql|md|pdf)$/.test(text)
}

/** Keys at a translator are relative to its namespace, and the compiler knows them. */
function isArgumentOfTranslator(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^(t|ui|terms)(\.\w+)?$/.test(node.parent.expression.getText())
}

function isImport(node: ts.Node): boolean {
  return ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent) || ts.isLiteralTypeNode(node.parent)
}

type Uses = {
  readonly whole: Set<string>
  readonly starts: Set<string>
  readonly ends: Set<string>
  readonly open: Set<string>
}

/**
 * How code names messages: by the whole key, by the start of one in a template, or by the end of one at a translator.
 * A translator whose calls can't be read leaves its whole namespace in use.
 */
function collectUses(all: readonly Source[]): Uses {
  const uses: Uses = { whole: new Set(), starts: new Set(), ends: new Set(), open: new Set() }
  for (const source of all) {
    const namespaces = namespacesIn(source)
    for (const { text, node } of textsIn(source)) {
      if (ts.isTemplateHead(node)) {
        uses.starts.add(text)
        for (const namespace of namespaces) uses.starts.add(`${namespace}.${text}`)
      } else if (ts.isStringLiteralLike(node)) {
        uses.whole.add(text)
        if (text.endsWith('.')) uses.starts.add(text)
        for (const namespace of namespaces) uses.whole.add(namespace === '' ? text : `${namespace}.${text}`)
      }
    }
    for (const namespace of openNamespaces(source)) uses.open.add(namespace)
    for (const part of importedParts(source)) {
      eachNode(source, (node) => {
        if (ts.isPropertyAccessExpression(node)) uses.whole.add(`${part}.${node.name.text}`)
      })
    }
  }
  return uses
}

/** The namespaces that a file's translators are made for, also by type: `useTranslations<'shell'>`. */
function namespacesIn(source: Source): readonly string[] {
  const found = new Set<string>()
  eachNode(source, (node) => {
    if (ts.isCallExpression(node) && /^(use|get)Translations$/.test(node.expression.getText())) {
      const [first] = node.arguments
      if (first !== undefined && ts.isStringLiteralLike(first)) found.add(first.text)
      if (first !== undefined && ts.isObjectLiteralExpression(first))
        for (const one of namespaceOf(first)) found.add(one)
    }
    if (ts.isTypeQueryNode(node) && node.exprName.getText() === 'useTranslations') {
      for (const type of node.typeArguments ?? [])
        if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) found.add(type.literal.text)
    }
  })
  return [...found]
}

/** The namespace of a translator for another language than the reader's: `getTranslations({ locale, namespace })`. */
function namespaceOf(options: ts.ObjectLiteralExpression): readonly string[] {
  return options.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) &&
    property.name.getText() === 'namespace' &&
    ts.isStringLiteralLike(property.initializer)
      ? [property.initializer.text]
      : [],
  )
}

/** Parts whose file a client component brings along itself. */
function importedParts(source: Source): readonly string[] {
  return [...source.text.matchAll(/messages\/en\/(\w+)\.json'/g)]
    .map(([, part = '']) => part)
    .filter(() => !source.path.endsWith('messages.ts'))
}

/** Namespaces with a translator that is called with a variable: `t(standing.kind)`. */
function openNamespaces(source: Source): readonly string[] {
  const calls: ts.CallExpression[] = []
  eachNode(source, (node) => {
    if (ts.isCallExpression(node) && /^(t|ui|terms)(\.rich|\.raw|\.markup)?$/.test(node.expression.getText()))
      calls.push(node)
  })
  const isOpen = calls.some(
    ({ arguments: [first] }) =>
      first !== undefined && !ts.isStringLiteralLike(first) && !ts.isTemplateExpression(first),
  )
  return isOpen ? namespacesIn(source).filter((namespace) => namespace.includes('.')) : []
}

function isUsed(key: string, uses: Uses): boolean {
  if (uses.whole.has(key)) return true
  if ([...uses.open].some((namespace) => key.startsWith(`${namespace}.`))) return true
  return [...uses.starts].some((start) => start.includes('.') && start.length > 3 && key.startsWith(start))
}
