import { Secret, TOTP } from 'otpauth'

const STEP_MS = 30_000

/** What an authenticator app with this secret shows, `steps` half minutes from now. */
export function codeOf(secret: string, steps = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * STEP_MS })
}
