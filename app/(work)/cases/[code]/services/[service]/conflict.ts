import 'server-only'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import type { Actor } from '@/lib/access/actor'
import type { Amendment, ServiceRecordView } from '@/lib/assistance/services/schema'
import { viewService } from '@/lib/assistance/services/service'
import { conflictRow } from '@/lib/forms/conflict-row'
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
  const category = input.category ?? theirs.category
  return [
    ...conflictRow({
      field: 'category',
      label: t('list.category'),
      yours: category,
      theirs: theirs.category,
      text: (key) => mandate(`categories.${key as typeof category}`),
    }),
    ...conflictRow({
      field: 'type',
      label: t('list.type'),
      yours: input.type ?? theirs.type,
      theirs: theirs.type,
      text: (key) => name(key === theirs.type ? theirs.category : category, key),
    }),
    ...conflictRow({
      field: 'deliveredOn',
      label: t('when'),
      yours: input.deliveredOn ?? theirs.deliveredOn,
      theirs: theirs.deliveredOn,
      text: (day) => format.day(day),
    }),
    ...conflictRow({
      field: 'status',
      label: t('status.label'),
      yours: input.status ?? theirs.status,
      theirs: theirs.status,
      text: (key) => t(`status.${key as typeof theirs.status}`),
    }),
    ...conflictRow({
      field: 'minutes',
      label: t('minutes.label'),
      yours: String(input.minutes ?? ''),
      theirs: String(theirs.detail?.minutes ?? ''),
      text: (minutes) => minutes,
    }),
  ]
}
