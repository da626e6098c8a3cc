import 'server-only'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import type { Actor } from '@/lib/access/actor'
import type { Amendment, ServiceRecordView } from '@/lib/assistance/services/schema'
import { viewService } from '@/lib/assistance/services/service'
import type { Conflict, ConflictRow } from '@/lib/forms/form-state'
import { getFormat } from '@/lib/i18n/get-format'

/** Someone else amended first: what they said beside what the sender said, for each field that differs. */
export async function amendmentConflict(actor: Actor, input: Amendment): Promise<Conflict | null> {
  const found = await viewService(actor, { service: input.service })
  if (!found.ok || !found.value.mayAmend) return null
  const theirs = found.value
  const t = await getTranslations('assistance')
  const format = await getFormat()
  const last = theirs.changes[0]
  return {
    by: last?.changedBy ?? t('need.changed_by'),
    at: last === undefined ? '' : format.moment(new Date(last.changedAt)),
    version: String(theirs.version),
    rows: await rowsOf(input, theirs),
  }
}

async function rowsOf(input: Amendment, theirs: ServiceRecordView): Promise<readonly ConflictRow[]> {
  const t = await getTranslations('assistance.service')
  const mandate = await getTranslations('mandate')
  const name = await typeNames()
  const format = await getFormat()
  const row = (
    field: string,
    label: string,
    yours: string,
    other: string,
    text: (value: string) => string,
  ): readonly ConflictRow[] =>
    yours === other ? [] : [{ field, label, yours, theirs: other, yoursText: text(yours), theirsText: text(other) }]
  const category = input.category ?? theirs.category
  return [
    ...row('category', t('list.category'), category, theirs.category, (key) =>
      mandate(`categories.${key as typeof category}`),
    ),
    ...row('type', t('list.type'), input.type ?? theirs.type, theirs.type, (key) =>
      name(key === theirs.type ? theirs.category : category, key),
    ),
    ...row('deliveredOn', t('when'), input.deliveredOn ?? theirs.deliveredOn, theirs.deliveredOn, (day) =>
      format.day(day),
    ),
    ...row('status', t('status.label'), input.status ?? theirs.status, theirs.status, (key) =>
      t(`status.${key as typeof theirs.status}`),
    ),
    ...row(
      'minutes',
      t('minutes.label'),
      String(input.minutes ?? ''),
      String(theirs.detail?.minutes ?? ''),
      (minutes) => minutes,
    ),
  ]
}
