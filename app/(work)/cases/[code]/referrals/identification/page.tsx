import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { FieldBoxes, FieldsAtOnce, FieldsThatStay } from '@/components/referrals/offered-fields'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { Tabs } from '@/components/ui/tabs'
import { TextArea } from '@/components/ui/text-area'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import type { IdentificationOffer } from '@/lib/referrals/identification/schema'
import { offerIdentification } from '@/lib/referrals/identification/service'
import { referForIdentificationAction } from './actions'

type Props = PageProps<'/cases/[code]/referrals/identification'>

const asked = z.object({ route: z.enum(['named', 'anonymous']).optional(), of: z.string().max(64).optional() })

export const generateMetadata = titleOrMissing(ReferForIdentificationPage, async ({ params }: Props) => {
  const t = await getTranslations('referrals.identification')
  const code = parseCode((await params).code, 'CAS')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(ReferForIdentificationPage)

/** What the identifying authority would see, with a name or without, field by field; then why, and send. */
async function ReferForIdentificationPage({ params, searchParams }: Props) {
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const query = asked.safeParse(await searchParams)
  const { route, of } = query.success ? query.data : {}
  const found = await offerIdentification(await requireActor(), {
    case: code,
    anonymous: route === 'anonymous',
    ...(of === undefined ? {} : { reconsiders: of }),
  })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok) redirect(`/cases/${code}`)
  const offer = found.value
  const t = await getTranslations('referrals.identification')
  const cases = await getTranslations('cases')
  return (
    <>
      <PageHeader
        title={t(offer.reconsiders === null ? 'title' : 'title_again')}
        crumbs={[
          { label: cases('title'), href: '/cases' },
          { label: <Code code={offer.person} />, href: `/cases/${code}` },
          { label: cases('identify.title'), href: `/cases/${code}/identification` },
        ]}
        facts={<bdi>{offer.authority.agencyName}</bdi>}
      />
      <p className="measure mb-6">{t('intro')}</p>
      {offer.reconsiders === null ? <Routes offer={offer} /> : null}
      {offer.anonymous ? <p className="measure mb-6 text-ink-2">{t('anonymous_means')}</p> : null}
      <Question offer={offer} />
    </>
  )
}

async function Routes({ offer }: { readonly offer: IdentificationOffer }) {
  const t = await getTranslations('referrals.identification')
  const here = `/cases/${offer.case}/referrals/identification`
  return (
    <div className="mb-6">
      <Tabs
        label={t('route')}
        tabs={[
          { label: t('route_named'), href: here, isCurrent: !offer.anonymous },
          { label: t('route_anonymous'), href: `${here}?route=anonymous`, isCurrent: offer.anonymous },
        ]}
      />
    </div>
  )
}

async function Question({ offer }: { readonly offer: IdentificationOffer }) {
  const t = await getTranslations('referrals.identification')
  const words = await getTranslations('referrals.new')
  const back = `/cases/${offer.case}/identification`
  const now = offer.fields.filter(({ wanted, part }) => wanted && part === 'preview')
  const choices = offer.fields.filter(({ allowed, part }) => allowed && part === 'package')
  const stays = offer.fields.filter(({ allowed }) => !allowed)
  return (
    <>
      {offer.why === null ? null : (
        <Notice tone="stop" act={<LinkButton href={back}>{t('back')}</LinkButton>}>
          {t(`why.${offer.why}`)}
        </Notice>
      )}
      <FieldsAtOnce fields={now} />
      {offer.why === null ? (
        <ActionForm
          action={referForIdentificationAction}
          initial={await initialForm(
            { fields: choices.filter(({ wanted }) => wanted).map(({ field }) => field) },
            addressOf(offer),
          )}
          submit={words('submit')}
          cancel={{ href: back }}
          hidden={{
            case: offer.case,
            anonymous: offer.anonymous ? 'yes' : 'no',
            ...(offer.reconsiders === null ? {} : { reconsiders: offer.reconsiders }),
            ...Object.fromEntries(now.map(({ field }, index) => [`shown.${String(index)}`, field])),
          }}
          footer={<p className="measure text-note text-ink-2">{t('meanwhile')}</p>}
        >
          <FieldBoxes fields={choices} label={t('choose_fields')} hint={t('choose_hint')} />
          <TextArea name="reason" label={t('reason')} hint={t('reason_hint')} optional maxLength={2000} />
        </ActionForm>
      ) : null}
      <FieldsThatStay fields={stays} />
    </>
  )
}

function addressOf({ case: code, anonymous, reconsiders }: IdentificationOffer): string {
  const here = `/cases/${code}/referrals/identification`
  if (reconsiders !== null) return `${here}?of=${reconsiders}`
  return anonymous ? `${here}?route=anonymous` : here
}
