import { getTranslations } from 'next-intl/server'
import { OfferedFields } from '@/components/referrals/offered-fields'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { Section } from '@/components/ui/page-header'
import type { Actor } from '@/lib/access/actor'
import { initialForm } from '@/lib/forms/initial-form'
import type { OfferView, ReferralView } from '@/lib/referrals/schema'
import { offerReferral } from '@/lib/referrals/send-service'
import { sendReferralAction } from '../actions'

type ReroutedProps = { readonly actor: Actor; readonly referral: ReferralView }

/** What a coordinator made of a referral, and what its sender can do about it: share, ask the person, or withdraw. */
export async function Rerouted({ actor, referral }: ReroutedProps) {
  const { routing, side, toAgencyName: agency } = referral
  if (routing === null) return null
  const t = await getTranslations('referrals.rerouted')
  const waits = routing.awaitsBasis && (referral.state === 'sent' || referral.state === 'acknowledged')
  if (side === 'receiver') return waits ? <Notice>{t('receiver', { agency: referral.fromAgencyName })}</Notice> : null
  const offer = waits && referral.may.includes('send') ? await offerOf(actor, referral) : null
  return (
    <div className="my-6 grid gap-4">
      {routing.from === null ? null : (
        <Notice tone={waits ? 'warn' : 'info'} title={t('title', { agency })}>
          {t(waits ? 'nothing_yet' : 'shared', { agency })} <Other label={t('from')} code={routing.from} />
        </Notice>
      )}
      {routing.to === null ? null : (
        <Notice>
          {t('went_on')} <Other label={t('to')} code={routing.to} />
        </Notice>
      )}
      {offer === null ? null : <Share offer={offer} referral={referral} />}
    </div>
  )
}

function Other({ label, code }: { readonly label: string; readonly code: string }) {
  return (
    <>
      {label}{' '}
      <AppLink href={`/referrals/${code}`} className="text-action-ink underline">
        <Code code={code} />
      </AppLink>
    </>
  )
}

async function offerOf(actor: Actor, { case: on, routing, directoryService, fields }: ReferralView) {
  if (on === null || routing === null || routing.needs.length === 0) return null
  const found = await offerReferral(actor, {
    case: on,
    needs: [...routing.needs],
    directoryService,
    fields: [...fields],
  })
  return found.ok ? found.value : null
}

/** Field by field what would go, and one press; without a basis, the way to the person's answer. */
async function Share({ offer, referral }: { readonly offer: OfferView; readonly referral: ReferralView }) {
  const t = await getTranslations('referrals.rerouted')
  const agency = offer.service.agencyName
  if (!offer.ready) {
    const ask = `/cases/${offer.case}/consents/new?to=${offer.service.agency}`
    return offer.why === 'no_agreement' ? (
      <Notice tone="stop">{t('no_agreement', { agency })}</Notice>
    ) : (
      <Notice
        tone="stop"
        title={t('no_basis', { agency })}
        act={
          <LinkButton href={ask} tone="primary">
            {t('ask_consent')}
          </LinkButton>
        }
      >
        {t('no_basis_help')}
      </Notice>
    )
  }
  const leaving = offer.fields.filter(({ wanted }) => wanted)
  return (
    <Section title={t('share_title', { agency })}>
      {(['preview', 'package'] as const).map((part) => {
        const fields = leaving.filter((field) => field.part === part)
        return fields.length === 0 ? null : (
          <div key={part} className="mb-6">
            <h3 className="mb-2 font-semibold">{t(part)}</h3>
            <OfferedFields fields={fields} caption={t(part)} />
          </div>
        )
      })}
      <ActionForm
        action={sendReferralAction}
        initial={await initialForm({}, `/referrals/${referral.code}`)}
        submit={t('share', { agency })}
        hidden={{ referral: referral.code }}
      />
    </Section>
  )
}
