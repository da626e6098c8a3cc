import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { typeNames } from '@/components/assistance/category-choices'
import { CategoryTile } from '@/components/assistance/category-tile'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { FieldBoxes, FieldsAtOnce, FieldsThatStay, UrgencyRows } from '@/components/referrals/offered-fields'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { parseCode } from '@/lib/platform/ids'
import type { TransferView } from '@/lib/referrals/transfer/schema'
import { prepareTransfer } from '@/lib/referrals/transfer/service'
import { transferLeadAction } from './actions'

type Props = PageProps<'/cases/[code]/transfer'>

const asked = z.object({ to: z.string().max(64).optional() })

export const generateMetadata = titleOrMissing(TransferPage, async ({ params }: Props) => {
  const t = await getTranslations('referrals.transfer')
  const code = parseCode((await params).code, 'CAS')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(TransferPage)

/** Who leads the case, whom the lead could go to, and what that agency would see, field by field; then why, and send. */
async function TransferPage({ params, searchParams }: Props) {
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const query = asked.safeParse(await searchParams)
  const to = query.success ? query.data.to : undefined
  const here = `/cases/${code}/transfer`
  const found = await prepareTransfer(await requireActor(), {
    case: code,
    ...(to === undefined ? {} : { directoryService: to }),
  })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok) redirect(found.reason === 'no_service' ? here : `/cases/${code}`)
  const view = found.value
  const t = await getTranslations('referrals.transfer')
  const cases = await getTranslations('cases')
  return (
    <>
      <PageHeader
        title={t('title')}
        crumbs={[
          { label: cases('title'), href: '/cases' },
          { label: <Code code={view.person} />, href: `/cases/${code}` },
          ...(view.offer === null ? [] : [{ label: t('choose'), href: here }]),
        ]}
        {...(view.offer === null ? {} : { facts: <bdi>{view.offer.service.agencyName}</bdi> })}
      />
      <Standing view={view} />
      {view.offer === null ? <Choose view={view} /> : <Offer view={view} offer={view.offer} />}
    </>
  )
}

async function Standing({ view }: { readonly view: TransferView }) {
  const t = await getTranslations('referrals.transfer')
  const format = await getFormat()
  return (
    <>
      <p className="measure mb-6">{t('intro')}</p>
      {view.lead === null ? null : (
        <div className="mb-6">
          <Notice tone="info" act={<LinkButton href={`/referrals/${view.lead.transfer}`}>{t('show_lead')}</LinkButton>}>
            {t('led_by', { agency: view.lead.agencyName, day: format.day(view.lead.since.slice(0, 10)) })}
          </Notice>
        </div>
      )}
      {view.waiting === null ? null : (
        <div className="mb-6">
          <Notice tone="warn" act={<LinkButton href={`/referrals/${view.waiting}`}>{t('show_waiting')}</LinkButton>}>
            {t('why.under_way')}
          </Notice>
        </div>
      )}
    </>
  )
}

async function Choose({ view }: { readonly view: TransferView }) {
  const t = await getTranslations('referrals.transfer')
  const words = await getTranslations('referrals.new')
  const name = await typeNames()
  const here = `/cases/${view.case}/transfer`
  return (
    <Section title={t('choose')}>
      <DataTable
        caption={t('caption', { count: view.services.length })}
        rows={view.services}
        rowKey={({ code }) => code}
        columns={[
          { key: 'agency', head: words('agency'), cell: ({ agencyName }) => <bdi>{agencyName}</bdi> },
          {
            key: 'service',
            head: t('receivers_of'),
            cell: (service) => (
              <>
                <bdi className="font-semibold">{service.name}</bdi>
                <span className="block">
                  <CategoryTile category={service.category} label={name(service.category, service.type)} />
                </span>
              </>
            ),
          },
          {
            key: 'act',
            head: <span className="unseen">{words('choose')}</span>,
            showHeadOnCard: false,
            cell: ({ code, name: called }) => (
              <LinkButton href={`${here}?to=${code}`} size="sm" aria-label={`${words('choose')}: ${called}`}>
                {words('choose')}
              </LinkButton>
            ),
          },
        ]}
        empty={<EmptyState title={t('nobody')}>{t('nobody_help')}</EmptyState>}
      />
    </Section>
  )
}

async function Offer({
  view,
  offer,
}: {
  readonly view: TransferView
  readonly offer: NonNullable<TransferView['offer']>
}) {
  const t = await getTranslations('referrals.transfer')
  const words = await getTranslations('referrals.new')
  const back = `/cases/${view.case}/transfer`
  const about = { to: offer.service.agency, purpose: 'transfer', back: `${back}?to=${offer.service.code}` }
  const ask = `/cases/${view.case}/consents/new?${new URLSearchParams(about).toString()}`
  const now = offer.fields.filter(({ wanted, part }) => wanted && part === 'preview')
  const choices = offer.fields.filter(({ allowed, part }) => allowed && part === 'package')
  const stays = offer.fields.filter(({ allowed }) => !allowed)
  return (
    <>
      {offer.why === null || offer.why === 'under_way' ? null : (
        <div className="mb-8">
          <Notice
            tone="stop"
            act={
              <span className="flex flex-wrap gap-2">
                {offer.why === 'no_basis' ? <LinkButton href={ask}>{words('ask')}</LinkButton> : null}
                <LinkButton href={back}>{words('back')}</LinkButton>
              </span>
            }
          >
            {t(`why.${offer.why}`)}
          </Notice>
        </div>
      )}
      <FieldsAtOnce fields={now} />
      {offer.why === null ? (
        <ActionForm
          action={transferLeadAction}
          initial={await initialForm(
            { fields: choices.filter(({ wanted }) => wanted).map(({ field }) => field), urgency: offer.urgency },
            `${back}?to=${offer.service.code}`,
          )}
          submit={t('submit')}
          cancel={{ href: back, label: words('back') }}
          hidden={{
            case: view.case,
            directoryService: offer.service.code,
            ...Object.fromEntries(now.map(({ field }, index) => [`shown.${String(index)}`, field])),
          }}
          footer={<p className="measure text-note text-ink-2">{t('both_confirm')}</p>}
        >
          <FieldBoxes fields={choices} label={t('choose_fields')} hint={t('choose_hint')} />
          <UrgencyRows label={t('urgency')} />
          <TextArea name="reason" label={t('reason')} hint={t('reason_hint')} optional maxLength={2000} />
        </ActionForm>
      ) : null}
      <FieldsThatStay fields={stays} />
    </>
  )
}
