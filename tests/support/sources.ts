import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

export type Source = { readonly path: string; readonly text: string; readonly tree: ts.SourceFile }

/** The TypeScript sources under some folders, parsed; tests and generated files left out. */
export function sourcesUnder(...folders: readonly string[]): readonly Source[] {
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\.d\.ts$/.test(path))
    .sort()
    .map((path) => {
      const text = readFileSync(path, 'utf8')
      const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
      return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind) }
    })
}

/** Calls `visit` for every node of a source. */
export function eachNode(source: Source, visit: (node: ts.Node) => void): void {
  function walk(node: ts.Node) {
    visit(node)
    ts.forEachChild(node, walk)
  }
  walk(source.tree)
}

/** `path:line` of a node, as an editor opens it. */
export function placeOf(source: Source, node: ts.Node): string {
  return `${source.path}:${String(source.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1)}`
}

/** Every text in a source: string literals and the fixed parts of templates. */
export function textsIn(source: Source): readonly { readonly text: string; readonly node: ts.Node }[] {
  const texts: { text: string; node: ts.Node }[] = []
  eachNode(source, (node) => {
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    ) {
      texts.push({ text: node.text, node })
    }
  })
  return texts
}
