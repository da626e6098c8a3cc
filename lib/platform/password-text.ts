/** Passwords are compared after NFC, so that é typed on two keyboards is one sign; nothing is trimmed or cut. */
export function normalisePassword(password: string): string {
  return password.normalize('NFC')
}
