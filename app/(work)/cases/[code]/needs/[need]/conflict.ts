import 'server-only'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import type { Actor } from '@/lib/access/actor'
import type { ChangeNeedInput, NeedState, Urgency } from '@/lib/assistance/needs/schema'
import { viewNeed } from '@/lib/assistance/needs/service'
import type { Conflict, ConflictRow } from '@/lib/forms/form-state'

/** Someone else changed the need first: what differs, side by side. */
export async function needConflict(actor: Actor, input: ChangeNeedInput): Promise<Conflict | null> {
  const found = await viewNeed(actor, { need: input.need })
  if (!found.ok || !found.value.mayChange) return null
  const theirs = found.value
  const t = await getTranslations('assistance.need')
  const name = await typeNames()
  const row = (
    field: string,
    label: string,
    yours: string,
    other: string,
    text: (value: string) => string,
  ): readonly ConflictRow[] =>
    yours === other ? [] : [{ field, label, yours, theirs: other, yoursText: text(yours), theirsText: text(other) }]
  return {
    by: t('changed_by'),
    at: '',
    version: String(theirs.version),
    rows: [
      ...row('state', t('state.label'), input.state ?? theirs.state, theirs.state, (state) =>
        t(`state.${state as NeedState}`),
      ),
      ...row('urgency', t('urgency.label'), input.urgency ?? theirs.urgency, theirs.urgency, (key) =>
        t(`urgency.short.${key as Urgency}`),
      ),
      ...row('type', t('change.type'), input.type ?? '', theirs.type ?? '', (type) =>
        type === '' ? t('change.type_none') : name(theirs.category, type),
      ),
    ],
  }
}
