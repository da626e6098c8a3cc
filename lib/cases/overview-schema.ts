import type { PersonFacts } from '@/lib/people/schema'

import type { HappeningView } from './log-schema'
import type { CaseView } from './schema'
import type { TaskView } from './tasks/schema'
import type { CaseAudience } from './team-schema'

/** A need as the case's first page shows it. */
export type NeedLine = {
  readonly code: string
  readonly category: string
  readonly type: string | null
  readonly urgency: 'emergency' | 'urgent' | 'routine'
  readonly state: 'open' | 'planned' | 'being_met' | 'met' | 'not_met' | 'withdrawn'
  readonly metOn: string | null
}

/** The frame of every page of a case: header, safe contact, identity, tabs. Off the team there is the skeleton only. */
export type CaseFrameView = {
  readonly case: CaseView
  /** Null off the team. */
  readonly person: PersonFacts | null
  readonly audience: CaseAudience | null
  /** The last look at the person's identity. */
  readonly lastLook: { readonly by: string; readonly isMe: boolean; readonly at: string } | null
  /** Today in the agency's zone. */
  readonly today: string
}

export type CaseOverviewView = CaseFrameView & {
  readonly due: readonly TaskView[]
  readonly needs: readonly NeedLine[]
  readonly latest: readonly HappeningView[]
}

/** The story of a case, page by page. */
export type TimelineView = {
  readonly frame: CaseFrameView
  readonly items: readonly HappeningView[]
  readonly earlierCursor: string | null
  readonly nextCursor: string | null
  /** Looks at this case and its person in the last 30 days. */
  readonly looks: number
}
