import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import { CategoryTile } from '@/components/assistance/category-tile'
import { ServiceTable } from '@/components/assistance/service-table'
import { NeedStatePill } from '@/components/assistance/status-pills'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { RecordLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import type { LedCaseView } from '@/lib/referrals/transfer/schema'
import { codeIn } from '../referral-metadata'
import { ledCaseFor, ownServicesOn } from './led-case'

type Props = PageProps<'/referrals/[referral]/lead'>

export const generateMetadata = titleOrMissing(LedCasePage, async (props: Props) => {
  const t = await getTranslations('referrals.lead')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(LedCasePage)

/** A case of another agency that this one leads: its needs, own services, and the door to what was shared. */
async function LedCasePage(props: Props) {
  const led = await ledCaseFor(props)
  const t = await getTranslations('referrals.lead')
  const words = await getTranslations('referrals')
  const format = await getFormat()
  const { agencyKey } = await requireActor()
  const here = `/referrals/${led.transfer}`
  const add = (
    <LinkButton href={`${here}/lead/needs/new`} icon="plus">
      {t('add_need')}
    </LinkButton>
  )
  return (
    <>
      <PageHeader
        title={<Code code={led.case} />}
        crumbs={[
          { label: words('title'), href: '/referrals' },
          { label: t('list_title'), href: '/referrals/led' },
        ]}
        facts={t('since', { agency: led.holderName, day: format.day(led.since.slice(0, 10)) })}
        primary={
          <LinkButton href={`${here}/services/new`} tone="primary" icon="plus">
            {words('record.log')}
          </LinkButton>
        }
        secondary={
          <LinkButton href={`${here}/package`} icon="lock-keyhole">
            {words('record.open')}
          </LinkButton>
        }
        more={<LinkButton href={here}>{t('to_transfer')}</LinkButton>}
      />
      <p className="measure mb-6 text-ink-2">{t('means', { agency: led.holderName })}</p>
      <Section title={t('needs')} aside={add}>
        <Needs led={led} />
      </Section>
      <Section title={words('record.services')}>
        <p className="measure mb-3 text-ink-2">{words('record.services_help', { agency: led.holderName })}</p>
        <ServiceTable
          services={await ownServicesOn(led.case)}
          agency={agencyKey}
          empty={<EmptyState title={words('record.services_empty')} />}
        />
      </Section>
    </>
  )
}

async function Needs({ led }: { readonly led: LedCaseView }) {
  const t = await getTranslations('referrals.lead')
  const name = await typeNames()
  const format = await getFormat()
  return (
    <DataTable
      caption={t('needs_caption', { count: led.needs.length })}
      rows={led.needs}
      rowKey={({ code }) => code}
      columns={[
        {
          key: 'need',
          head: t('column.need'),
          cell: ({ code, category, type }) => (
            <RecordLink href={`/referrals/${led.transfer}/lead/needs/${code}`}>
              <CategoryTile category={category} label={name(category, type)} />
            </RecordLink>
          ),
        },
        { key: 'urgency', head: t('column.urgency'), cell: ({ urgency }) => <UrgencyFlag urgency={urgency} /> },
        { key: 'due', head: t('column.due'), cell: ({ contactDueAt }) => format.moment(new Date(contactDueAt)) },
        { key: 'finder', head: t('column.finder'), cell: ({ finder }) => <bdi>{finder}</bdi> },
        {
          key: 'state',
          head: t('column.state'),
          showHeadOnCard: false,
          cell: ({ state }) => <NeedStatePill state={state} />,
        },
      ]}
      empty={<EmptyState title={t('no_needs')}>{t('no_needs_help')}</EmptyState>}
    />
  )
}
