import { getTranslations } from 'next-intl/server'
import { CheckRows } from '@/components/ui/choices'
import type { OfferChoices } from '@/lib/directory/schema'

/** Who answers and who stands in, out of the colleagues who work with cases. */
export async function ReceiverFields({ members }: Pick<OfferChoices, 'members'>) {
  const t = await getTranslations('directory.form')
  if (members.length === 0) return <p className="measure text-ink-2">{t('no_members')}</p>
  const choices = members.map(({ code, name }) => ({ value: code, label: <bdi>{name}</bdi> }))
  return (
    <>
      <CheckRows
        name="receivers"
        label={t('receivers')}
        hint={t('receivers_hint')}
        columns={2}
        choices={choices}
        optional
      />
      <CheckRows name="standIns" label={t('stand_ins')} columns={2} choices={choices} optional />
    </>
  )
}
