import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import { CategoryTile } from '@/components/assistance/category-tile'
import { SealedText } from '@/components/assistance/sealed-text'
import { periodText, ServiceDetailFacts, ServiceLineFacts } from '@/components/assistance/service-facts'
import { ServiceStatusPill } from '@/components/assistance/status-pills'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { MandateChips } from '@/components/mandate/mandate-chip'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { CopyCode } from '@/components/ui/copy-code'
import { Details } from '@/components/ui/details'
import { Facts, type Fact } from '@/components/ui/facts'
import { AppLink, RecordLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import type { ServiceRecordView } from '@/lib/assistance/services/schema'
import { viewService } from '@/lib/assistance/services/service'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { parseCode } from '@/lib/platform/ids'
import { readNotesAction } from './actions'

export const generateMetadata = titleOrMissing(
  ServicePage,
  async ({ params }: PageProps<'/cases/[code]/services/[service]'>) => {
    const t = await getTranslations('assistance.service.record')
    const code = parseCode((await params).service, 'SVC')
    return code === null ? {} : { title: t('page_title', { code }) }
  },
)

export default orMissing(ServicePage)

/** One service: what it says, under which paragraphs, what it said before; its note only on a press. */
async function ServicePage({ params }: PageProps<'/cases/[code]/services/[service]'>) {
  const { code, service: asked } = await params
  const found = await viewService(await requireActor(), { service: asked })
  if (!found.ok || found.value.case !== parseCode(code, 'CAS')) notFound()
  const service = found.value
  const t = await getTranslations('assistance')
  const name = await typeNames()
  const here = `/cases/${service.case}/services/${service.code}`
  return (
    <>
      <PageHeader
        title={name(service.category, service.type)}
        crumbs={
          service.elsewhere
            ? [{ label: t('service.granted.crumb'), href: '/referrals' }]
            : [
                { label: t('cases'), href: '/cases' },
                { label: <Code code={service.person ?? service.case} />, href: `/cases/${service.case}` },
                { label: t('service.list.title'), href: `/cases/${service.case}/services` },
              ]
        }
        pills={<ServiceStatusPill status={service.status} />}
        facts={
          <>
            <Code code={service.code} />
            <CopyCode code={service.code} />
          </>
        }
        {...(service.mayAmend
          ? {
              primary: (
                <LinkButton href={`${here}/amend`} tone="primary">
                  {t('service.record.amend')}
                </LinkButton>
              ),
            }
          : {})}
        {...(service.mayVoid ? { more: <AppLink href={`${here}/void`}>{t('service.record.void')}</AppLink> } : {})}
      />
      {service.status === 'voided' ? (
        <div className="mb-6">
          <Notice tone="calm" icon="archive">
            {t('service.record.voided_line')}
          </Notice>
        </div>
      ) : null}
      <Section title={t('service.record.what')}>
        <Facts facts={await lineFacts(service)} />
      </Section>
      <Section title={t('service.record.how')}>
        {service.detail === null ? (
          <p className="text-ink-2">{t('service.record.how_hidden')}</p>
        ) : (
          <ServiceDetailFacts detail={service.detail} />
        )}
      </Section>
      {service.mayReadNote ? (
        <Section title={t('service.note.title')}>
          <SealedText action={readNotesAction} subject={service.code} show={t('service.note.show')} />
        </Section>
      ) : null}
      {service.changes.length === 0 ? null : <Changes service={service} />}
    </>
  )
}

async function lineFacts(service: ServiceRecordView): Promise<readonly Fact[]> {
  const t = await getTranslations('assistance.service')
  const format = await getFormat()
  const reasons = await getTranslations('mandate.reasons')
  const { need } = service
  return [
    { label: t('list.category'), value: <CategoryTile category={service.category} /> },
    { label: t('record.when'), value: await periodText(service) },
    {
      label: t('record.under'),
      value: (
        <MandateChips
          paragraphs={service.mandate.map(({ paragraph }) => {
            const why = service.mandateReasons[paragraph]
            const isPlain = why === undefined || why === 'category' || why === 'coordination'
            return { paragraph, ...(isPlain ? {} : { reason: reasons(why) }) }
          })}
        />
      ),
    },
    {
      label: t('record.by'),
      value:
        service.worker === null
          ? service.agencyName
          : t('list.worker_at', { worker: service.worker, agency: service.agencyName }),
    },
    ...(need === null
      ? []
      : [
          {
            label: t('record.need'),
            value: service.elsewhere ? (
              <Code code={need} />
            ) : (
              <RecordLink href={`/cases/${service.case}/needs/${need}`}>
                <Code code={need} />
              </RecordLink>
            ),
          },
        ]),
    ...(service.groupSize === null
      ? []
      : [{ label: t('record.group'), value: t('record.group_of', { count: service.groupSize }) }]),
    { label: t('record.entered'), value: format.moment(new Date(service.enteredAt)) },
  ]
}

async function Changes({ service }: { readonly service: ServiceRecordView }) {
  const t = await getTranslations('assistance.service.record')
  const format = await getFormat()
  return (
    <Section title={t('changes')}>
      <ol className="border-t border-line">
        {service.changes.map((change) => (
          <li key={change.version}>
            <Details
              summary={t('version', { version: change.version })}
              value={t('changed', { who: change.changedBy, when: format.moment(new Date(change.changedAt)) })}
            >
              <p className="measure mb-3">
                <span className="text-ink-2">{t('why')}: </span>
                <span dir="auto" className="whitespace-pre-wrap">
                  {change.reason}
                </span>
              </p>
              <ServiceLineFacts line={change.before} />
            </Details>
          </li>
        ))}
      </ol>
    </Section>
  )
}
