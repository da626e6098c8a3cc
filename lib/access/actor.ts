import type { Role } from '@/generated/prisma/enums'

export type { Role }

export const LOCALES = ['en', 'zh-Hans'] as const
export type Locale = (typeof LOCALES)[number]
export type Theme = 'system' | 'light' | 'dark'
export type Density = 'comfortable' | 'compact'

/**
 * What proves who is asking, checked by the database at the start of every transaction: ending a session or a token
 * there ends it everywhere at once. `operator` is the command line of whoever already holds the owner's rights.
 */
export type Credential =
  | { readonly kind: 'session'; readonly hash: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'token'; readonly hash: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'operator'; readonly email: string }

/** The member who asks, as the database described them. Nothing in here comes from the request. */
export type Actor = {
  readonly member: string
  readonly agency: string
  readonly agencyKey: string
  readonly agencyName: string
  readonly agencyKind: string
  readonly network: string
  readonly unit: string | null
  readonly roles: readonly Role[]
  readonly displayName: string
  readonly email: string
  readonly locale: Locale
  readonly theme: Theme
  readonly density: Density
  readonly shortcuts: boolean
  readonly timeZone: string
  readonly productName: string | null
  readonly leaveUrl: string | null
  readonly demonstration: boolean
  /** 1: password or token; 2: with a second factor. */
  readonly strength: number
  readonly idleMinutes: number
  readonly idleAt: Date
  readonly expiresAt: Date
  readonly credential: Credential
  /** Where the request came from, for the log: a shortened network address and the request's own id. */
  readonly origin?: RequestOrigin
}

export type RequestOrigin = { readonly networkPrefix?: string; readonly requestId?: string }
