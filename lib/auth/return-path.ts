/** Pages of the way in and out, which are nobody's aim. */
const NOT_AFTERWARDS = /^\/(?:(?:sign-in|sign-out|leave|invite|reset|setup|confirm|api)(?:\/|$)|mfa\/?$)/

/** Where to go after sign-in: a plain path of ours, or the first page. Never another site, never a query someone typed. */
export function pathToReturnTo(text: string | null | undefined): string {
  if (text === null || text === undefined || text.length > 300) return '/'
  const isPlain = /^(?:\/[A-Za-z0-9][A-Za-z0-9_-]*)+\/?$/.test(text)
  return isPlain && !NOT_AFTERWARDS.test(text) ? text : '/'
}

/** The page where a member confirms that it is them, on the way back to `path`. */
export function confirmAddress(path: string): string {
  return `/confirm?next=${encodeURIComponent(path)}`
}

/** The page where a member shows the second factor, on the way to `path`. */
export function factorAddress(path: string): string {
  return path === '/' ? '/mfa' : `/mfa?next=${encodeURIComponent(path)}`
}
