import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { RecordLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import type { AgencyAdministratorsView } from '@/lib/agencies/administration-schema'
import { viewAdministeredAgency } from '@/lib/agencies/administration-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { MemberStatusPill } from '../../members/member-status'
import { inviteAdministratorAction, setSecondFactorAction } from '../actions'

type Props = PageProps<'/admin/agencies/[agencyKey]'>

export const generateMetadata = titleOrMissing(AgencyPage, async () => {
  const t = await getTranslations('agencies.agencies')
  return { title: t('page_title') }
})

export default orMissing(AgencyPage)

/** An agency as the system administrator has to do with it: what it is, and who administers it. Never its cases. */
async function AgencyPage({ params }: Props) {
  const { agencyKey } = await params
  const found = await viewAdministeredAgency(await requireActor(), agencyKey)
  if (!found.ok) notFound()
  const agency = found.value
  const t = await getTranslations('agencies')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  return (
    <>
      <PageHeader title={<bdi>{agency.name}</bdi>} crumbs={[{ label: t('agencies.title'), href: '/admin/agencies' }]} />
      <div className="mb-8">
        <Facts
          facts={[
            { label: t('agency.key.label'), value: <bdi dir="ltr">{agency.key}</bdi> },
            { label: t('agency.kind.label'), value: text(`agencies.kind.${agency.kind}`) },
            { label: t('agency.country.label'), value: format.country(agency.country) },
            { label: t('agency.zone.label'), value: agency.timeZone },
            { label: t('agency.network.label'), value: agency.network },
            { label: t('agency.since'), value: format.moment(agency.since) },
            ...(agency.contact === null
              ? []
              : [
                  {
                    label: t('agency.contact.label'),
                    value: <bdi className="whitespace-pre-line">{agency.contact}</bdi>,
                  },
                ]),
          ]}
        />
      </div>
      {agency.contact === null ? (
        <Joined agency={agency} />
      ) : (
        <p className="measure">{t('agency.contact.no_members')}</p>
      )}
    </>
  )
}

/** Who administers an agency whose people work here, and how they sign in. */
async function Joined({ agency }: { readonly agency: AgencyAdministratorsView }) {
  const t = await getTranslations('agencies')
  return (
    <>
      <p className="mb-8">
        <RecordLink href={`/admin/agencies/${agency.key}/sign-in`} className="text-action-ink underline">
          {t('provider.title')}
        </RecordLink>
      </p>
      <Section title={t('agency.administrators')}>
        <DataTable
          caption={t('agency.administrators')}
          isCaptionHidden
          rows={agency.administrators}
          rowKey={({ code }) => code}
          columns={[
            { key: 'name', head: t('member.name.label'), cell: ({ name }) => <bdi>{name}</bdi> },
            { key: 'email', head: t('member.email.label'), cell: ({ email }) => <bdi dir="ltr">{email}</bdi> },
            {
              key: 'status',
              head: t('member.status'),
              showHeadOnCard: false,
              cell: ({ status }) => <MemberStatusPill status={status} />,
            },
          ]}
          empty={<EmptyState title={t('agency.unadministered')} />}
        />
      </Section>
      {agency.hasAdministrator ? (
        <p className="measure text-ink-2">{t('agency.has_administrator')}</p>
      ) : (
        <Section title={t('agency.invite')}>
          <ActionForm
            action={inviteAdministratorAction}
            initial={await initialForm({}, `/admin/agencies/${agency.key}#invite`)}
            submit={t('invite.submit')}
            hidden={{ agency: agency.key }}
          >
            <TextInput name="email" label={t('member.email.label')} type="email" maxLength={254} />
            <TextInput name="name" label={t('member.name.label')} maxLength={120} />
          </ActionForm>
        </Section>
      )}
      <Section title={t('factor.title')}>
        <p className="measure mb-4">{t(agency.asksForFactor ? 'factor.required' : 'factor.not_required')}</p>
        <ActionForm
          action={setSecondFactorAction}
          initial={await initialForm()}
          submit={t(agency.asksForFactor ? 'factor.waive' : 'factor.require')}
          tone={agency.asksForFactor ? 'stop' : 'primary'}
          hidden={{ agency: agency.key, required: agency.asksForFactor ? 'no' : 'yes' }}
          label={t('factor.title')}
        />
      </Section>
    </>
  )
}
