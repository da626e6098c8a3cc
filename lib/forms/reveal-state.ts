/** One line of identity. The value keeps its own language and direction. */
export type RevealRow = {
  readonly label: string
  readonly value: string
  readonly lang?: string
  /** Lines of a pointer on a signature's pad; the value says what they are. */
  readonly drawing?: string
}

/** What the identity band shows. Values exist only in the answer to a press, never earlier in the page. */
export type RevealState =
  | { readonly status: 'hidden' }
  | { readonly status: 'shown'; readonly rows: readonly RevealRow[] }
  | { readonly status: 'refused'; readonly text: string }

export type RevealAction = (previous: RevealState, data: FormData) => Promise<RevealState>

/** How the band begins: nothing is shown. */
export const HIDDEN: RevealState = { status: 'hidden' }
