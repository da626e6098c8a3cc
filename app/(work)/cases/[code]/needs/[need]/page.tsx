import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import { CategoryTile } from '@/components/assistance/category-tile'
import { NeedStatePill } from '@/components/assistance/status-pills'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { CopyCode } from '@/components/ui/copy-code'
import { Facts, type Fact } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { isLiving, nextNeedStates } from '@/lib/assistance/needs/rules'
import { NOT_MET_REASONS, URGENCIES, type NeedView } from '@/lib/assistance/needs/schema'
import { viewNeed } from '@/lib/assistance/needs/service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { SERVICE_TYPES } from '@/lib/mandate/categories'
import { parseCode } from '@/lib/platform/ids'
import { changeNeedAction } from './actions'

export const generateMetadata = titleOrMissing(
  NeedPage,
  async ({ params }: PageProps<'/cases/[code]/needs/[need]'>) => {
    const t = await getTranslations('assistance.need.record')
    const code = parseCode((await params).need, 'NED')
    return code === null ? {} : { title: t('page_title', { code }) }
  },
)

export default orMissing(NeedPage)

/** One need: how it stands, by when, after which rule; and the change that comes next. */
async function NeedPage({ params }: PageProps<'/cases/[code]/needs/[need]'>) {
  const { code, need: asked } = await params
  const found = await viewNeed(await requireActor(), { need: asked })
  if (!found.ok || found.value.case !== parseCode(code, 'CAS')) notFound()
  const need = found.value
  const t = await getTranslations('assistance')
  const name = await typeNames()
  return (
    <>
      <PageHeader
        title={name(need.category, need.type)}
        crumbs={[
          { label: t('cases'), href: '/cases' },
          { label: <Code code={need.person ?? need.case} />, href: `/cases/${need.case}` },
          { label: t('need.list.title'), href: `/cases/${need.case}/needs` },
        ]}
        pills={
          <>
            <NeedStatePill state={need.state} />
            <UrgencyFlag urgency={need.urgency} />
          </>
        }
        facts={
          <>
            <Code code={need.code} />
            <CopyCode code={need.code} />
          </>
        }
        secondary={<LinkButton href={`/directory?need=${need.code}`}>{t('need.find_help')}</LinkButton>}
        {...(need.mayChange
          ? {
              primary: (
                <LinkButton href={`/cases/${need.case}/services/new?need=${need.code}`} tone="primary" icon="plus">
                  {t('need.log')}
                </LinkButton>
              ),
              ...(isLiving(need.state)
                ? {
                    secondary: (
                      <LinkButton href={`/cases/${need.case}/referrals/new?need=${need.code}`} icon="send">
                        {t('need.refer')}
                      </LinkButton>
                    ),
                  }
                : {}),
            }
          : {})}
      />
      <Section title={t('need.record.state')}>
        <Facts facts={await factsOf(need)} />
      </Section>
      {need.mayChange ? (
        <Section title={t('need.change.title')}>
          <ChangeForm need={need} />
        </Section>
      ) : null}
    </>
  )
}

async function factsOf(need: NeedView): Promise<readonly Fact[]> {
  const t = await getTranslations('assistance.need')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  const due = format.moment(new Date(need.contactDueAt))
  return [
    { label: t('list.category'), value: <CategoryTile category={need.category} /> },
    { label: t('record.found'), value: format.day(need.foundOn, 'weekday') },
    {
      label: t('record.due'),
      value: need.isLate ? <span className="font-semibold text-stop-ink">{t('list.late', { when: due })}</span> : due,
    },
    {
      label: t('record.source'),
      value: t('record.limit', {
        hours: format.duration(need.contactLimit.hours * 60),
        source: text(need.contactLimit.source),
      }),
    },
    ...(need.metOn === null ? [] : [{ label: t('record.met_on'), value: format.day(need.metOn) }]),
    ...(need.notMetReason === null ? [] : [{ label: t('record.why_not'), value: t(`not_met.${need.notMetReason}`) }]),
  ]
}

async function ChangeForm({ need }: { readonly need: NeedView }) {
  const t = await getTranslations('assistance.need')
  const name = await typeNames()
  const initial = await initialForm(
    { state: need.state, urgency: need.urgency, type: need.type },
    `/cases/${need.case}/needs/${need.code}`,
  )
  const reasons = (
    <RadioRows
      name="notMetReason"
      label={t('not_met.label')}
      columns={2}
      choices={NOT_MET_REASONS.map((reason) => ({ value: reason, label: t(`not_met.${reason}`) }))}
    />
  )
  return (
    <ActionForm
      action={changeNeedAction}
      initial={initial}
      submit={t('change.save')}
      hidden={{ need: need.code, version: String(need.version) }}
    >
      <RadioRows
        name="state"
        label={t('state.label')}
        choices={[need.state, ...nextNeedStates(need.state)].map((state) => ({
          value: state,
          label: t(`state.${state}`),
          ...(state === 'not_met' ? { revealed: reasons } : {}),
        }))}
      />
      <RadioRows
        name="urgency"
        label={t('urgency.label')}
        columns={3}
        choices={URGENCIES.map((urgency) => ({ value: urgency, label: t(`urgency.short.${urgency}`) }))}
      />
      <Select
        name="type"
        label={t('change.type')}
        optional
        empty={t('change.type_none')}
        options={SERVICE_TYPES[need.category].map((type) => ({ value: type, label: name(need.category, type) }))}
      />
    </ActionForm>
  )
}
