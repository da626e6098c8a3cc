import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import type { CaseFrameView } from '@/lib/cases/overview-schema'
import { frameAroundListIn } from '@/lib/cases/overview-service'
import { ok, type Result } from '@/lib/platform/result'

import type { ContactPage, ListContactsInput } from './contacts/schema'
import { listContacts } from './contacts/service'
import type { ListNeedsInput, NeedPage } from './needs/schema'
import { listNeeds } from './needs/service'
import type { ListServicesInput, ServicePage } from './services/schema'
import { listServices } from './services/service'

type OfCase<Input> = Input & { readonly case: string }

/** A list of what is on a case, and the case around it: one look, one event, the list's. */
export type ListOnCase<Page> = { readonly frame: CaseFrameView; readonly list: Page }

/** The services of a case with the case around them. Refuses as `listServices` does. */
export function viewCaseServices(
  actor: Actor,
  input: OfCase<ListServicesInput>,
): Promise<Result<ListOnCase<ServicePage>>> {
  return onCase(actor, input.case, () => listServices(actor, input))
}

/** The needs of a case with the case around them. Refuses as `listNeeds` does. */
export function viewCaseNeeds(actor: Actor, input: OfCase<ListNeedsInput>): Promise<Result<ListOnCase<NeedPage>>> {
  return onCase(actor, input.case, () => listNeeds(actor, input))
}

/** The contact log of a case with the case around it. Refuses as `listContacts` does. */
export function viewCaseContacts(actor: Actor, input: ListContactsInput): Promise<Result<ListOnCase<ContactPage>>> {
  return onCase(actor, input.case, () => listContacts(actor, input))
}

function onCase<Page>(
  actor: Actor,
  code: string,
  read: () => Promise<Result<Page>>,
): Promise<Result<ListOnCase<Page>>> {
  return withActor(actor, async (tx) => {
    const frame = await frameAroundListIn(tx, code)
    if (!frame.ok) return frame
    const list = await read()
    return list.ok ? ok({ frame: frame.value, list: list.value }) : list
  })
}
