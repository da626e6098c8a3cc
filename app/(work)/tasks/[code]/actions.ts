'use server'

import { formAction } from '@/lib/forms/form-action'
import { doneTask, snoozeTask } from '@/lib/cases/tasks/service'
import { doneTaskInput, snoozeTaskInput } from '@/lib/cases/tasks/schema'

const reasons = {
  review_the_risk: 'tasks.errors.review_the_risk',
  fixed_limit: 'tasks.errors.fixed_limit',
}

export const doneTaskAction = formAction(doneTaskInput, doneTask, {
  onOk: () => ({ to: '/tasks', flash: { message: 'tasks.done.done' } }),
  reasons,
})

export const snoozeTaskAction = formAction(snoozeTaskInput, snoozeTask, {
  onOk: () => ({ to: '/tasks', flash: { message: 'tasks.snooze.done' } }),
  reasons,
})
