import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { typeNames } from '@/components/assistance/category-choices'
import { CategoryTile } from '@/components/assistance/category-tile'
import { ServiceTable } from '@/components/assistance/service-table'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { DeskActs } from '@/components/referrals/desk-acts'
import { Disclosed } from '@/components/referrals/disclosed'
import { decisionWords } from '@/components/referrals/decision-words'
import { PauseNote, ReferralClock } from '@/components/referrals/referral-clock'
import { ReferralStatePill } from '@/components/referrals/referral-state'
import { ReferralWords } from '@/components/referrals/referral-words'
import { LinkButton } from '@/components/ui/button'
import { ChangeWatch } from '@/components/ui/change-watch'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { countedDate } from '@/components/ui/counted-date'
import { CopyCode } from '@/components/ui/copy-code'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts, type Fact } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { RecordLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { StateSteps, type Step } from '@/components/ui/state-steps'
import { TextArea } from '@/components/ui/text-area'
import type { Actor } from '@/lib/access/actor'
import { listServices } from '@/lib/assistance/services/service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { FEEDBACK, type Move, type ReferralState, type ReferralView } from '@/lib/referrals/schema'
import { viewReferral } from '@/lib/referrals/service'
import {
  acknowledgeAction,
  answerAction,
  closeAction,
  confirmAction,
  sendReferralAction,
  startAction,
} from '../actions'
import { LeadNotice } from './lead-notice'
import { codeIn } from './referral-metadata'
import { OwnFileSection } from './own-file-section'
import { Rerouted } from './rerouted'

type Props = PageProps<'/referrals/[referral]'>

export const generateMetadata = titleOrMissing(ReferralPage, async (props: Props) => {
  const t = await getTranslations('referrals.record')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(ReferralPage)

/** One referral as its reader's side sees it: how it stands and by when, what is known of the person, what comes next. */
async function ReferralPage({ params }: Props) {
  const actor = await requireActor()
  const found = await viewReferral(actor, { referral: (await params).referral })
  if (!found.ok) notFound()
  const referral = found.value
  const { code, kind, state, side } = referral
  const isFormal = kind === 'identification'
  const isTransfer = kind === 'transfer'
  const t = await getTranslations('referrals')
  const name = await typeNames()
  return (
    <>
      <PageHeader
        title={isFormal || isTransfer ? t(`${kind}.kind`) : name(referral.category, referral.type)}
        crumbs={[{ label: t('title'), href: '/referrals' }]}
        pills={
          <>
            <ReferralStatePill kind={kind} state={state} side={side} overdue={referral.overdue} />
            {isFormal ? null : <UrgencyFlag urgency={referral.urgency} />}
          </>
        }
        facts={
          <>
            <Code code={code} /> <CopyCode code={code} />{' '}
            <ChangeWatch
              key={referral.mark}
              ask={`/api/referrals/${code}`}
              mark={referral.mark}
              href={`/referrals/${code}`}
              texts={{ changed: t('record.changed'), show: t('record.show') }}
            />
          </>
        }
        {...await actsOf(referral)}
      />
      {state === 'withdrawn' ? (
        <Notice tone={referral.endedWhy === 'basis' ? 'stop' : 'info'}>
          {t(`record.why_${referral.endedWhy ?? 'sender'}`)}
        </Notice>
      ) : null}
      {referral.clock === null ? null : (
        <div className="mb-8">
          <ReferralClock clock={referral.clock} />
          <PauseNote of={referral} />
        </div>
      )}
      <Rerouted actor={actor} referral={referral} />
      {isFormal && referral.leftToAnother ? <Notice tone="info">{t('refused.same_member')}</Notice> : null}
      {isTransfer ? <LeadNotice referral={referral} /> : null}
      <OneMove referral={referral} />
      <Section title={t('record.state')}>
        <div className="my-4">
          <StateSteps steps={await stepsOf(referral)} />
        </div>
        <Facts facts={await factsOf(referral)} />
      </Section>
      <Person referral={referral} />
      {referral.texts.length === 0 ? null : (
        <Section title={t('record.words')}>
          <ReferralWords texts={referral.texts} />
        </Section>
      )}
      <Answer referral={referral} />
      {referral.deskActs.length === 0 ? null : (
        <Section title={t('record.desk')}>
          <DeskActs acts={referral.deskActs} />
        </Section>
      )}
      <AskAgain referral={referral} />
      {side === 'desk' ? null : <OwnFileSection actor={actor} referral={code} />}
      {side === 'receiver' && referral.case !== null ? <OwnServices actor={actor} referral={referral} /> : null}
    </>
  )
}

async function actsOf(referral: ReferralView) {
  const t = await getTranslations('referrals.act')
  const here = `/referrals/${referral.code}`
  const may = (move: Move) => referral.may.includes(move)
  const link = (move: Move, path: string, label: string, tone?: 'primary') =>
    may(move) ? (
      <LinkButton href={`${here}/${path}`} {...(tone === undefined ? {} : { tone })}>
        {label}
      </LinkButton>
    ) : undefined
  const primary =
    link('accept', 'accept', t('accept'), 'primary') ??
    link('decide', 'decide', t('decide'), 'primary') ??
    link('complete', 'complete', t(referral.kind === 'transfer' ? 'give_back' : 'complete'))
  const secondary =
    link('decline', 'decline', t('decline')) ??
    link('withdraw', 'withdraw', t(isLed(referral) ? 'take_back' : 'withdraw'))
  const more = link('request-info', 'ask', t('ask'))
  return {
    ...(primary === undefined ? {} : { primary }),
    ...(secondary === undefined ? {} : { secondary }),
    ...(more === undefined ? {} : { more }),
  }
}

const STEPS: readonly ReferralState[] = ['sent', 'acknowledged', 'accepted', 'in_service', 'completed']
const FORMAL_STEPS: readonly ReferralState[] = ['sent', 'acknowledged', 'completed']

/** Whether the other agency leads the case by this transfer now. */
function isLed({ kind, state }: ReferralView): boolean {
  return kind === 'transfer' && state === 'in_service'
}

async function stepsOf(referral: ReferralView): Promise<readonly Step[]> {
  const t = await getTranslations('referrals.steps')
  const format = await getFormat()
  const isFormal = referral.kind === 'identification'
  const times = isFormal
    ? [referral.sentAt, referral.acknowledgedAt, referral.completedAt]
    : [
        referral.sentAt,
        referral.acknowledgedAt,
        referral.state === 'declined' || referral.state === 'expired' ? null : referral.answeredAt,
        referral.serviceSince,
        referral.completedAt,
      ]
  const last = times.findLastIndex((at) => at !== null)
  return (isFormal ? FORMAL_STEPS : STEPS).map((step, index) => {
    const at = times[index] ?? null
    return {
      key: step,
      label:
        isFormal && step === 'completed'
          ? t('decided')
          : referral.kind === 'transfer' && (step === 'in_service' || step === 'completed')
            ? t(`lead_${step}`)
            : t(step as 'sent'),
      at: index < last || (at !== null && index !== last) ? 'passed' : index === last ? 'now' : 'next',
      ...(at === null ? {} : { detail: format.moment(new Date(at)) }),
    }
  })
}

/** Moves of one press, each a form of its own. */
async function OneMove({ referral }: { readonly referral: ReferralView }) {
  const t = await getTranslations('referrals.act')
  const { code, may } = referral
  const moves = [
    { move: 'send', action: sendReferralAction, label: t('send') },
    { move: 'acknowledge', action: acknowledgeAction, label: t('acknowledge') },
    { move: 'start', action: startAction, label: t('start') },
    { move: 'confirm', action: confirmAction, label: t('confirm') },
  ] as const
  // What a coordinator rerouted is shared with what goes along in view, not by a bare press.
  const isDraft = referral.state === 'draft'
  const own = moves.filter(({ move }) => may.includes(move) && (move !== 'send' || isDraft))
  if (own.length === 0) return null
  return (
    <div className="my-6 grid gap-4">
      {own.map(async ({ move, action, label }) => (
        <ActionForm
          key={move}
          action={action}
          initial={await initialForm({}, `/referrals/${code}`)}
          submit={label}
          label={label}
          tone={move === 'acknowledge' ? 'secondary' : 'primary'}
          hidden={{ referral: code }}
        />
      ))}
    </div>
  )
}

async function factsOf(referral: ReferralView): Promise<readonly Fact[]> {
  const t = await getTranslations('referrals')
  const name = await typeNames()
  const format = await getFormat()
  const when = (at: string | null) => (at === null ? null : format.moment(new Date(at)))
  const decided = await decisionWords()
  const needs = referral.needs.map(({ number, category, type, accepted }) => (
    <li key={number} className="flex flex-wrap items-center gap-2">
      <CategoryTile category={category} label={name(category, type)} />
      {accepted === null ? null : (
        <span className="text-note text-ink-2">{t(accepted ? 'record.taken' : 'record.not_taken')}</span>
      )}
    </li>
  ))
  const facts: readonly (Fact & { readonly value: ReactNode })[] = [
    { label: t('record.from'), value: <bdi>{referral.fromAgencyName}</bdi> },
    { label: t('record.to'), value: <bdi>{referral.toAgencyName}</bdi> },
    { label: t('record.service'), value: <bdi>{referral.serviceName}</bdi> },
    { label: t('record.case'), value: caseOf(referral) },
    { label: t('record.needs'), value: needs.length === 0 ? null : <ul className="grid gap-1">{needs}</ul> },
    { label: t('record.sent_at'), value: when(referral.sentAt) },
    { label: t('record.decide_by'), value: await decideBy(referral) },
    { label: t('record.answered_at'), value: when(referral.answeredAt) },
    { label: t('record.starts_on'), value: referral.startsOn === null ? null : format.day(referral.startsOn) },
    {
      label: t('record.decline'),
      value: referral.declineReason === null ? null : t(`reason.${referral.declineReason}`),
    },
    { label: t('identification.route'), value: referral.anonymous ? t('identification.route_anonymous') : null },
    { label: t('identification.again_of'), value: linkTo(referral.reconsiders) },
    { label: t('identification.asked_again'), value: linkTo(referral.reconsideredBy) },
    { label: t('record.decision'), value: referral.decision === null ? null : decided(referral.decision) },
    { label: t('record.outcome'), value: referral.outcome === null ? null : t(`outcome.${referral.outcome}`) },
    { label: t('record.feedback'), value: referral.feedback === null ? null : t(`feedback.${referral.feedback}`) },
    { label: t('record.ended'), value: when(referral.endedAt) },
  ]
  return facts.filter(({ value }) => value !== null)
}

/** By when it has to be decided, and for what counts in working days by which version of the calendar. */
async function decideBy({ decideBy: at, answeredAt, endedAt, urgency, calendarVersion }: ReferralView) {
  if (at === null || answeredAt !== null || endedAt !== null) return null
  return countedDate(new Date(at), urgency === 'routine' ? calendarVersion : null)
}

function linkTo(code: string | null): ReactNode {
  return code === null ? null : (
    <RecordLink href={`/referrals/${code}`} className="text-action-ink underline">
      <Code code={code} />
    </RecordLink>
  )
}

function caseOf({ case: code, side }: ReferralView): ReactNode {
  if (code === null) return null
  if (side !== 'sender') return <Code code={code} />
  return (
    <RecordLink href={`/cases/${code}`} className="text-action-ink underline">
      <Code code={code} />
    </RecordLink>
  )
}

/** What this side may know of the person now, and the door to the rest. */
async function Person({ referral }: { readonly referral: ReferralView }) {
  const t = await getTranslations('referrals.record')
  const format = await getFormat()
  const { preview, side, toAgencyName } = referral
  const isFormal = referral.kind === 'identification'
  const shared = referral.package
  const opens = shared !== null || (side === 'sender' && referral.fields.length > 0 && referral.sentAt !== null)
  if (preview === null && !opens) return null
  return (
    <Section title={t(shared === null ? 'preview' : 'package')}>
      {shared === null ? (
        <p className="measure mb-3 text-ink-2">
          {side === 'receiver'
            ? t(isFormal ? 'preview_authority' : 'preview_receiver')
            : t(isOver(referral) ? 'preview_seen' : 'preview_sender', { agency: toAgencyName })}
        </p>
      ) : (
        <p className="measure mb-3 text-ink-2">
          {isFormal
            ? t('package_authority')
            : shared.until === null
              ? t('package_open_end')
              : t('package_until', { when: format.moment(new Date(shared.until)) })}
        </p>
      )}
      {preview === null ? null : <Disclosed fields={preview} />}
      {opens ? (
        <p className="mt-4 flex flex-wrap items-center gap-3">
          <LinkButton href={`/referrals/${referral.code}/package`} icon="lock-keyhole">
            {t(side === 'sender' ? 'open_sender' : 'open')}
          </LinkButton>
          <span className="text-note text-ink-2">{t('package_help')}</span>
        </p>
      ) : null}
    </Section>
  )
}

/** Whether the other agency sees nothing of the person any more. */
function isOver({ completedAt, endedAt }: ReferralView): boolean {
  return completedAt !== null || endedAt !== null
}

async function Answer({ referral }: { readonly referral: ReferralView }) {
  const t = await getTranslations('referrals')
  const here = `/referrals/${referral.code}`
  if (referral.may.includes('answer-info')) {
    return (
      <Section title={t('answer.title')} id="answer">
        <ActionForm
          action={answerAction}
          initial={await initialForm({}, here)}
          submit={t('answer.submit')}
          label={t('answer.title')}
          hidden={{ referral: referral.code }}
        >
          <TextArea name="answer" label={t('answer.label')} hint={t('answer.hint')} maxLength={1000} />
        </ActionForm>
      </Section>
    )
  }
  if (!referral.may.includes('close')) return null
  // Nobody says of a decision how much it helped: it is read, and closes by itself.
  if (referral.kind === 'identification') return null
  return (
    <Section title={t('close.title')} id="close">
      <p className="measure mb-3 text-ink-2">{t('close.intro')}</p>
      <ActionForm
        action={closeAction}
        initial={await initialForm({}, here)}
        submit={t('act.close')}
        label={t('close.title')}
        hidden={{ referral: referral.code }}
      >
        <RadioRows
          name="feedback"
          label={t('close.label')}
          columns={3}
          choices={FEEDBACK.map((value) => ({ value, label: t(`feedback.${value}`) }))}
        />
      </ActionForm>
    </Section>
  )
}

/** The way to ask the authority to look again at what it decided. */
async function AskAgain({ referral }: { readonly referral: ReferralView }) {
  const { code, case: on, side, decision, reconsiders, reconsideredBy } = referral
  if (side !== 'sender' || decision === null || reconsiders !== null || reconsideredBy !== null) return null
  const t = await getTranslations('referrals.identification')
  return (
    <Section title={t('title_again')}>
      <p className="measure mb-3 text-ink-2">{t('again_means')}</p>
      <LinkButton href={`/cases/${on ?? ''}/referrals/identification?of=${code}`}>{t('ask_again')}</LinkButton>
    </Section>
  )
}

/** What the reader's own agency logged on the other one's case. */
async function OwnServices({ actor, referral }: { readonly actor: Actor; readonly referral: ReferralView }) {
  const t = await getTranslations('referrals.record')
  const found = await listServices(actor, { case: referral.case ?? '', limit: 50 })
  if (!found.ok) return null
  const { items } = found.value
  const log =
    referral.package === null ? null : (
      <LinkButton href={`/referrals/${referral.code}/services/new`} icon="plus">
        {t('log')}
      </LinkButton>
    )
  return (
    <Section title={t('services')} aside={log}>
      <p className="measure mb-3 text-ink-2">{t('services_help', { agency: referral.fromAgencyName })}</p>
      <ServiceTable services={items} agency={actor.agencyKey} empty={<EmptyState title={t('services_empty')} />} />
    </Section>
  )
}
