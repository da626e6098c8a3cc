import type { Actor } from '@/lib/access/actor'
import { logContactInput, type ContactView, type LogContactInput } from '@/lib/assistance/contacts/schema'
import { logContact } from '@/lib/assistance/contacts/service'
import { addNeedInput, type NeedView } from '@/lib/assistance/needs/schema'
import { addNeed } from '@/lib/assistance/needs/service'
import { logServiceInput, type LogServiceInput, type ServiceView } from '@/lib/assistance/services/schema'
import { logService } from '@/lib/assistance/services/service'
import type { CategoryKey } from '@/lib/mandate/categories'
import type { Result } from '@/lib/platform/result'

import { openedCase, valueOf } from './cases'

/** A service as a form or the API would send it: parsed, then logged. */
export function send(actor: Actor, input: LogServiceInput): Promise<Result<ServiceView>> {
  return logService(actor, logServiceInput.parse(input))
}

/** A delivered service of a case, by default emergency shelter, today. */
export async function loggedService(actor: Actor, input: Partial<LogServiceInput> = {}): Promise<ServiceView> {
  const on = input.case ?? (await openedCase(actor)).code
  return valueOf(await send(actor, { category: 'social', type: 'emergency_shelter', ...input, case: on }))
}

/** An open need of a case, by default legal and routine. */
export async function openNeed(
  actor: Actor,
  input: {
    readonly case: string
    readonly category?: CategoryKey
    readonly type?: string
    readonly urgency?: NeedView['urgency']
    readonly foundOn?: string
  },
): Promise<NeedView> {
  return valueOf(await addNeed(actor, addNeedInput.parse({ category: 'legal', ...input })))
}

/** A contact of a case, by default a call that reached the person. */
export async function loggedContact(
  actor: Actor,
  input: Omit<LogContactInput, 'kind'> & Partial<LogContactInput>,
): Promise<ContactView> {
  return valueOf(await logContact(actor, logContactInput.parse({ kind: 'call', ...input })))
}
