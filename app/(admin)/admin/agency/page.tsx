import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Facts } from '@/components/ui/facts'
import { PageHeader, Section } from '@/components/ui/page-header'
import { viewOwnAgency } from '@/lib/agencies/own-agency-service'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'

export const generateMetadata = titleOrMissing(OwnAgencyPage, async () => {
  const t = await getTranslations('agencies.own')
  return { title: t('page_title') }
})

export default orMissing(OwnAgencyPage)

/** The agency for its own administrator: what others set, and what they set themselves. */
async function OwnAgencyPage() {
  const found = await viewOwnAgency(await requireActor())
  if (!found.ok) notFound()
  const agency = found.value
  const t = await getTranslations('agencies')
  const network = await getTranslations('networks.leave_url')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  return (
    <>
      <PageHeader
        title={t('own.title')}
        facts={<bdi>{agency.name}</bdi>}
        primary={
          <LinkButton href="/admin/agency/change" tone="primary">
            {t('own.change')}
          </LinkButton>
        }
      />
      <Section title={t('own.set_here')}>
        <Facts
          facts={[
            { label: t('own.product.label'), value: <bdi>{agency.productName ?? t('own.product.none')}</bdi> },
            { label: network('label'), value: <bdi>{agency.leaveUrl ?? t('own.leave_none')}</bdi> },
            { label: t('own.idle.label'), value: t('own.idle.minutes', { minutes: String(agency.idleMinutes) }) },
          ]}
        />
      </Section>
      <Section title={t('own.set_by_others')}>
        <Facts
          facts={[
            { label: t('own.name'), value: <bdi>{agency.name}</bdi> },
            { label: t('agency.key.label'), value: <bdi dir="ltr">{agency.key}</bdi> },
            { label: t('agency.kind.label'), value: text(`agencies.kind.${agency.kind}`) },
            { label: t('agency.country.label'), value: format.country(agency.country) },
            { label: t('agency.zone.label'), value: agency.timeZone.replaceAll('_', ' ') },
            { label: t('agency.network.label'), value: <bdi>{agency.network}</bdi> },
          ]}
        />
      </Section>
    </>
  )
}
