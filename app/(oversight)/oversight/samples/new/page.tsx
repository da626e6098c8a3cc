import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { SAMPLE_POOLS, SAMPLE_SPREADS } from '@/lib/oversight/samples/schema'
import { drawSampleAction } from '../actions'

const PATH = '/oversight/samples'

export const generateMetadata = titleOrMissing(NewSamplePage, async () => {
  const t = await getTranslations('samples.new')
  return { title: t('page_title') }
})

export default orMissing(NewSamplePage)

/** How many files, from which, and how they are picked. */
async function NewSamplePage() {
  await requireActorWho('sample:read')
  const t = await getTranslations('samples')
  return (
    <>
      <PageHeader title={t('new.title')} crumbs={[{ label: t('title'), href: PATH }]} />
      <ActionForm
        action={drawSampleAction}
        initial={await initialForm({ pool: 'ordinary', spread: 'agency', size: '20' }, `${PATH}/new`)}
        submit={t('new.submit')}
        cancel={{ href: PATH }}
      >
        <RadioRows
          name="spread"
          label={t('spread_label')}
          choices={SAMPLE_SPREADS.map((value) => ({
            value,
            label: t(`spread.${value}`),
            hint: t(`spread_hint.${value}`),
          }))}
        />
        <RadioRows
          name="pool"
          label={t('pool_label')}
          choices={SAMPLE_POOLS.map((value) => ({ value, label: t(`pool.${value}`), hint: t(`pool_hint.${value}`) }))}
        />
        <TextInput
          name="size"
          label={t('new.size')}
          hint={t('new.size_hint')}
          inputMode="numeric"
          width="xs"
          maxLength={3}
        />
        <TextInput
          name="seed"
          label={t('seed')}
          hint={t('new.seed_hint')}
          inputMode="numeric"
          width="sm"
          maxLength={10}
          optional
        />
      </ActionForm>
    </>
  )
}
