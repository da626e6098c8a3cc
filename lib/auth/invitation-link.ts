import { settings } from '@/lib/platform/env'

/** The address that an invitation is opened at. It holds the one secret and nothing about anybody. */
export function invitationLink(secret: string): string {
  return `${settings.publicOrigin}/invite/open?token=${secret}`
}
