import { cache, type ReactNode } from 'react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { answerStatus } from './answer-status'
import { framesAreMade } from './frame-ready'
import { MissingPage, missingMetadata } from './missing-page'

type Page<Props> = (props: Props) => Promise<ReactNode>
type Made = { readonly missing: boolean; readonly node: ReactNode }

/**
 * The page, or, when it finds that it isn't there (`notFound()`), the words for that with status 404. Left to Next.js,
 * the answer has an empty body that only a script fills.
 */
export function orMissing<Props>(page: Page<Props>) {
  return async function PageOrMissing(props: Props): Promise<ReactNode> {
    const { missing, node } = await make(page, props)
    if (!missing) return node
    // Nobody to set the status: rather an empty 404 than words with status 200.
    if (!answerStatus(404)) notFound()
    return <MissingPage />
  }
}

/** The page's title, once it is known to be there: absent and out of sight have the same. */
export function titleOrMissing<Props>(page: Page<Props>, title: (props: Props) => Promise<Metadata>) {
  return async function generateMetadata(props: Props): Promise<Metadata> {
    const isMissing = await make(page, props).then(
      (made) => made.missing,
      // A redirect or a fault: the page itself has it.
      () => false,
    )
    return isMissing ? missingMetadata() : title(props)
  }
}

/** Made once for one answer, by whichever of page and title comes first: each look at a record goes on record. */
function make<Props>(page: Page<Props>, props: Props): Promise<Made> {
  return (slotOf(page).made ??= attempt(page, props))
}

const slotOf = cache((page: unknown): { readonly page: unknown; made?: Promise<Made> } => ({ page }))

async function attempt<Props>(page: Page<Props>, props: Props): Promise<Made> {
  try {
    return { missing: false, node: await page(props) }
  } catch (error) {
    if (!isNotFound(error)) throw error
    await framesAreMade()
    return { missing: true, node: null }
  }
}

/** Whether `notFound()` threw this; its digest is what Next.js documents of it. */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'digest' in error && error.digest === 'NEXT_HTTP_ERROR_FALLBACK;404'
}
