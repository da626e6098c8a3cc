import { z } from 'zod'

/** An agency's own place to sign in, as OpenID Connect needs it. Server only: it holds the client's secret. */
export type Provider = {
  readonly agency: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string | null
  /** Levels (`acr`) and means (`amr`, RFC 8176) that count as a second factor. */
  readonly strongAcr: readonly string[]
  readonly strongAmr: readonly string[]
}

/** What a browser is sent to the provider for. */
export const PURPOSES = ['sign_in', 'join', 'link', 'confirm'] as const
export type Purpose = (typeof PURPOSES)[number]

/** What is known again when the browser comes back from the provider. */
export const flowSchema = z.strictObject({
  agency: z.uuid(),
  verifier: z.string().min(43).max(128),
  state: z.string().min(20).max(128),
  nonce: z.string().min(20).max(128),
  fresh: z.boolean(),
})
export type Flow = z.infer<typeof flowSchema>

/** A flow on its way: what for, where to, and where afterwards. Kept sealed in the browser that began it. */
export const journeySchema = z.strictObject({
  flow: flowSchema,
  purpose: z.enum(PURPOSES),
  address: z.url().max(3000),
  next: z.string().max(300),
})
export type Journey = z.infer<typeof journeySchema>

/** What the provider has proven: who it is, by issuer and subject, and how strongly. */
export type Proof = { readonly issuer: string; readonly subject: string; readonly strength: 1 | 2 }

/** The short name of an agency, as it is typed to find its place to sign in. */
export const chooseProviderInput = z.strictObject({
  agency: z
    .string({ error: 'auth.provider.agency.required' })
    .trim()
    .toLowerCase()
    .min(1, { error: 'auth.provider.agency.required' })
    .max(40, { error: 'auth.provider.agency.unknown' }),
  next: z.string().max(300).optional(),
})

/** A form with nothing to fill in but where to go afterwards. */
export const goOnInput = z.strictObject({ next: z.string().max(300).optional() })

/** A member's own link to the place where their agency signs in. */
export type OwnProviderView = {
  readonly agencyKey: string
  readonly host: string
  readonly linkedAt: Date | null
  readonly hasPassword: boolean
}
