import { createHash, timingSafeEqual } from 'node:crypto'

import { settings } from '@/lib/platform/env'

/** Whether a request with this Authorization header may read the metrics; `off` where none are offered. */
export function mayReadMetrics(authorization: string | null): 'yes' | 'no' | 'off' {
  const token = settings.metricsToken
  if (token === undefined) return 'off'
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`)) ? 'yes' : 'no'
}

/** Of one length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
