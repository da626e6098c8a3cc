import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { ComplaintStatePill } from '@/components/complaints/complaint-state'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { Facts, type Fact } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { LOCALE_NAMES } from '@/lib/i18n/locale'
import {
  COMPLAINT_RESULTS,
  NEXT_STEPS,
  type ComplaintState,
  type ComplaintView,
} from '@/lib/oversight/complaints/schema'
import { viewComplaint } from '@/lib/oversight/complaints/service'
import { changeComplaintAction } from '../actions'

type Props = PageProps<'/oversight/complaints/[complaint]'>

export const generateMetadata = titleOrMissing(ComplaintPage, async () => {
  const t = await getTranslations('complaints')
  return { title: t('one.page_title') }
})

export default orMissing(ComplaintPage)

/** One complaint: what was told, how it stands, and the answer that whoever has its code reads. */
async function ComplaintPage({ params }: Props) {
  const actor = await requireActorWho('complaint:answer')
  const found = await viewComplaint(actor, { complaint: (await params).complaint })
  if (!found.ok) notFound()
  const complaint = found.value
  const t = await getTranslations('complaints')
  const findings = await getTranslations('findings')
  return (
    <>
      <PageHeader
        title={t(`subject.${complaint.subject}`)}
        crumbs={[{ label: t('list.title'), href: '/oversight/complaints' }]}
        pills={<ComplaintStatePill state={complaint.state} />}
        facts={<Code code={complaint.code} />}
        {...(complaint.agency === null
          ? {}
          : {
              primary: (
                <LinkButton href={`/oversight/findings/new?from=complaint&code=${complaint.code}`}>
                  {findings('open')}
                </LinkButton>
              ),
            })}
        {...(complaint.result !== null && complaint.answerBy === 'paper'
          ? {
              secondary: (
                <LinkButton href={`/oversight/complaints/${complaint.code}/print`}>{t('one.print')}</LinkButton>
              ),
            }
          : {})}
      />
      <Section title={t('one.told')}>
        {complaint.text === null ? (
          <p className="text-ink-2">{t('one.no_text')}</p>
        ) : (
          <>
            <p dir="auto" className="measure whitespace-pre-wrap">
              {complaint.text}
            </p>
            <p className="mt-2 text-note text-ink-2">{t('one.masked')}</p>
          </>
        )}
      </Section>
      <Section title={t('one.about')}>
        <Facts facts={await factsOf(complaint)} />
      </Section>
      <Moves complaint={complaint} />
    </>
  )
}

async function factsOf(complaint: ComplaintView): Promise<readonly Fact[]> {
  const t = await getTranslations('complaints')
  const format = await getFormat()
  const { agencyName, ground, case: file, envelope, member, result, nextStep, movedAt } = complaint
  return [
    { label: t('list.agency'), value: agencyName === null ? t('list.no_agency') : <bdi>{agencyName}</bdi> },
    ...(ground === null ? [] : [{ label: t('ground_label'), value: t(`ground.${ground}`) }]),
    { label: t('list.source'), value: t(`source.${complaint.source}`) },
    { label: t('list.filed'), value: format.moment(new Date(complaint.filedAt)) },
    { label: t('one.language'), value: LOCALE_NAMES[complaint.locale] },
    ...(file === null
      ? []
      : [
          {
            label: t('one.case'),
            value: (
              <AppLink href={`/oversight/log?subject=${file}`}>
                <Code code={file} />
              </AppLink>
            ),
          },
        ]),
    ...(member === null ? [] : [{ label: t('one.member'), value: <Code code={member} /> }]),
    { label: t('one.answer_by'), value: t(`answer_by.${complaint.answerBy}`) },
    ...(envelope === null ? [] : [{ label: t('one.envelope'), value: <Code code={envelope} /> }]),
    ...(result === null ? [] : [{ label: t('one.result'), value: t(`result.${result}`) }]),
    ...(nextStep === null ? [] : [{ label: t('one.next_step'), value: t(`next.${nextStep}`) }]),
    ...(movedAt === null ? [] : [{ label: t('one.moved'), value: format.moment(new Date(movedAt)) }]),
  ]
}

async function Moves({ complaint }: { readonly complaint: ComplaintView }) {
  const t = await getTranslations('complaints')
  const may = (state: ComplaintState) => complaint.mayBecome.includes(state)
  if (complaint.mayBecome.length === 0) return <Notice icon="info">{t('one.is_closed')}</Notice>
  const hidden = { complaint: complaint.code, version: String(complaint.version) }
  const place = `/oversight/complaints/${complaint.code}`
  return (
    <>
      {may('looked_at') ? (
        <div className="mb-6">
          <ActionForm
            action={changeComplaintAction}
            initial={await initialForm({}, `${place}#look`)}
            submit={t('one.take_up')}
            tone="secondary"
            hidden={{ ...hidden, state: 'looked_at' }}
            label={t('one.take_up')}
          />
        </div>
      ) : null}
      {may('answered') ? (
        <Section title={t('one.answer_title')}>
          <p className="measure mb-4">{t('one.answer_hint')}</p>
          <ActionForm
            action={changeComplaintAction}
            initial={await initialForm(
              { result: complaint.result ?? '', nextStep: complaint.nextStep ?? '' },
              `${place}#answer`,
            )}
            submit={t('one.answer')}
            hidden={{ ...hidden, state: 'answered' }}
            label={t('one.answer_title')}
          >
            <RadioRows
              name="result"
              label={t('one.result')}
              choices={COMPLAINT_RESULTS.map((value) => ({ value, label: t(`told_result.${value}`) }))}
            />
            <RadioRows
              name="nextStep"
              label={t('one.next_step')}
              choices={NEXT_STEPS.map((value) => ({ value, label: t(`told_next.${value}`) }))}
            />
          </ActionForm>
        </Section>
      ) : null}
      {may('closed') ? (
        <Section title={t('one.close_title')}>
          <p className="measure mb-4">{t('one.close_hint')}</p>
          <ActionForm
            action={changeComplaintAction}
            initial={await initialForm({}, `${place}#close`)}
            submit={t('one.close')}
            tone="secondary"
            hidden={{ ...hidden, state: 'closed' }}
            label={t('one.close_title')}
          />
        </Section>
      ) : null}
    </>
  )
}
