import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { LOCALE_NAMES, LOCALES } from '@/lib/i18n/locale'
import type { SlipLine } from '@/lib/oversight/complaints/schema'
import { listSlips } from '@/lib/oversight/complaints/service'
import { caseMetadata } from '../case-metadata'
import { requireTeamCase } from '../require-case'
import { printSlipAction } from './actions'

type Props = PageProps<'/cases/[code]/complaint-slips'>

export const generateMetadata = titleOrMissing(SlipsPage, async ({ params }: Props) => {
  const t = await getTranslations('complaints')
  return caseMetadata(params, t('slips.title'))
})

export default orMissing(SlipsPage)

/** The slips that were printed for the person of a case, and the press that makes another. */
async function SlipsPage({ params }: Props) {
  const { case: shown } = await requireTeamCase((await params).code)
  const found = await listSlips(await requireActor(), { case: shown.code })
  if (!found.ok) notFound()
  const here = `/cases/${shown.code}`
  const t = await getTranslations('complaints')
  const format = await getFormat()
  return (
    <>
      <PageHeader
        title={t('slips.title')}
        crumbs={[{ label: <Code code={shown.person} />, href: here }]}
        facts={<span className="measure">{t('slips.intro')}</span>}
      />
      <ActionForm
        action={printSlipAction}
        initial={await initialForm({}, `${here}/complaint-slips`)}
        submit={t('slips.make')}
        hidden={{ case: shown.code }}
        cancel={{ href: here }}
      >
        <RadioRows
          name="language"
          label={t('slips.language')}
          columns={2}
          choices={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
        />
      </ActionForm>
      <Section title={t('slips.printed')}>
        <DataTable<SlipLine>
          caption={t('slips.caption')}
          rows={found.value.items}
          rowKey={({ code }) => code}
          columns={[
            {
              key: 'code',
              head: t('slips.code'),
              cell: ({ code }) => (
                <AppLink href={`${here}/complaint-slips/${code}`}>
                  <Code code={code} />
                </AppLink>
              ),
            },
            { key: 'envelope', head: t('slips.envelope'), cell: ({ envelope }) => <Code code={envelope} /> },
            { key: 'at', head: t('slips.at'), cell: ({ printedAt }) => format.moment(new Date(printedAt)) },
            { key: 'by', head: t('slips.by'), cell: ({ printedBy }) => <bdi>{printedBy}</bdi> },
          ]}
          empty={<EmptyState title={t('slips.empty')}>{t('slips.empty_hint')}</EmptyState>}
        />
      </Section>
    </>
  )
}
