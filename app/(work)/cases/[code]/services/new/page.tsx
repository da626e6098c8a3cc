import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { RecordedUnder } from '@/components/assistance/recorded-under'
import { ServiceFields } from '@/components/assistance/service-fields'
import { ClosedOn } from '@/components/assistance/closed-on'
import { AudienceLine } from '@/components/cases/audience-line'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { prepareServiceForm } from '@/lib/assistance/services/form-service'
import type { ServiceFormView } from '@/lib/assistance/services/form-schema'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm, type StartingValues } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import { logServiceAction } from './actions'

export const generateMetadata = titleOrMissing(
  NewServicePage,
  async ({ params }: PageProps<'/cases/[code]/services/new'>) => {
    const t = await getTranslations('assistance.service.new')
    const code = parseCode((await params).code, 'CAS')
    return code === null ? {} : { title: t('page_title', { code }) }
  },
)

export default orMissing(NewServicePage)

/** Category, type, when, need: the rest is folded and says what it holds. */
async function NewServicePage({ params, searchParams }: PageProps<'/cases/[code]/services/new'>) {
  const found = await prepareServiceForm(await requireActor(), { case: (await params).code })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok) redirect(`/cases/${(await params).code}`)
  const form = found.value
  const t = await getTranslations('assistance')
  const here = `/cases/${form.case}`
  const initial = await initialForm(startingValues(form, (await searchParams)['need']), `${here}/services/new`)
  return (
    <>
      <PageHeader
        title={t('service.new.title')}
        crumbs={[
          { label: t('cases'), href: '/cases' },
          { label: <Code code={form.person} />, href: here },
        ]}
        facts={form.closedOn === null ? <OtherForms here={here} /> : <ClosedOn day={form.closedOn} />}
      />
      <ActionForm
        action={logServiceAction}
        initial={initial}
        submit={t('service.new.save')}
        also={[{ intent: 'another', label: t('service.new.another') }]}
        cancel={{ href: here }}
        hidden={{ case: form.case }}
        footer={
          <span className="flex flex-wrap gap-x-4 gap-y-1">
            <RecordedUnder />
            <AudienceLine audience={form.audience} caseCode={form.case} />
          </span>
        }
      >
        <ServiceFields
          today={form.today}
          yesterday={form.yesterday}
          needs={form.needs}
          lastTime={form.lastTime}
          {...(form.closedOn === null ? {} : { withFollowUp: false, anyDay: true })}
        />
      </ActionForm>
    </>
  )
}

async function OtherForms({ here }: { readonly here: string }) {
  const t = await getTranslations('assistance.service.new')
  return (
    <span className="flex flex-wrap gap-x-3">
      {t('or')}
      <AppLink href={`${here}/contacts/new`}>{t('contact')}</AppLink>
      <AppLink href="/services/several">{t('several')}</AppLink>
    </span>
  )
}

/** What is set when the page opens: the need it was called for with its category and type, and "as last time". */
function startingValues(form: ServiceFormView, asked: string | string[] | undefined): StartingValues {
  const code = typeof asked === 'string' ? parseCode(asked, 'NED') : null
  const need = form.needs.find((one) => one.code === code)
  const last = form.lastTime
  return {
    status: 'delivered',
    ...(need === undefined ? {} : { need: need.code, category: need.category, type: need.type }),
    mode: last?.mode,
    placeKind: last?.placeKind,
    minutes: last?.minutes?.toString(),
    interpreterUsed: yesOrNo(last?.interpreterUsed ?? null),
    interpreterLanguage: last?.interpreterLanguage,
  }
}

/** A yes or a no as the radios of the form have it. */
function yesOrNo(answer: boolean | null): string | null {
  if (answer === null) return null
  return answer ? 'yes' : 'no'
}
