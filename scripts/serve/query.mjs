// @ts-check

/**
 * Next.js takes a parameter of the name `__proto__` out of a query before any route sees it, so the API would pass over
 * this one name where it refuses every other that it doesn't know. Under another name it stays.
 *
 * @param {string} url path and query, as sent
 */
export function wholeQuery(url) {
  const at = url.indexOf('?')
  if (at < 0) return url
  const pairs = url.slice(at + 1).split('&')
  const isLost = /** @param {string} pair */ (pair) => new URLSearchParams(pair).has('__proto__')
  if (!pairs.some(isLost)) return url
  return `${url.slice(0, at)}?${pairs.map((pair) => (isLost(pair) ? 'proto=' : pair)).join('&')}`
}
