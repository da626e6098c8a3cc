import { z } from 'zod'

/** One word of RFC 8176 or one level a line; what stands between is no part of it. */
const words = (longest: number) =>
  z
    .string()
    .max(2000, { error: 'agencies.provider.words.too_long' })
    .default('')
    .transform((text) => [...new Set(text.split(/[\s,;]+/).filter((word) => word !== ''))])
    .pipe(
      z
        .array(z.string().max(longest, { error: 'agencies.provider.words.too_long' }))
        .max(20, { error: 'agencies.provider.words.too_many' }),
    )

export const setProviderInput = z.strictObject({
  agency: z.string().max(40),
  /** 0 where there is none yet. */
  version: z.coerce.number().int().min(0),
  issuer: z
    .string({ error: 'agencies.provider.issuer.required' })
    .trim()
    .min(1, { error: 'agencies.provider.issuer.required' })
    .max(300, { error: 'agencies.provider.issuer.not_valid' })
    .refine(isIssuer, { error: 'agencies.provider.issuer.not_valid' }),
  clientId: z
    .string({ error: 'agencies.provider.client.required' })
    .trim()
    .min(1, { error: 'agencies.provider.client.required' })
    .max(200, { error: 'agencies.provider.client.too_long' }),
  clientSecret: z.string().max(500, { error: 'agencies.provider.secret.too_long' }).optional(),
  strongAcr: words(200),
  strongAmr: words(40),
})
export type SetProviderInput = z.infer<typeof setProviderInput>

export const removeProviderInput = z.strictObject({
  agency: z.string().max(40),
  version: z.coerce.number().int().positive(),
})
export type RemoveProviderInput = z.infer<typeof removeProviderInput>

/** An agency's place to sign in, as the system administrator sees it: never the secret. */
export type ProviderView = {
  readonly issuer: string
  readonly clientId: string
  readonly hasSecret: boolean
  readonly strongAcr: readonly string[]
  readonly strongAmr: readonly string[]
  readonly version: number
  /** How many members are linked to it. */
  readonly linked: number
}

/** The agency beside it; `provider` is null where it has none. */
export type AgencyProviderView = {
  readonly agency: { readonly key: string; readonly name: string }
  readonly provider: ProviderView | null
}

/** An address without query, fragment or password (OpenID Connect Discovery, section 2). */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (
    /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  )
}
