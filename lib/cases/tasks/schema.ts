import { z } from 'zod'

/** What a task is about. A task has no words of its own: what there is to say stands in the record it leads to. */
export const TASK_KINDS = [
  'risk_review',
  'first_contact',
  'follow_up',
  'call',
  'visit',
  'paperwork',
  'appointment',
  'consent_ending',
  'own_file_basis',
] as const
export type TaskKind = (typeof TASK_KINDS)[number]

/** What a member may make by hand; the others make themselves. */
export const MADE_KINDS = ['follow_up', 'call', 'visit', 'paperwork', 'appointment'] as const satisfies TaskKind[]

/** How far a task may be put off at once. */
export const SNOOZES = ['tomorrow', 'three_days', 'week'] as const
export type Snooze = (typeof SNOOZES)[number]

const recordCode = z.string().trim().min(1, { error: 'cases.errors.code' }).max(64, { error: 'cases.errors.code' })

export const makeTaskInput = z.strictObject({
  case: recordCode,
  kind: z.enum(MADE_KINDS, { error: 'tasks.errors.kind' }),
  /** A day of the agency's zone, today or later. */
  dueOn: z.iso.date({ error: 'ui.date.real' }).refine((typed) => typed >= '1900', { error: 'ui.date.early' }),
  /** `HH:MM`; without it the task is for any time of the day. */
  dueTime: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'tasks.errors.time' })
    .optional(),
})
export type MakeTaskInput = z.infer<typeof makeTaskInput>

export const doneTaskInput = z.strictObject({ task: recordCode })
export type DoneTaskInput = z.infer<typeof doneTaskInput>

export const snoozeTaskInput = z.strictObject({
  task: recordCode,
  by: z.enum(SNOOZES, { error: 'tasks.errors.snooze' }),
})
export type SnoozeTaskInput = z.infer<typeof snoozeTaskInput>

export const TASK_SCOPES = ['mine', 'team'] as const
export type TaskScope = (typeof TASK_SCOPES)[number]

export const listTasksInput = z.strictObject({
  scope: z.enum(TASK_SCOPES).optional(),
  cursor: z.string().max(600).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type ListTasksInput = z.infer<typeof listTasksInput>

export type TaskView = {
  readonly code: string
  readonly case: string
  /** The person's code; null on another agency's case, where whoever leads goes by the case's. */
  readonly person: string | null
  /** The transfer by which the viewer's agency leads the case, where it is another one's. */
  readonly led: string | null
  readonly kind: TaskKind
  /** The need that a first contact is for, and its category. */
  readonly need: { readonly code: string; readonly category: string; readonly type: string | null } | null
  readonly owner: { readonly name: string; readonly isMe: boolean }
  readonly dueAt: string
  /** Its day in the agency's zone. */
  readonly dueOn: string
  /** For any time of its day. */
  readonly allDay: boolean
  readonly state: 'late' | 'today' | 'soon'
  /** By how many days of the calendar it is late; 0 for something that was due earlier today. */
  readonly lateDays: number
  readonly done: boolean
  /** Whether the viewer may say that it is done; off the team they may not. */
  readonly mayWork: boolean
}

export type TaskListView = {
  readonly items: readonly TaskView[]
  readonly earlierCursor: string | null
  readonly nextCursor: string | null
  readonly late: number
}
