import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { eventWords } from '@/components/audit/event-words'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { basisWords, recordWords, roleWords } from '@/components/oversight/oversight-words'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import type { EventProof } from '@/lib/audit/proof/schema'
import { proveEvent } from '@/lib/audit/proof/service'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import type { OversightEvent } from '@/lib/oversight/log/schema'
import { viewOversightEvent } from '@/lib/oversight/log/service'

type Props = PageProps<'/oversight/log/[event]'>

export const generateMetadata = titleOrMissing(OversightEventPage, async ({ params }: Props) => {
  const t = await getTranslations('oversight.log')
  return { title: t('event_title', { code: (await params).event }) }
})

export default orMissing(OversightEventPage)

/** One event with all that may be told of it, and the proof that it is in the sealed log. */
async function OversightEventPage({ params }: Props) {
  const actor = await requireActorWho('log:read-network')
  const { event: code } = await params
  const found = await viewOversightEvent(actor, { event: code })
  if (!found.ok) notFound()
  const proved = await proveEvent(actor, { event: code })
  const t = await getTranslations('oversight.log')
  const findings = await getTranslations('findings')
  const words = await eventWords()
  return (
    <>
      <PageHeader
        title={words(found.value)}
        crumbs={[{ label: t('title'), href: '/oversight/log' }]}
        facts={<Code code={code} />}
        secondary={<LinkButton href={`/oversight/findings/new?from=event&code=${code}`}>{findings('open')}</LinkButton>}
      />
      <EventFacts event={found.value} />
      <Section title={t('proof.title')}>
        {proved.ok && proved.value.proof !== null ? (
          <Proof proof={proved.value.proof} />
        ) : (
          <EmptyState title={t('proof.none')}>{t('proof.none_hint')}</EmptyState>
        )}
      </Section>
    </>
  )
}

async function EventFacts({ event }: { readonly event: OversightEvent & { readonly agencyName: string } }) {
  const t = await getTranslations('oversight.log')
  const format = await getFormat()
  const basis = (await basisWords())(event)
  const kind = await recordWords()
  const roles = await roleWords()
  const link = (name: 'subject' | 'actor', code: string) => (
    <AppLink href={`/oversight/log?${name}=${code}`}>
      <Code code={code} />
    </AppLink>
  )
  const { subject, case: file, actor, record } = event
  return (
    <div className="mb-8">
      <Facts
        facts={[
          { label: t('when'), value: format.moment(new Date(event.at)) },
          { label: t('agency'), value: <bdi>{event.agencyName}</bdi> },
          { label: t('actor'), value: actor === null ? t('system') : link('actor', actor) },
          ...(event.roles.length === 0 ? [] : [{ label: t('roles'), value: roles(event.roles) }]),
          ...(subject === null ? [] : [{ label: t('subject'), value: link('subject', subject) }]),
          ...(file === null ? [] : [{ label: t('case'), value: link('subject', file) }]),
          ...(record === null ? [] : [{ label: t('record'), value: kind(record) }]),
          ...(basis === '' ? [] : [{ label: t('basis'), value: basis }]),
          { label: t('type'), value: <span className="font-code text-note">{event.type}</span> },
        ]}
      />
    </div>
  )
}

async function Proof({ proof }: { readonly proof: EventProof }) {
  const t = await getTranslations('oversight.log.proof')
  const format = await getFormat()
  return (
    <>
      <p className="measure mb-2">
        {t('holds', { position: format.number(proof.position + 1), size: format.number(proof.size) })}
      </p>
      <p className="measure mb-4">{t('how')}</p>
      <pre dir="ltr" className="overflow-x-auto bg-sunken p-3 font-code text-note whitespace-pre-wrap break-all">
        {JSON.stringify(proof, null, 2)}
      </pre>
    </>
  )
}
