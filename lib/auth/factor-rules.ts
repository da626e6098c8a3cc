import { randomBytes } from 'node:crypto'

import { Secret, TOTP } from 'otpauth'

const STEP_SECONDS = 30
/** Clocks of phones run apart: the half minute before and the one after count too (requirement A04). */
const STEPS_AROUND = 1
const SECRET_BYTES = 20

/** What stands in the name of the account on the phone: the product and a code, never an address or an agency. */
const ISSUER = 'Amparo'

/** The secret of a new authenticator app, in the letters that apps take. */
export function newAppSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32
}

/** What the square of an authenticator app holds. */
export function appAddress(secret: string, memberCode: string): string {
  return totpOf(secret, memberCode).toString()
}

/**
 * The half minute of which this is the code, counted from 1970, or null when it is none of the three around `at`.
 * Whether it was taken before, the caller has to see to.
 */
export function stepOfCode(secret: string, code: string, at: Date): number | null {
  const delta = totpOf(secret, '').validate({ token: code, timestamp: at.getTime(), window: STEPS_AROUND })
  return delta === null ? null : Math.floor(at.getTime() / 1000 / STEP_SECONDS) + delta
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({ issuer: ISSUER, label, secret: Secret.fromBase32(secret), digits: 6, period: STEP_SECONDS })
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const RECOVERY_CODES = 10
const RECOVERY_LENGTH = 12

/** A recovery code, 60 random bits, in groups of four as it is printed. */
export function newRecoveryCode(): string {
  const signs = Array.from(randomBytes(RECOVERY_LENGTH), (byte) => ALPHABET.charAt(byte & 31)).join('')
  return (signs.match(/.{4}/g) ?? []).join('-')
}

export type TypedCode = { readonly kind: 'app' | 'recovery'; readonly code: string }

/** What was typed into the field for codes, without the spaces and the letters that are easily mixed up; null for neither kind. */
export function readCode(text: string): TypedCode | null {
  const bare = text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase()
  if (/^\d{6}$/.test(bare)) return { kind: 'app', code: bare }
  const code = bare.replace(/O/g, '0').replace(/[IL]/g, '1')
  return code.length === RECOVERY_LENGTH && Array.from(code).every((sign) => ALPHABET.includes(sign))
    ? { kind: 'recovery', code }
    : null
}
