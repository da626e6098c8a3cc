'use client'

import { setNonce } from 'get-nonce'

/** Hands the page's nonce to the layers that add a style element when they open. */
export function Nonce({ nonce }: { readonly nonce: string }) {
  setNonce(nonce)
  return null
}
