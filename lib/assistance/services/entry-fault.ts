import { todayIn, type ActorTx } from '@/lib/access/with-actor'
import { isLanguage } from '@/lib/people/languages'
import { refuse, type Refused } from '@/lib/platform/result'

import type { NewService } from './prepare-service'
import { dateFault } from './rules'

/** What is wrong with an entry whose shape is right: its days, its language. */
export function entryFault(tx: ActorTx, service: NewService, followUpOn?: string): Refused | null {
  const today = todayIn(tx)
  const wrongDay = dateFault(service.line, today)
  if (wrongDay !== null) return refuse('invalid', 'date', { [wrongDay.field]: [wrongDay.key] })
  if (followUpOn !== undefined && followUpOn < today)
    return refuse('invalid', 'date', { followUpOn: ['assistance.date.past'] })
  const language = service.detail.interpreterLanguage
  if (language !== null && !isLanguage(language))
    return refuse('invalid', 'language', { interpreterLanguage: ['assistance.service.language.not_valid'] })
  return null
}
