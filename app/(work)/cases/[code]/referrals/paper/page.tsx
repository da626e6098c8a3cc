import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { typeNames } from '@/components/assistance/category-choices'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { FieldBoxes, FieldsThatStay, OfferedFields, UrgencyRows } from '@/components/referrals/offered-fields'
import { Button, LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import type { PaperOffer } from '@/lib/referrals/paper/schema'
import { offerPaper } from '@/lib/referrals/paper/service'
import { preparePaperAction } from './actions'

type Props = PageProps<'/cases/[code]/referrals/paper'>

const asked = z.object({
  need: z.union([z.string().max(64), z.array(z.string().max(64)).max(20)]).optional(),
  agency: z.string().max(60).optional(),
})

export const generateMetadata = titleOrMissing(NewPaperPage, async ({ params }: Props) => {
  const t = await getTranslations('referrals.paper')
  const code = parseCode((await params).code, 'CAS')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(NewPaperPage)

/** A referral on paper: for which needs and to whom, then what stands on the form. Codes alone stand in the address. */
async function NewPaperPage({ params, searchParams }: Props) {
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const query = asked.safeParse(await searchParams)
  const { need, agency } = query.success ? query.data : {}
  const found = await offerPaper(await requireActor(), {
    case: code,
    needs: need === undefined ? [] : [need].flat(),
    ...(agency === undefined ? {} : { agency }),
  })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok) redirect(`/cases/${code}`)
  const offer = found.value
  const t = await getTranslations('referrals.paper')
  const cases = await getTranslations('cases')
  return (
    <>
      <PageHeader
        title={t('title')}
        crumbs={[
          { label: cases('title'), href: '/cases' },
          { label: <Code code={offer.person} />, href: `/cases/${code}` },
        ]}
        facts={<span className="measure">{t('intro')}</span>}
      />
      {offer.agency !== null && offer.chosen.length > 0 ? <See offer={offer} /> : <Choose offer={offer} />}
    </>
  )
}

async function Choose({ offer }: { readonly offer: PaperOffer }) {
  const t = await getTranslations('referrals.paper')
  const words = await getTranslations('referrals.new')
  const name = await typeNames()
  if (offer.needs.length === 0)
    return (
      <EmptyState
        title={words('no_needs')}
        act={<LinkButton href={`/cases/${offer.case}/needs/new`}>{words('add_need')}</LinkButton>}
      >
        {words('no_needs_help')}
      </EmptyState>
    )
  if (offer.agencies.length === 0) return <EmptyState title={t('no_agencies')}>{t('no_agencies_help')}</EmptyState>
  return (
    <form action={`/cases/${offer.case}/referrals/paper`} className="grid justify-items-start gap-6">
      <Choices
        legend={words('needs')}
        type="checkbox"
        name="need"
        choices={offer.needs.map(({ code, category, type }) => ({ value: code, label: name(category, type) }))}
        chosen={offer.needs.length === 1 ? offer.needs.map(({ code }) => code) : offer.chosen}
      />
      <Choices
        legend={t('agency')}
        type="radio"
        name="agency"
        choices={offer.agencies.map(({ key, name: called, contact }) => ({ value: key, label: called, hint: contact }))}
        chosen={offer.agencies.length === 1 ? offer.agencies.map(({ key }) => key) : []}
      />
      <Button tone="primary">{t('see')}</Button>
    </form>
  )
}

type ChoicesProps = {
  readonly legend: string
  readonly type: 'checkbox' | 'radio'
  readonly name: string
  readonly choices: readonly { readonly value: string; readonly label: string; readonly hint?: string }[]
  readonly chosen: readonly string[]
}

function Choices({ legend, type, name, choices, chosen }: ChoicesProps) {
  return (
    <fieldset>
      <legend className="mb-2 text-head font-semibold">{legend}</legend>
      <div className="grid gap-2">
        {choices.map(({ value, label, hint }) => (
          <label
            key={value}
            className="flex min-h-11 items-center gap-3 rounded-md border border-edge bg-surface px-3 py-2"
          >
            <input type={type} name={name} value={value} defaultChecked={chosen.includes(value)} className="size-5" />
            <span>
              <bdi>{label}</bdi>
              {hint === undefined ? null : (
                <span className="block whitespace-pre-line text-note text-ink-2">{hint}</span>
              )}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

async function See({ offer }: { readonly offer: PaperOffer }) {
  const t = await getTranslations('referrals.paper')
  const words = await getTranslations('referrals.new')
  const { agency, chosen, fields, ready } = offer
  const back = `/cases/${offer.case}/referrals/paper`
  const always = fields.filter(({ field, allowed }) => allowed && field.startsWith('need.'))
  const choices = fields.filter(({ field, allowed }) => allowed && !field.startsWith('need.'))
  const stays = fields.filter(({ allowed }) => !allowed)
  if (agency === null) return null
  const here = `${back}?${new URLSearchParams([...chosen.map((code) => ['need', code]), ['agency', agency.key]]).toString()}`
  return (
    <>
      <p className="mb-4 text-lead font-semibold">
        <bdi>{agency.name}</bdi>
        <span className="block whitespace-pre-line text-note font-normal text-ink-2">{agency.contact}</span>
      </p>
      {ready ? (
        <>
          <Section title={t('stands')}>
            <OfferedFields fields={always} caption={t('stands')} />
          </Section>
          <ActionForm
            action={preparePaperAction}
            initial={await initialForm(
              { fields: choices.filter(({ wanted }) => wanted).map(({ field }) => field) },
              here,
            )}
            submit={t('prepare')}
            cancel={{ href: back }}
            hidden={{
              case: offer.case,
              agency: agency.key,
              ...Object.fromEntries(chosen.map((code, index) => [`needs.${String(index)}`, code])),
            }}
            footer={<p className="measure text-note text-ink-2">{t('prepare_means')}</p>}
          >
            <FieldBoxes fields={choices} label={t('choose_fields')} hint={words('choose_hint')} />
            <UrgencyRows label={words('urgency')} />
          </ActionForm>
        </>
      ) : (
        <Notice tone="stop" act={<LinkButton href={back}>{words('back')}</LinkButton>}>
          {words('not_ready_basis', { agency: agency.name })}
        </Notice>
      )}
      <FieldsThatStay fields={stays} />
    </>
  )
}
