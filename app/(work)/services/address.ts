/** What an address names beside its path; text that appears twice counts once. */
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>

/** The named parameters of an address that hold something. */
export function pick<Name extends string>(params: SearchParams, names: readonly Name[]): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const value = params[name]
    const one = Array.isArray(value) ? value[0] : value
    if (one !== undefined && one !== '') found[name] = one
  }
  return found
}

/** An address with these parameters; what is empty stays away. */
export function addressOf(path: string, params: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined && value !== '') query.set(name, value)
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}
