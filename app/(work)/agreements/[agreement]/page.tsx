import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { AgreementPill } from '@/components/agreements/agreement-state'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import type { AgreementView } from '@/lib/agencies/agreements/schema'
import { viewAgreement } from '@/lib/agencies/agreements/service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { signAgreementAction } from '../actions'

type Props = PageProps<'/agreements/[agreement]'>

export const generateMetadata = titleOrMissing(AgreementPage, async ({ params }: Props) => {
  const t = await getTranslations('agreements')
  return { title: t('view_title', { code: (await params).agreement }) }
})

export default orMissing(AgreementPage)

/** One agreement: between whom, what it lets pass, until when, who signed; and the signature that it waits for. */
async function AgreementPage({ params }: Props) {
  const found = await viewAgreement(await requireActor(), { agreement: (await params).agreement })
  if (!found.ok) notFound()
  const agreement = found.value
  const t = await getTranslations('agreements')
  return (
    <>
      <PageHeader
        title={<bdi>{agreement.document}</bdi>}
        crumbs={[{ label: t('title'), href: '/agreements' }]}
        pills={<AgreementPill state={agreement.state} own={agreement.own} />}
        facts={<Code code={agreement.code} />}
        secondary={
          agreement.may.end ? (
            <LinkButton href={`/agreements/${agreement.code}/end`}>
              {t(agreement.state === 'proposed' ? (agreement.own === 'signed' ? 'withdraw' : 'decline') : 'leave')}
            </LinkButton>
          ) : undefined
        }
      />
      {agreement.may.sign ? <Sign agreement={agreement} /> : null}
      <Terms agreement={agreement} />
      <Parties agreement={agreement} />
    </>
  )
}

async function Sign({ agreement }: { readonly agreement: AgreementView }) {
  const t = await getTranslations('agreements')
  return (
    <div className="mb-8">
      <Notice tone="warn">{t('sign_explain')}</Notice>
      <div className="mt-4">
        <ActionForm
          action={signAgreementAction}
          initial={await initialForm({}, `/agreements/${agreement.code}`)}
          submit={t('sign')}
          hidden={{ agreement: agreement.code, version: String(agreement.version) }}
          label={t('sign')}
        />
      </div>
    </div>
  )
}

async function Terms({ agreement }: { readonly agreement: AgreementView }) {
  const t = await getTranslations('agreements')
  const categories = await getTranslations('mandate.categories')
  const purposes = await getTranslations('networks.purpose')
  const format = await getFormat()
  return (
    <div className="mb-8">
      <Facts
        facts={[
          { label: t('purposes'), value: format.list(agreement.purposes.map((key) => purposes(key))) },
          { label: t('categories'), value: format.list(agreement.categories.map((key) => categories(key))) },
          { label: t('identity_label'), value: t(`identity.${agreement.identity}`) },
          { label: t('starts_on'), value: format.day(agreement.startsOn, 'long') },
          { label: t('ends_on'), value: format.day(agreement.endsOn, 'long') },
          {
            label: t('confirmed_at'),
            value: agreement.confirmedAt === null ? t('not_yet') : format.moment(new Date(agreement.confirmedAt)),
          },
          ...(agreement.endedAt === null
            ? []
            : [{ label: t('ended_at'), value: format.moment(new Date(agreement.endedAt)) }]),
        ]}
      />
    </div>
  )
}

async function Parties({ agreement }: { readonly agreement: AgreementView }) {
  const t = await getTranslations('agreements')
  const format = await getFormat()
  const moment = (at: string | null) => (at === null ? t('not_yet') : format.moment(new Date(at)))
  return (
    <Section title={t('parties')}>
      <DataTable
        caption={t('parties_caption', { count: agreement.parties.length })}
        rows={agreement.parties}
        rowKey={({ agency }) => agency}
        columns={[
          {
            key: 'agency',
            head: t('agency'),
            cell: ({ agency, name }) => (
              <>
                <bdi className="font-semibold">{name}</bdi>
                {agency === agreement.holder ? (
                  <span className="block text-note text-ink-2">{t('keeps_document')}</span>
                ) : null}
              </>
            ),
          },
          { key: 'signed', head: t('signed_at'), cell: ({ signedAt }) => moment(signedAt) },
          {
            key: 'until',
            head: t('left_at'),
            cell: ({ leftAt }) => (leftAt === null ? null : moment(leftAt)),
          },
        ]}
        empty={null}
      />
    </Section>
  )
}
