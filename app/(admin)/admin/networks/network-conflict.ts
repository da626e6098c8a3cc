import 'server-only'
import type { Actor } from '@/lib/access/actor'
import type { ChangeNetworkInput } from '@/lib/agencies/network-schema'
import { viewNetwork } from '@/lib/agencies/network-service'
import { conflictRow } from '@/lib/forms/conflict-row'
import type { Conflict } from '@/lib/forms/form-state'
import { getFormat } from '@/lib/i18n/get-format'
import { choicesOf } from './network-choices'
import { inputOf, networkFields } from './network-values'

/** Both values of every setting that differs, after someone else saved first; null when the network is out of sight. */
export async function networkConflict(actor: Actor, input: ChangeNetworkInput): Promise<Conflict | null> {
  const found = await viewNetwork(actor, input.network)
  const last = found.ok ? found.value.changes[0] : undefined
  if (!found.ok || last === undefined) return null
  const choices = choicesOf(found.value)
  const format = await getFormat()
  const mine = await networkFields(input, choices)
  const theirs = await networkFields(inputOf(found.value), choices)
  const rows = mine.flatMap(({ field, label, values, words }, index) =>
    conflictRow({
      field,
      label,
      yours: values.join('|'),
      theirs: (theirs[index]?.values ?? []).join('|'),
      text: (value) => (value === '' ? '' : words(value.split('|'))),
    }),
  )
  return { by: last.by, at: format.moment(last.at), version: String(found.value.version), rows }
}
