import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { PaperStatePill } from '@/components/referrals/paper-state'
import { LinkButton } from '@/components/ui/button'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { DateField } from '@/components/ui/date-field'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { RecordLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { LOCALE_NAMES, LOCALES } from '@/lib/i18n/locale'
import { parseCode } from '@/lib/platform/ids'
import { nameOfField } from '@/lib/referrals/facts-schema'
import { HANDED_OVER, type PaperStepView, type PaperView } from '@/lib/referrals/paper/schema'
import { viewPaper } from '@/lib/referrals/paper/service'
import { DECLINE_REASONS, OUTCOMES } from '@/lib/referrals/schema'
import { printPaperAction, stepPaperAction } from '../actions'

type Props = PageProps<'/cases/[code]/referrals/paper/[paper]'>

export const generateMetadata = titleOrMissing(PaperPage, async ({ params }: Props) => {
  const t = await getTranslations('referrals.paper')
  const code = parseCode((await params).paper, 'PRF')
  return code === null ? {} : { title: t('one_title', { code }) }
})

export default orMissing(PaperPage)

/** One form: how it stands, when each step was and when it was typed in, printing it, and what comes next. */
async function PaperPage({ params }: Props) {
  const { code, paper: asked } = await params
  const found = await viewPaper(await requireActor(), { paper: asked })
  if (!found.ok || found.value.case !== parseCode(code, 'CAS')) notFound()
  const paper = found.value
  const t = await getTranslations('referrals')
  const cases = await getTranslations('cases')
  const here = `/cases/${paper.case}/referrals/paper/${paper.code}`
  return (
    <>
      <PageHeader
        title={t(`paper.heading.${paper.direction}`, { agency: paper.otherName })}
        crumbs={[
          { label: cases('title'), href: '/cases' },
          { label: <Code code={paper.person} />, href: `/cases/${paper.case}` },
          { label: t('title'), href: `/cases/${paper.case}/referrals` },
        ]}
        pills={
          <>
            <PaperStatePill direction={paper.direction} state={paper.state} />
            <UrgencyFlag urgency={paper.urgency} />
          </>
        }
        facts={<Code code={paper.code} />}
        {...(paper.direction === 'in' && paper.state !== 'received'
          ? { primary: <LinkButton href={`${here}/answer`}>{t('paper.print_answer')}</LinkButton> }
          : {})}
      />
      <Section title={t('record.state')}>
        <About paper={paper} />
        <Steps steps={paper.steps} />
      </Section>
      {paper.mayPrint ? <Print paper={paper} here={here} /> : null}
      {paper.may.length === 0 ? null : <Next paper={paper} here={here} />}
    </>
  )
}

async function About({ paper }: { readonly paper: PaperView }) {
  const t = await getTranslations('referrals')
  const categories = await getTranslations('mandate.categories')
  const format = await getFormat()
  const facts = [
    {
      label: t('paper.contact'),
      value: paper.contact === null ? null : <bdi className="whitespace-pre-line">{paper.contact}</bdi>,
    },
    { label: t('record.needs'), value: format.list(paper.categories.map((category) => categories(category))) },
    { label: t('paper.consent_says'), value: paper.consentSays === null ? null : t(`paper.says.${paper.consentSays}`) },
    {
      label: t('paper.on_form'),
      value:
        paper.fields.length === 0
          ? null
          : format.list(paper.fields.map((field) => t(`field.${nameOfField(field) as 'contact_name'}`))),
    },
    {
      label: t('record.case'),
      value: (
        <RecordLink href={`/cases/${paper.case}`} className="text-action-ink underline">
          <Code code={paper.case} />
        </RecordLink>
      ),
    },
  ]
  return (
    <div className="mb-6">
      <Facts facts={facts.filter(({ value }) => value !== null)} />
    </div>
  )
}

async function Steps({ steps }: { readonly steps: readonly PaperStepView[] }) {
  const t = await getTranslations('referrals')
  const format = await getFormat()
  const detail = ({ way, declineReason, outcome }: PaperStepView) => {
    if (way !== null) return t(`paper.way.${way}`)
    if (declineReason !== null) return t(`reason.${declineReason}`)
    return outcome === null ? '' : t(`outcome.${outcome}`)
  }
  return (
    <DataTable
      caption={t('paper.steps', { count: steps.length })}
      rows={steps}
      rowKey={({ step, enteredAt }) => `${step} ${enteredAt}`}
      columns={[
        { key: 'step', head: t('paper.column.step'), cell: ({ step }) => t(`paper.step.${step}`) },
        { key: 'on', head: t('paper.column.on'), cell: ({ happenedOn }) => format.day(happenedOn) },
        { key: 'how', head: t('paper.column.how'), cell: detail },
        {
          key: 'entered',
          head: t('paper.column.entered'),
          cell: ({ enteredAt }) => format.moment(new Date(enteredAt)),
        },
      ]}
      empty={<p className="text-ink-2">{t('paper.no_steps')}</p>}
    />
  )
}

type ActProps = { readonly paper: PaperView; readonly here: string }

async function Print({ paper, here }: ActProps) {
  const t = await getTranslations('referrals.paper')
  return (
    <Section title={t('print')} id="print">
      <ActionForm
        action={printPaperAction}
        initial={await initialForm({}, `${here}#print`)}
        submit={t('print')}
        label={t('print')}
        hidden={{ paper: paper.code }}
        footer={<p className="measure text-note text-ink-2">{t('print_means')}</p>}
      >
        <RadioRows
          name="language"
          label={t('language')}
          columns={2}
          choices={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
        />
      </ActionForm>
    </Section>
  )
}

async function Next({ paper, here }: ActProps) {
  const t = await getTranslations('referrals')
  const has = (step: (typeof paper.may)[number]) => paper.may.includes(step)
  return (
    <Section title={t('paper.next')} id="next">
      <p className="measure mb-4 text-ink-2">{t(`paper.next_help.${paper.direction}`)}</p>
      <ActionForm
        action={stepPaperAction}
        initial={await initialForm({}, `${here}#next`)}
        submit={t('paper.save')}
        label={t('paper.next')}
        tone="secondary"
        hidden={{ paper: paper.code, version: String(paper.version) }}
      >
        <RadioRows
          name="step"
          label={t('paper.what')}
          choices={paper.may.map((value) => ({ value, label: t(`paper.step.${value}`) }))}
        />
        <DateField name="happenedOn" label={t('paper.on')} hint={t('paper.on_hint')} calendar />
        {has('handed_over') ? (
          <RadioRows
            name="way"
            label={t('paper.way_question')}
            optional
            columns={3}
            choices={HANDED_OVER.map((value) => ({ value, label: t(`paper.way.${value}`) }))}
          />
        ) : null}
        {has('declined') ? (
          <RadioRows
            name="declineReason"
            label={t('paper.if_declined')}
            optional
            choices={DECLINE_REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))}
          />
        ) : null}
        {has('completed') ? (
          <RadioRows
            name="outcome"
            label={t('paper.if_completed')}
            optional
            choices={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))}
          />
        ) : null}
      </ActionForm>
    </Section>
  )
}
