import type { CaseListView } from './schema'
import type { TaskView } from './tasks/schema'

/** How much one member carries. */
export type LoadLine = {
  readonly handle: string
  readonly name: string
  readonly cases: number
  readonly highRisk: number
  readonly late: number
}

/** For whom a member works beside their own cases now, and until when. */
export type TodayPlace =
  | { readonly kind: 'cover'; readonly unit: string; readonly unitCode: string; readonly until: string }
  | { readonly kind: 'stand_in'; readonly name: string; readonly handle: string; readonly until: string }

/** A member's first page. */
export type TodayView = {
  readonly today: string
  readonly places: readonly TodayPlace[]
  readonly late: readonly TaskView[]
  readonly dueToday: readonly TaskView[]
  /** How many of the member's own tasks are late in all. */
  readonly lateTotal: number
  readonly cases: CaseListView
  /** For supervisors: what their unit's members carry, and what is late there. */
  readonly team: {
    readonly load: readonly LoadLine[]
    /** The first of them; `lateTotal` says how many there are. */
    readonly late: readonly TaskView[]
    readonly lateTotal: number
    /** How many cases wait for a new team. */
    readonly waiting: number
  } | null
}
