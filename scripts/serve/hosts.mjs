// @ts-check

/**
 * Tells whether a request names a host that is ours. A name that somebody else points at this computer (DNS rebinding)
 * would give their page our origin. Behind a proxy, which may name the inner address, the proxy sees to it.
 *
 * @param {{ origin: string, port: number, proxies: number }} settings
 * @returns {(host: string | undefined) => boolean}
 */
export function ownHosts({ origin, port, proxies }) {
  if (proxies > 0) return () => true
  const own = new Set([new URL(origin).host, ...['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${port}`)])
  return (host) => host !== undefined && own.has(host.toLowerCase())
}
