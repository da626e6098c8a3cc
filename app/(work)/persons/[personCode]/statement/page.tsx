import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { LOCALE_NAMES } from '@/lib/i18n/locale'
import { parseCode } from '@/lib/platform/ids'
import { STATEMENT_LANGUAGES } from '@/lib/reporting/statement/schema'
import { prepareStatement } from '@/lib/reporting/statement/service'
import { makeStatementAction } from './actions'

type Props = PageProps<'/persons/[personCode]/statement'>

const PARTS = ['held', 'help', 'agreed', 'looked', 'received'] as const

export const generateMetadata = titleOrMissing(StatementPage, async ({ params }: Props) => {
  const t = await getTranslations('statement')
  const code = parseCode((await params).personCode, 'AMP')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(StatementPage)

/** What a person's statement holds, and the press that makes it. Nothing of it stands here. */
async function StatementPage({ params }: Props) {
  const { personCode } = await params
  const found = await prepareStatement(await requireActor(), { person: personCode })
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    redirect(`/persons/${personCode}`)
  }
  const { code, cases } = found.value
  const here = `/persons/${code}`
  const t = await getTranslations('statement')
  return (
    <>
      <PageHeader
        title={t('title')}
        crumbs={[{ label: <Code code={code} />, href: here }]}
        facts={<span className="measure">{t('intro')}</span>}
      />
      <div className="measure mb-8 grid gap-4">
        <ul className="grid list-disc gap-1 ps-5">
          {PARTS.map((part) => (
            <li key={part}>{t(`holds.${part}`, { cases })}</li>
          ))}
        </ul>
        <Notice tone="warn" icon="triangle-alert">
          {t('on_paper')}
        </Notice>
      </div>
      <ActionForm
        action={makeStatementAction}
        initial={await initialForm({}, `${here}/statement`)}
        submit={t('make')}
        cancel={{ href: here }}
        hidden={{ person: code }}
        footer={<p className="measure text-note text-ink-2">{t('recorded')}</p>}
      >
        <RadioRows
          name="language"
          label={t('language')}
          columns={2}
          choices={STATEMENT_LANGUAGES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
        />
      </ActionForm>
    </>
  )
}
