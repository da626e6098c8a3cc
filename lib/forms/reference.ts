import { randomInt } from 'node:crypto'

const SIGNS = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A short reference that a member can read out and an operator can find in the log: 7F3K-Q2. */
export function newReference(): string {
  const signs = Array.from({ length: 6 }, () => SIGNS.charAt(randomInt(SIGNS.length))).join('')
  return `${signs.slice(0, 4)}-${signs.slice(4)}`
}
