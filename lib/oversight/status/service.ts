import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { gatherFacts } from '@/lib/platform/watching/process-facts'

import { mayWatch } from '../policy'
import { findingsOf } from './rules'
import type { Finding, StatusView } from './schema'

/** How the installation stands, part by part. Refuses with `not_found` everybody but a system administrator. */
export async function viewStatus(actor: Actor): Promise<Result<StatusView>> {
  return withActor(actor, async (tx) => {
    if (!mayWatch(actor)) return refuse('not_found')
    const findings = findingsOf(await gatherFacts(tx))
    await record(tx, { type: 'installation.viewed' })
    return ok({ findings })
  })
}

/** The same for the operator's command line. */
export async function installationFindings(): Promise<readonly Finding[]> {
  return findingsOf(await gatherFacts())
}
