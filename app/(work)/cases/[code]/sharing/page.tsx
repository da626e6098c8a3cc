import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { SealedText } from '@/components/assistance/sealed-text'
import { CaseFrame } from '@/components/cases/case-frame'
import { ExceptionTable } from '@/components/consent/exception-table'
import { SharingAnswerSection } from '@/components/consent/sharing-answer'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { FilterBar } from '@/components/ui/filter-bar'
import { ActionForm } from '@/components/ui/form'
import { Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import type { CaseExceptionView } from '@/lib/consent/exceptions/schema'
import { listExceptionsOf } from '@/lib/consent/exceptions/service'
import type { ReceiverView } from '@/lib/consent/schema'
import { explainSharingInput, EXPLAINED_PURPOSES, type ExplainSharingInput } from '@/lib/consent/sharing/schema'
import { explainSharing } from '@/lib/consent/sharing/service'
import { initialForm } from '@/lib/forms/initial-form'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { parseCode } from '@/lib/platform/ids'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'
import { pick } from '../../../services/address'
import { caseMetadata } from '../case-metadata'
import { endExceptionAction, readExceptionReasonAction } from './actions'

type Props = PageProps<'/cases/[code]/sharing'>

export const generateMetadata = titleOrMissing(SharingPage, async ({ params }: Props) => {
  const t = await getTranslations('sharing')
  return caseMetadata(params, t('title'))
})

export default orMissing(SharingPage)

/** May another agency see it now? The answer of the function that everything asks which shares, field by field. */
async function SharingPage({ params, searchParams }: Props) {
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const path = `/cases/${code}/sharing`
  const input = explainSharingInput.safeParse({
    case: code,
    ...pick(await searchParams, ['agency', 'purpose', 'category']),
  })
  if (!input.success) redirect(path)
  const actor = await requireActor()
  const found = await explainSharing(actor, input.data)
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    redirect(found.refusal === 'invalid' ? path : `/cases/${code}`)
  }
  const { frame, receivers, answer } = found.value
  const exceptions = await listExceptionsOf(actor, { case: code })
  const t = await getTranslations('sharing')
  return (
    <CaseFrame
      view={frame}
      current="consents"
      reveal={revealIdentityAction}
      primary={<LinkButton href={`/cases/${code}/consents`}>{t('all_consents')}</LinkButton>}
    >
      <h2 className="mb-2 text-head font-semibold">{t('question')}</h2>
      <p className="measure mb-4 text-ink-2">{t('intro')}</p>
      <Question path={path} input={input.data} receivers={receivers} />
      {answer === null ? null : <SharingAnswerSection answer={answer} caseCode={code} />}
      {exceptions.ok ? <Exceptions caseCode={code} {...exceptions.value} /> : null}
    </CaseFrame>
  )
}

type QuestionProps = {
  readonly path: string
  readonly input: ExplainSharingInput
  readonly receivers: readonly ReceiverView[]
}

async function Question({ path, input, receivers }: QuestionProps) {
  const t = await getTranslations('sharing')
  const purposes = await getTranslations('networks.purpose')
  const categories = await getTranslations('mandate.categories')
  return (
    <FilterBar
      action={path}
      filters={[
        {
          name: 'agency',
          label: t('agency'),
          value: input.agency ?? '',
          any: t('choose'),
          options: receivers.map(({ key, name }) => ({ value: key, label: name })),
        },
        {
          name: 'purpose',
          label: t('purpose'),
          value: input.purpose ?? '',
          any: t('choose'),
          options: EXPLAINED_PURPOSES.map((value) => ({ value, label: purposes(value) })),
        },
        {
          name: 'category',
          label: t('category'),
          value: input.category ?? '',
          any: t('any_category'),
          options: CATEGORY_KEYS.map((value) => ({ value, label: categories(value) })),
        },
      ]}
      chips={[]}
      clearHref={path}
      count={input.agency === undefined || input.purpose === undefined ? t('choose_both') : t('answer')}
    />
  )
}

type ExceptionsProps = {
  readonly caseCode: string
  readonly items: readonly CaseExceptionView[]
  readonly mayMake: boolean
}

async function Exceptions({ caseCode, items, mayMake }: ExceptionsProps) {
  if (items.length === 0 && !mayMake) return null
  const t = await getTranslations('exceptions')
  return (
    <Section title={t('title')}>
      {items.length === 0 ? <p className="measure text-ink-2">{t('none')}</p> : null}
      <ExceptionTable exceptions={items} acts={(exception) => <ExceptionActs exception={exception} />} />
      {mayMake ? (
        <p className="mt-4">
          <LinkButton href={`/cases/${caseCode}/sharing/without-consent`}>{t('make')}</LinkButton>
        </p>
      ) : null}
    </Section>
  )
}

async function ExceptionActs({ exception }: { readonly exception: CaseExceptionView }) {
  const t = await getTranslations('exceptions')
  return (
    <>
      <SealedText action={readExceptionReasonAction} subject={exception.code} show={t('show_reason')} />
      {exception.lives ? (
        <ActionForm
          action={endExceptionAction}
          initial={await initialForm()}
          submit={t('end')}
          tone="secondary"
          hidden={{ exception: exception.code }}
          label={t('end_which', { agency: exception.agencyName })}
        />
      ) : null}
    </>
  )
}
