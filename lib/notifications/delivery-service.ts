import 'server-only'
import { z } from 'zod'

import { workerSql } from '@/lib/platform/db/worker'
import { settings } from '@/lib/platform/env'
import type { Job } from '@/lib/platform/jobs/loop'
import type { QueueHandler } from '@/lib/platform/jobs/queue'
import { sendMail } from '@/lib/platform/mail/mail'

import { claimDelivery, endDelivery, sweepNotices } from './data'
import { mailText } from './mail-text'

const payload = z.object({ delivery: z.uuid() })

/** Another process is sending this mail just now, or died over it a moment ago: the job comes back. */
class DeliveryTaken extends Error {
  override readonly name = 'DeliveryTaken'
}

/**
 * Sends the mail of one delivery, once (requirement R04). The claim keeps others out while it is under way; a process
 * that dies between sending and saying so leaves the delivery waiting, and the next one sends the same mail again under
 * the same Message-ID, by which mailboxes keep one.
 */
export async function deliver(delivery: string): Promise<void> {
  const claim = await claimDelivery(workerSql(), delivery)
  if (claim.answer !== 'send') {
    if (claim.answer === 'taken') throw new DeliveryTaken()
    return
  }
  const { email: to, leaseSeconds } = claim
  const language = claim.locale
  try {
    const text = mailText(claim, settings.publicOrigin)
    // Over before the claim is: from then on another process may send it.
    await sendMail({ id: delivery, to, language, ...text }, leaseSeconds * 0.8)
  } catch (error) {
    await endDelivery(workerSql(), delivery, false).catch(() => undefined)
    throw error
  }
  await endDelivery(workerSql(), delivery, true)
}

/** The periodic jobs of this part. */
export const NOTICE_JOBS: readonly Job[] = [
  { name: 'sweep-notices', everySeconds: 86_400, run: () => sweepNotices(workerSql()) },
]

/** The queues of this part. */
export const NOTICE_QUEUES: readonly QueueHandler[] = [
  { queue: 'notice-mail', handle: (data) => deliver(payload.parse(data).delivery) },
]
