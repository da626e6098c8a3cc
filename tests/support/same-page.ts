const PIECE = /<script[^>]*>self\.__next_f\.push\(\[1,("(?:[^"\\]|\\.)*")\]\)<\/script>/g

/**
 * A page as it was sent, but for what is new in each answer: nonces, keys of forms, and in which order the parts of its
 * data became ready. Two pages that tell the same are the same text then, to the byte.
 */
export function comparable(html: string): string {
  const pieces = [...html.matchAll(PIECE)].map(([, text = '""']) => JSON.parse(text) as string)
  const rows = pieces.join('').split('\n').sort()
  return [html.replace(PIECE, ''), ...rows]
    .join('\n')
    .replace(/nonce(?:=|\\?":\\?)"?[\w+/=-]+/g, 'nonce')
    .replace(/form=[\w-]+/g, 'form')
}
