import { NOTICE_QUEUES } from '@/lib/notifications/delivery-service'
import { fromQueue } from '@/lib/platform/jobs/queue'
import { startJobs } from '@/lib/platform/jobs/run-until-told'

/** Sends mails as `amparo worker` does: a process for tests to kill. */
startJobs(NOTICE_QUEUES.map((queue) => fromQueue(queue)))
setInterval(() => undefined, 60_000)
