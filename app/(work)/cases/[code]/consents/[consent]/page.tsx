import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { SealedText } from '@/components/assistance/sealed-text'
import { ConsentFacts } from '@/components/consent/consent-facts'
import { ConsentPill } from '@/components/consent/consent-state'
import { ConsentTable } from '@/components/consent/consent-table'
import { receiverWords } from '@/components/consent/consent-words'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { CopyCode } from '@/components/ui/copy-code'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { viewConsentPage } from '@/lib/consent/service'
import { parseCode } from '@/lib/platform/ids'
import { readConsentTextsAction } from './actions'

type Props = PageProps<'/cases/[code]/consents/[consent]'>

export const generateMetadata = titleOrMissing(ConsentPage, async ({ params }: Props) => {
  const t = await getTranslations('consents')
  const code = parseCode((await params).consent, 'CON')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(ConsentPage)

/** One answer of the person, with what it took the place of and what took its place; words only on a press. */
async function ConsentPage({ params }: Props) {
  const { code, consent: asked } = await params
  const found = await viewConsentPage(await requireActor(), { consent: asked })
  if (!found.ok || found.value.consent.case !== parseCode(code, 'CAS')) notFound()
  const { consent, editions } = found.value
  const t = await getTranslations('consents')
  const purposes = await getTranslations('networks.purpose')
  const here = `/cases/${consent.case}/consents`
  return (
    <>
      <PageHeader
        title={t('heading', { purpose: purposes(consent.purpose), receiver: await receiverWords(consent) })}
        crumbs={[
          { label: <Code code={consent.person ?? consent.case} />, href: `/cases/${consent.case}` },
          { label: t('title'), href: here },
        ]}
        pills={<ConsentPill state={consent.state} />}
        facts={
          <>
            <Code code={consent.code} />
            <CopyCode code={consent.code} />
          </>
        }
        {...(consent.may.renew
          ? {
              primary: (
                <LinkButton href={`${here}/new?replaces=${consent.code}`} tone="primary">
                  {t('renew')}
                </LinkButton>
              ),
            }
          : {})}
        {...(consent.may.withdraw
          ? { secondary: <LinkButton href={`${here}/${consent.code}/withdraw`}>{t('withdraw.act')}</LinkButton> }
          : {})}
      />
      {consent.replacedBy === null ? null : (
        <div className="mb-6">
          <Notice tone="calm" icon="history">
            {t('replaced_line')}{' '}
            <AppLink href={`${here}/${consent.replacedBy}`}>
              <Code code={consent.replacedBy} />
            </AppLink>
          </Notice>
        </div>
      )}
      <div className="mb-12">
        <ConsentFacts consent={consent} />
      </div>
      <Section title={t('words.title')}>
        {consent.hasTexts ? (
          <SealedText action={readConsentTextsAction} subject={consent.code} show={t('words.show')} />
        ) : (
          <p className="text-ink-2">{t('words.none')}</p>
        )}
      </Section>
      {editions.length < 2 ? null : (
        <Section title={t('editions')}>
          <ConsentTable caption={t('editions_caption')} consents={editions} empty={null} />
        </Section>
      )}
    </>
  )
}
