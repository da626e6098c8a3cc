type Said = { readonly purpose: string; readonly agencyKind: string | null; readonly setAt: Date; readonly id: string }

/** Which of an agency's words on what it rests on hold: the newest for each purpose and kind of receiver. */
export function holding(all: readonly Said[]): ReadonlySet<string> {
  const newest = new Map<string, Said>()
  for (const said of all) {
    const about = `${said.purpose}:${said.agencyKind ?? ''}`
    const before = newest.get(about)
    const gap = before === undefined ? 1 : said.setAt.getTime() - before.setAt.getTime()
    if (before === undefined || gap > 0 || (gap === 0 && said.id > before.id)) newest.set(about, said)
  }
  return new Set([...newest.values()].map(({ id }) => id))
}
