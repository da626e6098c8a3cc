import { getTranslations } from 'next-intl/server'
import { categoryChoices } from '@/components/assistance/category-choices'
import { CategoryTypeFields } from '@/components/assistance/category-type-fields'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { URGENCIES } from '@/lib/assistance/needs/schema'
import { initialForm } from '@/lib/forms/initial-form'
import { codeIn } from '../../../referral-metadata'
import { addLedNeedAction } from '../../actions'
import { ledCaseFor } from '../../led-case'

type Props = PageProps<'/referrals/[referral]/lead/needs/new'>

export const generateMetadata = titleOrMissing(NewLedNeedPage, async (props: Props) => {
  const t = await getTranslations('referrals.lead')
  return { title: t('add_page_title', { code: await codeIn(props) }) }
})

export default orMissing(NewLedNeedPage)

/** What is needed on a case that the agency leads, how soon, found when: no free text. */
async function NewLedNeedPage(props: Props) {
  const led = await ledCaseFor(props)
  const t = await getTranslations('referrals.lead')
  const assistance = await getTranslations('assistance.need')
  const here = `/referrals/${led.transfer}/lead`
  return (
    <>
      <PageHeader
        title={t('add_need')}
        crumbs={[
          { label: t('list_title'), href: '/referrals/led' },
          { label: <Code code={led.case} />, href: here },
        ]}
      />
      <ActionForm
        action={addLedNeedAction}
        initial={await initialForm({ urgency: 'routine' }, `${here}/needs/new`)}
        submit={assistance('new.save')}
        cancel={{ href: here }}
        hidden={{ referral: led.transfer }}
      >
        <CategoryTypeFields
          question={assistance('new.question')}
          typeQuestion={assistance('new.type_question')}
          categories={(await categoryChoices()).filter(({ key }) => led.categories.includes(key))}
          typeOptional
          focusFirst
        />
        <RadioRows
          name="urgency"
          label={assistance('urgency.label')}
          columns={3}
          choices={URGENCIES.map((urgency) => ({ value: urgency, label: assistance(`urgency.short.${urgency}`) }))}
        />
        <DateField name="foundOn" label={assistance('found_on')} calendar />
      </ActionForm>
    </>
  )
}
