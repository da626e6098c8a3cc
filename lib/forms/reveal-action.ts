import 'server-only'
import { redirect, unstable_rethrow } from 'next/navigation'
import type { Actor } from '@/lib/access/actor'
import { requireActor } from '@/lib/auth/require-actor'
import { confirmAddress } from '@/lib/auth/return-path'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { log } from '@/lib/platform/log'
import type { Result } from '@/lib/platform/result'
import { pathOfPage } from './page-path'
import { newReference } from './reference'
import { hasOwnOrigin } from './require-origin'
import type { RevealAction, RevealRow, RevealState } from './reveal-state'

const LONGEST_REASON = 500

/** What was asked to be shown: a record's code, and why, where the policy wants a reason. */
export type RevealInput = { readonly subject: string; readonly reason: string | null }

/**
 * A server action that shows identity for one press. The handler decides, records the look and gives the rows,
 * in one transaction; whatever it refuses reads as one sentence in the band.
 */
export function revealAction(
  handle: (actor: Actor, input: RevealInput) => Promise<Result<readonly RevealRow[]>>,
): RevealAction {
  return async (_previous, data): Promise<RevealState> => {
    const { text, has } = await getKeyTranslator()
    if (!(await hasOwnOrigin())) return { status: 'refused', text: text('errors.origin') }
    if (data.get('hide') !== null) return { status: 'hidden' }
    const actor = await requireActor()
    try {
      const result = await handle(actor, { subject: field(data, 'subject') ?? '', reason: field(data, 'reason') })
      if (result.ok) return { status: 'shown', rows: result.value }
      if (result.refusal === 'step_up_required') redirect(confirmAddress(await pathOfPage()))
      const key = `errors.reason.${result.reason ?? ''}`
      return { status: 'refused', text: text(has(key) ? key : `errors.refusal.${result.refusal}`) }
    } catch (error) {
      unstable_rethrow(error)
      const reference = newReference()
      log.error({ error, reference }, 'identity could not be read')
      return { status: 'refused', text: text('ui.identity.unreadable', { reference }) }
    }
  }
}

function field(data: FormData, name: string): string | null {
  const value = data.get(name)
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, LONGEST_REASON) : null
}
