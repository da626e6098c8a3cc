/** Where to go after sign-in: a plain path of ours, or the first page. Never another site, never a query someone typed. */
export function pathToReturnTo(text: string | null | undefined): string {
  if (text === null || text === undefined || text.length > 300) return '/'
  const isPlain = /^(?:\/[A-Za-z0-9][A-Za-z0-9_-]*)+\/?$/.test(text)
  return isPlain && !/^\/(?:sign-in|sign-out|leave|invite|setup|api)(?:\/|$)/.test(text) ? text : '/'
}
