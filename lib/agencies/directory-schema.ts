/** An agency as every member may know it. Its key is what other records call it by. */
export type AgencyView = {
  readonly code: string
  readonly name: string
  readonly kind: string
  readonly country: string
  readonly timeZone: string
}

export type AgencyList = { readonly items: readonly AgencyView[]; readonly nextCursor: string | null }
