import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { AudienceLine } from '@/components/cases/audience-line'
import { ConsentFields } from '@/components/consent/consent-fields'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { isAskedFrom, type ConsentView } from '@/lib/consent/schema'
import { prepareConsent } from '@/lib/consent/service'
import { initialForm } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import { pick } from '../../../../services/address'
import { caseMetadata } from '../../case-metadata'
import { recordConsentAction } from './actions'

type Props = PageProps<'/cases/[code]/consents/new'>

export const generateMetadata = titleOrMissing(NewConsentPage, async ({ params }: Props) => {
  const t = await getTranslations('consents')
  return caseMetadata(params, t('new_title'))
})

export default orMissing(NewConsentPage)

/** What was explained, what is asked, what the person says, how they say it. Nothing is ticked beforehand. */
async function NewConsentPage({ params, searchParams }: Props) {
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const { replaces: asked, to, purpose, back } = pick(await searchParams, ['replaces', 'to', 'purpose', 'back'])
  const found = await prepareConsent(await requireActor(), { case: code, replaces: asked })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok) redirect(`/cases/${code}`)
  const { replaces, receivers, audience, person } = found.value
  const t = await getTranslations('consents')
  const here = `/cases/${code}/consents`
  const place = `${here}/new`
  return (
    <>
      <PageHeader
        title={t(replaces === null ? 'new_title' : 'renew_title')}
        crumbs={[
          { label: <Code code={person} />, href: `/cases/${code}` },
          { label: t('title'), href: here },
        ]}
        facts={<span className="measure">{t(replaces === null ? 'new_intro' : 'renew_intro')}</span>}
      />
      <ActionForm
        action={recordConsentAction}
        initial={await initialForm(
          replaces === null ? startFor(receivers, to, purpose) : startFrom(replaces),
          replaces === null ? place : null,
        )}
        submit={t('save')}
        cancel={{ href: back !== undefined && isAskedFrom(back, code) ? back : here }}
        hidden={{
          case: code,
          ...(replaces === null ? {} : { replaces: replaces.code }),
          ...(back !== undefined && isAskedFrom(back, code) ? { back } : {}),
        }}
        footer={<AudienceLine audience={audience} caseCode={code} />}
      >
        <ConsentFields
          receivers={receivers}
          audience={<AudienceLine audience={audience} caseCode={code} />}
          language={replaces?.language ?? null}
        />
      </ActionForm>
    </>
  )
}

/** Asked for one agency from a referral or a transfer, the form names it; what the person says to it is theirs. */
function startFor(receivers: readonly { readonly key: string }[], to: string | undefined, purpose: string | undefined) {
  if (!receivers.some(({ key }) => key === to)) return {}
  return { purpose: purpose === 'transfer' ? purpose : 'sharing', receiver: `agency:${String(to)}` }
}

/** What a newer answer is about is what the older one was; what the person says to it they say anew. */
function startFrom(consent: ConsentView) {
  return {
    purpose: consent.purpose,
    receiver:
      consent.agency !== null
        ? `agency:${consent.agency}`
        : consent.agencyKind === null
          ? undefined
          : `kind:${consent.agencyKind}`,
    categories: consent.categories,
    identity: consent.answer === 'given' ? consent.identity : undefined,
    language: consent.language,
    withheld: consent.withheld,
    withheldWhy: consent.withheldWhy,
    child: consent.child,
  }
}
