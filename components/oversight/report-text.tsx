import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { Section } from '@/components/ui/page-header'
import { getFormat } from '@/lib/i18n/get-format'
import type { ReportContent, ReportView } from '@/lib/oversight/report/schema'
import { RULE_WORDS } from '@/lib/oversight/rules/words'

/** What a report says, section by section. */
export function ReportText({ view }: { readonly view: ReportView }) {
  const { report } = view
  return (
    <>
      <Scope view={view} />
      <Rules report={report} />
      <Analyses report={report} />
      <Findings report={report} />
      <Complaints report={report} />
      <Seal view={view} />
    </>
  )
}

async function Scope({ view: { madeAt, report } }: { readonly view: ReportView }) {
  const t = await getTranslations('oversight.report')
  const format = await getFormat()
  return (
    <Section title={t('scope')}>
      <Facts
        facts={[
          { label: t('by'), value: <bdi>{report.body.name}</bdi> },
          { label: t('made_at'), value: format.moment(new Date(madeAt)) },
          { label: t('agencies'), value: format.list(report.agencies.map(({ name }) => name)) },
        ]}
      />
      <h3 className="mt-4 font-semibold">{t('method')}</h3>
      <p className="measure mt-1">{t('method_rules')}</p>
      <p className="measure mt-2">{t('method_figures')}</p>
      <p className="measure mt-2">{t('method_names')}</p>
    </Section>
  )
}

async function Rules({ report }: { readonly report: ReportContent }) {
  const t = await getTranslations('oversight.report')
  const rules = await getTranslations('oversight.rules')
  const { locale, number } = await getFormat()
  return (
    <Section title={t('rules')}>
      <DataTable
        caption={t('rules_caption')}
        rows={report.rules}
        rowKey={({ key }) => key}
        columns={[
          { key: 'rule', head: rules('rule'), cell: ({ key }) => RULE_WORDS[key]?.[locale].title ?? key },
          { key: 'grade', head: t('grade'), cell: ({ grade }) => rules(`state.${grade}`) },
          { key: 'n', head: t('broken'), align: 'end', cell: ({ n }) => number(n) },
          {
            key: 'agencies',
            head: t('at_agencies'),
            align: 'end',
            cell: ({ agencies, measure }) => (measure === 'groups' ? '' : number(agencies)),
          },
        ]}
        empty={null}
      />
    </Section>
  )
}

async function Analyses({ report }: { readonly report: ReportContent }) {
  const t = await getTranslations('oversight.report')
  const disparities = await getTranslations('disparities')
  const { number } = await getFormat()
  return (
    <Section title={t('analyses')}>
      <DataTable
        caption={t('analyses_caption')}
        rows={report.analyses}
        rowKey={({ code }) => code}
        columns={[
          {
            key: 'what',
            head: t('question'),
            cell: ({ code, outcome, ground }) => (
              <>
                {disparities('of', {
                  outcome: disparities(`outcome.${outcome}`),
                  ground: disparities(`ground.${ground}`),
                })}
                <span className="block text-note text-ink-2">
                  <Code code={code} />
                </span>
              </>
            ),
          },
          { key: 'period', head: disparities('period_label'), cell: ({ period }) => period },
          { key: 'compared', head: t('compared'), align: 'end', cell: ({ comparisons }) => number(comparisons) },
          { key: 'worse', head: t('worse'), align: 'end', cell: ({ worse }) => number(worse.length) },
          {
            key: 'repeats',
            head: t('repeats'),
            cell: ({ repeats }) => t(repeats === null ? 'repeats_later' : repeats ? 'repeats_yes' : 'repeats_no'),
          },
        ]}
        empty={<EmptyState title={t('analyses_none')} />}
      />
    </Section>
  )
}

async function Findings({ report }: { readonly report: ReportContent }) {
  const t = await getTranslations('oversight.report')
  const findings = await getTranslations('findings')
  const rules = await getTranslations('oversight.rules')
  const nameOf = (agency: string) => report.agencies.find(({ key }) => key === agency)?.name ?? agency
  return (
    <Section title={t('findings')}>
      <DataTable
        caption={t('findings_caption')}
        rows={report.findings}
        rowKey={({ code }) => code}
        columns={[
          { key: 'code', head: t('code'), cell: ({ code }) => <Code code={code} /> },
          { key: 'agency', head: t('agency'), cell: ({ agency }) => <bdi>{nameOf(agency)}</bdi> },
          { key: 'grade', head: t('grade'), cell: ({ grade }) => rules(`state.${grade}`) },
          { key: 'state', head: t('state'), cell: ({ state }) => findings(`state.${state}`) },
        ]}
        empty={<EmptyState title={t('findings_none')} />}
      />
    </Section>
  )
}

async function Complaints({ report: { complaints } }: { readonly report: ReportContent }) {
  const t = await getTranslations('oversight.report')
  const words = await getTranslations('complaints')
  const { number } = await getFormat()
  const rows: readonly { readonly key: string; readonly label: string; readonly n: number | null }[] = [
    ...complaints.byState.map(({ state, n }) => ({ key: state, label: words(`state.${state}`), n })),
    ...complaints.bySubject.map(({ subject, n }) => ({ key: `s-${subject}`, label: words(`subject.${subject}`), n })),
  ]
  const told = (n: number | null): ReactNode => (n === null ? t('kept_back') : number(n))
  return (
    <Section title={t('complaints')}>
      <p className="measure mb-2">{t('complaints_total', { count: complaints.total })}</p>
      <DataTable
        caption={t('complaints_caption')}
        rows={rows}
        rowKey={({ key }) => key}
        columns={[
          { key: 'what', head: t('complaint'), cell: ({ label }) => label },
          { key: 'n', head: t('how_many'), align: 'end', cell: ({ n }) => told(n) },
        ]}
        empty={null}
      />
    </Section>
  )
}

async function Seal({ view: { sha256, report } }: { readonly view: ReportView }) {
  const t = await getTranslations('oversight.report')
  const audit = await getTranslations('audit.seal')
  const { number } = await getFormat()
  const { seal } = report
  const mono = (text: string) => (
    <code dir="ltr" className="font-code text-note break-all">
      {text}
    </code>
  )
  return (
    <Section title={t('seal')}>
      <Facts
        facts={[
          { label: audit('size'), value: number(seal.size) },
          { label: audit('checked'), value: t(seal.fits === null ? 'unchecked' : seal.fits ? 'fits' : 'fits_not') },
          ...(seal.checkpointHash === null
            ? []
            : [{ label: t('checkpoint_digest'), value: mono(seal.checkpointHash) }]),
          { label: t('digest'), value: mono(sha256) },
        ]}
      />
      <p className="measure mt-2 text-note text-ink-2">{t('digest_hint')}</p>
    </Section>
  )
}
