import 'server-only'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import type { Actor } from '@/lib/access/actor'
import type { ChangeNeedInput, NeedState, Urgency } from '@/lib/assistance/needs/schema'
import { viewNeed } from '@/lib/assistance/needs/service'
import { conflictRow } from '@/lib/forms/conflict-row'
import type { Conflict } from '@/lib/forms/form-state'

/** Someone else changed the need first: what differs, side by side. */
export async function needConflict(actor: Actor, input: ChangeNeedInput): Promise<Conflict | null> {
  const found = await viewNeed(actor, { need: input.need })
  if (!found.ok || !found.value.mayChange) return null
  const theirs = found.value
  const t = await getTranslations('assistance.need')
  const name = await typeNames()
  return {
    by: t('changed_by'),
    at: '',
    version: String(theirs.version),
    rows: [
      ...conflictRow({
        field: 'state',
        label: t('state.label'),
        yours: input.state ?? theirs.state,
        theirs: theirs.state,
        text: (state) => t(`state.${state as NeedState}`),
      }),
      ...conflictRow({
        field: 'urgency',
        label: t('urgency.label'),
        yours: input.urgency ?? theirs.urgency,
        theirs: theirs.urgency,
        text: (key) => t(`urgency.short.${key as Urgency}`),
      }),
      ...conflictRow({
        field: 'type',
        label: t('change.type'),
        yours: input.type ?? '',
        theirs: theirs.type ?? '',
        text: (type) => (type === '' ? t('change.type_none') : name(theirs.category, type)),
      }),
    ],
  }
}
