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

/** A member's first page. */
export type TodayView = {
  readonly today: string
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
  } | null
}
