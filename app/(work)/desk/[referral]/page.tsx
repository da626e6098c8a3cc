import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { DeskActs } from '@/components/referrals/desk-acts'
import { Between, TypeTile, Unplaced } from '@/components/referrals/desk-card'
import { PauseNote, ReferralClock } from '@/components/referrals/referral-clock'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { FitReasons } from '@/components/directory/fit-reasons'
import { RoomState } from '@/components/directory/room-state'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { requireActorWho } from '@/lib/auth/require-actor'
import type { ListedServiceView } from '@/lib/directory/schema'
import { initialForm } from '@/lib/forms/initial-form'
import { ASKED_OF_RECEIVER, ASKED_OF_SENDER } from '@/lib/referrals/desk/acts-schema'
import type { WaitingView } from '@/lib/referrals/desk/schema'
import { viewWaiting } from '@/lib/referrals/desk/service'
import { askAction, escalateAction, remindAction, rerouteAction } from '../actions'

type Props = PageProps<'/desk/[referral]'>

export const generateMetadata = titleOrMissing(WaitingPage, async ({ params }: Props) => {
  const t = await getTranslations('desk')
  return { title: t('one.page_title', { code: (await params).referral }) }
})

export default orMissing(WaitingPage)

/** One referral that waits: how long, between whom, and what may move it on. The coordinator never answers for an agency. */
async function WaitingPage({ params }: Props) {
  const actor = await requireActorWho('desk:work')
  const found = await viewWaiting(actor, { referral: (await params).referral })
  if (!found.ok) notFound()
  const { card, acts, from, to } = found.value
  const t = await getTranslations('desk')
  const here = `/desk/${card.code}`
  const hidden = { referral: card.code }
  const isWaiting = card.lane !== 'unplaced'
  const asked = isWaiting ? [...ASKED_OF_RECEIVER, ...ASKED_OF_SENDER] : ASKED_OF_SENDER
  return (
    <>
      <PageHeader
        title={<Code code={card.code} />}
        crumbs={[{ label: t('title'), href: '/desk' }]}
        pills={<UrgencyFlag urgency={card.urgency} />}
        facts={<Between card={card} />}
      />
      <div className="grid gap-6">
        {card.awaitsBasis ? <Notice>{t('one.awaits_basis', { agency: card.fromAgencyName })}</Notice> : null}
        <div className="measure grid gap-3">
          <ReferralClock clock={card.clock} />
          <PauseNote of={card} />
          <Unplaced card={card} />
          <TypeTile card={card} />
          <p>{t('one.service', { name: card.serviceName })}</p>
          <Routed label={t('one.from')} code={from} />
          <Routed label={t('one.to')} code={to} />
        </div>
        <div className="grid gap-6 lg:grid-cols-2">
          <section aria-labelledby="act" className="grid content-start gap-6">
            <h2 id="act" className="text-lead font-semibold">
              {t('one.move_on')}
            </h2>
            {isWaiting ? (
              <div>
                <ActionForm
                  action={remindAction}
                  initial={await initialForm({}, here)}
                  submit={t('one.remind')}
                  hidden={hidden}
                />
              </div>
            ) : null}
            <div>
              <ActionForm
                action={askAction}
                initial={await initialForm({}, here)}
                submit={t('one.ask')}
                tone="secondary"
                hidden={hidden}
              >
                <Select
                  name="words"
                  label={t('one.words')}
                  hint={t('one.words_help')}
                  options={asked.map((value) => ({ value, label: t(`words.${value}`) }))}
                />
              </ActionForm>
            </div>
            {isWaiting ? (
              <div>
                <ActionForm
                  action={escalateAction}
                  initial={await initialForm({}, here)}
                  submit={t('one.escalate')}
                  tone="secondary"
                  hidden={hidden}
                />
              </div>
            ) : null}
          </section>
          <section aria-labelledby="done" className="grid content-start gap-3">
            <h2 id="done" className="text-lead font-semibold">
              {t('one.done')}
            </h2>
            <DeskActs acts={acts} />
          </section>
        </div>
        <Reroute waiting={found.value} />
      </div>
    </>
  )
}

/** The referral that rerouting made, or that it began with. */
function Routed({ label, code }: { readonly label: string; readonly code: string | null }) {
  if (code === null) return null
  return (
    <p>
      {label}{' '}
      <AppLink href={`/referrals/${code}`} className="text-action-ink underline">
        <Code code={code} />
      </AppLink>
    </p>
  )
}

/** Who else could take it, the best first with the reasons, and the press that asks them. */
async function Reroute({ waiting: { card, services, to } }: { readonly waiting: WaitingView }) {
  const t = await getTranslations('desk.reroute')
  if (services.length === 0 && to !== null) return null
  const from = card.fromAgencyName
  return (
    <section aria-labelledby="reroute" className="grid gap-3">
      <h2 id="reroute" className="text-lead font-semibold">
        {t('title')}
      </h2>
      <p className="measure text-ink-2">{t('help', { from })}</p>
      {services.length === 0 ? (
        <EmptyState title={t('empty')}>{t('empty_help', { from })}</EmptyState>
      ) : (
        <ActionForm
          action={rerouteAction}
          initial={await initialForm({}, `/desk/${card.code}#reroute`)}
          submit={t('submit')}
          hidden={{ referral: card.code }}
        >
          <RadioRows name="directoryService" label={t('choose')} choices={services.map(choiceOf)} />
        </ActionForm>
      )}
    </section>
  )
}

function choiceOf(service: ListedServiceView) {
  return {
    value: service.code,
    label: (
      <>
        <bdi>{service.name}</bdi>, <bdi>{service.agencyName}</bdi>
      </>
    ),
    hint: (
      <span className="grid gap-1">
        <RoomState service={service} />
        <FitReasons service={service} />
      </span>
    ),
  }
}
