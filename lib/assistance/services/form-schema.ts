import type { CategoryKey } from '@/lib/mandate/categories'

import type { NeedState, Urgency } from '../needs/schema'
import type { ServiceDetailView } from './schema'

/** A need that a service may serve. */
export type NeedChoice = {
  readonly code: string
  readonly category: CategoryKey
  readonly type: string | null
  readonly urgency: Urgency
  readonly state: NeedState
}

/** What is taken over from this member's last service on this case. */
export type LastTimeView = Pick<
  ServiceDetailView,
  'mode' | 'placeKind' | 'minutes' | 'interpreterUsed' | 'interpreterLanguage'
>

/** Who can read what is written on a case. */
export type AudienceView = {
  readonly team: number
  readonly supervisors: number
  readonly cover: number
  readonly restricted: boolean
}

/** What the forms on a case start from. */
export type ServiceFormView = {
  readonly case: string
  readonly person: string
  /** Of the agency's zone. */
  readonly today: string
  readonly yesterday: string
  readonly needs: readonly NeedChoice[]
  readonly lastTime: LastTimeView | null
  readonly audience: AudienceView
}

export type CaseChoiceView = { readonly code: string; readonly person: string; readonly number: number }
