/**
 * The arguments of an ICU message with their kinds, such as `count:plural`. Enough of the grammar to tell an argument
 * from the text of a plural's branch; that messages are well formed is checked by formatting them.
 */
export function argumentsOf(message: string): readonly string[] {
  const found = new Set<string>()
  collect(message, found)
  return [...found].sort()
}

function collect(text: string, found: Set<string>): void {
  for (const inside of bracesOf(text)) {
    const match = /^\s*(\w+)\s*(?:,\s*(\w+)\s*(?:,([\s\S]*))?)?$/.exec(inside)
    if (match === null) continue
    const [, name = '', kind, rest] = match
    found.add(kind === undefined ? name : `${name}:${kind}`)
    if (rest !== undefined) for (const branch of bracesOf(rest)) collect(branch, found)
  }
}

/** What stands inside each outermost pair of braces. */
function bracesOf(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charAt(index)
    if (sign === '{') {
      if (depth === 0) start = index + 1
      depth += 1
    } else if (sign === '}') {
      depth -= 1
      if (depth === 0) parts.push(text.slice(start, index))
    }
  }
  return parts
}
