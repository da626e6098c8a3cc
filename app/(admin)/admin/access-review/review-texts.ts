import 'server-only'
import { getTranslations } from 'next-intl/server'
import type { Tone } from '@/components/ui/tones'
import type { AccessReviewView } from '@/lib/agencies/review-schema'

/** `Quarter 4 of 2026`, in the reader's language. */
export async function quarterText({ quarter }: Pick<AccessReviewView, 'quarter'>): Promise<string> {
  const t = await getTranslations('reviews')
  const number = Math.floor((Number(quarter.slice(5, 7)) - 1) / 3) + 1
  return t('quarter', { quarter: String(number), year: quarter.slice(0, 4) })
}

/** Where a review stands, and how it is marked. */
export function reviewState(review: AccessReviewView): {
  readonly key: 'open' | 'late' | 'completed'
  readonly tone: Tone
} {
  if (review.completedAt !== null) return { key: 'completed', tone: 'go' }
  return review.isLate ? { key: 'late', tone: 'stop' } : { key: 'open', tone: 'info' }
}
