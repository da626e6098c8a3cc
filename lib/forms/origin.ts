const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a request that changes something comes from our own pages: its Origin is the configured one, to the letter.
 * A missing Origin and `null` are refused; the Host header is never asked, since the sender writes it.
 * On loopback http the names of the loopback count as one.
 */
export function isOwnOrigin(origin: string | null, publicOrigin: string): boolean {
  if (origin === null || origin === 'null') return false
  if (origin === publicOrigin) return true
  const own = parse(publicOrigin)
  const other = parse(origin)
  if (own === null || other?.origin !== origin) return false
  return (
    own.protocol === 'http:' &&
    other.protocol === 'http:' &&
    own.port === other.port &&
    LOOPBACK.has(own.hostname) &&
    LOOPBACK.has(other.hostname)
  )
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}
