import { isIP } from 'node:net'

import { settings } from '@/lib/platform/env'

/**
 * Where a request came from, shortened so that the log holds no one's exact address: the first three numbers of IPv4,
 * the first three groups of IPv6. Null when it isn't known.
 *
 * Our server adds whoever is connected to X-Forwarded-For, and so does each trusted proxy before it; what stands further
 * left, anyone can write.
 */
export function networkPrefixOf(headers: Pick<Headers, 'get'>): string | null {
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  const address = (hops.at(-1 - settings.proxies) ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
  switch (isIP(address)) {
    case 4:
      return `${address.split('.').slice(0, 3).join('.')}.0/24`
    case 6:
      return `${expand(address).slice(0, 3).join(':')}::/48`
    default:
      return null
  }
}

function expand(address: string): string[] {
  const [head = '', tail = ''] = address.toLowerCase().split('::')
  const left = head.split(':').filter((group) => group !== '')
  const right = tail.split(':').filter((group) => group !== '')
  return [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
}
