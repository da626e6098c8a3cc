import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { FindingFields } from '@/components/oversight/finding-fields'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { viewFinding } from '@/lib/oversight/findings/service'
import { changeFindingAction } from '../../actions'

const PATH = '/oversight/findings'

type Props = PageProps<'/oversight/findings/[finding]/change'>

export const generateMetadata = titleOrMissing(ChangeFindingPage, async ({ params }: Props) => {
  const t = await getTranslations('findings')
  return { title: t('change_page_title', { code: (await params).finding }) }
})

export default orMissing(ChangeFindingPage)

/** What a draft says, to be said otherwise; its source and evidence stay. */
async function ChangeFindingPage({ params }: Props) {
  const actor = await requireActorWho('finding:make')
  const found = await viewFinding(actor, { finding: (await params).finding })
  if (!found.ok || !found.value.may.includes('change')) notFound()
  const { code, version, grade, basis, subject, answerDue, texts } = found.value
  const t = await getTranslations('findings')
  const here = `${PATH}/${code}`
  const textOf = (kind: 'statement' | 'asked') => texts.find((one) => one.kind === kind)?.text ?? ''
  const values = { grade, basis, subject, answerDue, statement: textOf('statement'), asked: textOf('asked') }
  return (
    <>
      <PageHeader
        title={t('change.title')}
        facts={<Code code={code} />}
        crumbs={[
          { label: t('title'), href: PATH },
          { label: <Code code={code} />, href: here },
        ]}
      />
      <ActionForm
        action={changeFindingAction}
        initial={await initialForm(values, `${here}/change`)}
        submit={t('change.submit')}
        cancel={{ href: here }}
        hidden={{ finding: code, version: String(version) }}
      >
        <FindingFields />
      </ActionForm>
    </>
  )
}
