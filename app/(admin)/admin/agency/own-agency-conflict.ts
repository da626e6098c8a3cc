import 'server-only'
import { getTranslations } from 'next-intl/server'
import type { Actor } from '@/lib/access/actor'
import type { ChangeOwnAgencyInput } from '@/lib/agencies/own-agency-schema'
import { viewOwnAgency } from '@/lib/agencies/own-agency-service'
import { conflictRow } from '@/lib/forms/conflict-row'
import type { Conflict } from '@/lib/forms/form-state'
import { getFormat } from '@/lib/i18n/get-format'

/** Both values of every setting that differs, after someone else saved first; null when there was nobody. */
export async function ownAgencyConflict(actor: Actor, input: ChangeOwnAgencyInput): Promise<Conflict | null> {
  const found = await viewOwnAgency(actor)
  if (!found.ok || found.value.lastChange === null) return null
  const { lastChange, productName, leaveUrl, idleMinutes, version } = found.value
  const t = await getTranslations('agencies.own')
  const network = await getTranslations('networks.leave_url')
  const format = await getFormat()
  const plain = (value: string) => value
  const rows = [
    { field: 'productName', label: t('product.label'), yours: input.productName, theirs: productName, text: plain },
    { field: 'leaveUrl', label: network('label'), yours: input.leaveUrl, theirs: leaveUrl, text: plain },
    {
      field: 'idleMinutes',
      label: t('idle.label'),
      yours: String(input.idleMinutes),
      theirs: String(idleMinutes),
      text: (minutes: string) => t('idle.minutes', { minutes }),
    },
  ].flatMap(({ yours, theirs, ...row }) => conflictRow({ ...row, yours: yours ?? '', theirs: theirs ?? '' }))
  return { by: lastChange.by, at: format.moment(lastChange.at), version: String(version), rows }
}
