import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { SealedText } from '@/components/assistance/sealed-text'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { CopyCode } from '@/components/ui/copy-code'
import { Facts } from '@/components/ui/facts'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { viewContact } from '@/lib/assistance/contacts/service'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { parseCode } from '@/lib/platform/ids'
import { readTextAction } from './actions'

export const generateMetadata = titleOrMissing(
  ContactPage,
  async ({ params }: PageProps<'/cases/[code]/contacts/[contact]'>) => {
    const t = await getTranslations('assistance.contact.record')
    const code = parseCode((await params).contact, 'CTC')
    return code === null ? {} : { title: t('page_title', { code }) }
  },
)

export default orMissing(ContactPage)

/** One entry of the contact log; its text only on a press. */
async function ContactPage({ params }: PageProps<'/cases/[code]/contacts/[contact]'>) {
  const { code, contact: asked } = await params
  const found = await viewContact(await requireActor(), { contact: asked })
  if (!found.ok || found.value.case !== parseCode(code, 'CAS')) notFound()
  const contact = found.value
  const t = await getTranslations('assistance')
  const format = await getFormat()
  const here = `/cases/${contact.case}/contacts`
  return (
    <>
      <PageHeader
        title={t(`contact.kind.${contact.kind}`)}
        crumbs={[
          { label: t('cases'), href: '/cases' },
          { label: <Code code={contact.person ?? contact.case} />, href: `/cases/${contact.case}` },
          { label: t('contact.list.title'), href: here },
        ]}
        facts={
          <>
            <Code code={contact.code} />
            <CopyCode code={contact.code} />
          </>
        }
        {...(contact.mayVoid
          ? { secondary: <LinkButton href={`${here}/${contact.code}/void`}>{t('contact.record.void')}</LinkButton> }
          : {})}
      />
      {contact.isVoided ? (
        <div className="mb-6">
          <Notice tone="calm" icon="archive">
            {t('contact.record.voided_line')}
          </Notice>
        </div>
      ) : null}
      <div className="mb-12">
        <Facts
          facts={[
            { label: t('contact.list.when'), value: format.moment(new Date(contact.occurredAt)) },
            { label: t('contact.list.outcome'), value: t(`contact.outcome.${contact.outcome}`) },
            { label: t('contact.list.by'), value: contact.worker ?? contact.agencyName },
            { label: t('contact.record.entered'), value: format.moment(new Date(contact.enteredAt)) },
          ]}
        />
      </div>
      <Section title={t('contact.text.title')}>
        {contact.hasText ? (
          <SealedText action={readTextAction} subject={contact.code} show={t('contact.text.show')} />
        ) : (
          <p className="text-ink-2">{t('contact.record.no_text')}</p>
        )}
      </Section>
    </>
  )
}
