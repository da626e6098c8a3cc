export type PaletteSources = {
  readonly pages: readonly { readonly label: string; readonly href: string }[]
  readonly recent: readonly { readonly code: string; readonly href: string }[]
}

export type PaletteMatch =
  | { readonly kind: 'page'; readonly label: string; readonly href: string }
  | { readonly kind: 'log' | 'open'; readonly code: string; readonly href: string }

const MOST = 8

/**
 * What the palette offers for a text: pages by name, and the member's recent cases by the signs of their code.
 * "log 7k3" logs a service on the case whose code has 7K3. All of it happens in the browser.
 */
export function matchesFor(text: string, { pages, recent }: PaletteSources): readonly PaletteMatch[] {
  const wanted = text.trim().toLowerCase()
  const found = pages
    .filter(({ label }) => label.toLowerCase().includes(wanted))
    .map((page) => ({ kind: 'page' as const, ...page }))
  const [first = '', ...rest] = wanted.split(/\s+/)
  const signs = signsOf(rest.join(''))
  if ((first === 'log' || first === '记录') && signs.length > 0)
    return recent
      .filter(({ code }) => signsOf(code).includes(signs))
      .map(logOn)
      .slice(0, MOST)
  const byCode = signsOf(wanted).length < 2 ? [] : recent.filter(({ code }) => signsOf(code).includes(signsOf(wanted)))
  return [...byCode.flatMap((one) => [{ kind: 'open' as const, ...one }, logOn(one)]), ...found].slice(0, MOST)
}

function logOn({ code, href }: { readonly code: string; readonly href: string }): PaletteMatch {
  return { kind: 'log', code, href: `${href}/services/new` }
}

/** The signs of a code as one types them: without dashes, and O, I and L as the digits they are taken for. */
function signsOf(text: string): string {
  return text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
}
