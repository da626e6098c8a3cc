import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Every page of app/ as an address with its parts in brackets. */
export function pageAddresses(folder = 'app', address = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      const part = entry.name.startsWith('(') ? '' : `/${entry.name}`
      return pageAddresses(join(folder, entry.name), `${address}${part}`)
    }
    return entry.name === 'page.tsx' ? [address === '' ? '/' : address] : []
  })
}
