'use server'

import { formAction } from '@/lib/forms/form-action'
import { queuedJobInput } from '@/lib/jobs/schema'
import { dropJob, retryJob } from '@/lib/jobs/service'

export const retryJobAction = formAction(queuedJobInput, retryJob, {
  onOk: () => ({ to: '/admin/jobs', flash: { message: 'jobs.retried' } }),
})

export const dropJobAction = formAction(queuedJobInput, dropJob, {
  onOk: () => ({ to: '/admin/jobs', flash: { message: 'jobs.dropped' } }),
})
