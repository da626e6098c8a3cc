import { getTranslations } from 'next-intl/server'
import { FieldBoxes, FieldsAtOnce, FieldsThatStay, UrgencyRows } from '@/components/referrals/offered-fields'
import { LinkButton } from '@/components/ui/button'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { TextArea } from '@/components/ui/text-area'
import { initialForm } from '@/lib/forms/initial-form'
import type { OfferView } from '@/lib/referrals/schema'
import { createReferralAction } from '../../../../referrals/actions'

type SeeStepProps = { readonly offer: OfferView; readonly needs: readonly string[] }

/** The form for the person's answer, filled in with the agency that it is about, and the way back here. */
function askFor(offer: OfferView, back: string): string {
  return `/cases/${offer.case}/consents/new?${new URLSearchParams({ to: offer.service.agency, purpose: 'sharing', back }).toString()}`
}

/** What the other agency would see, field by field: now, after accepting, and what stays and why. Then reason and send. */
export async function SeeStep({ offer, needs }: SeeStepProps) {
  const t = await getTranslations('referrals')
  const { service, ready, why } = offer
  const back = `/cases/${offer.case}/referrals/new?${new URLSearchParams(needs.map((code) => ['need', code])).toString()}`
  const now = offer.fields.filter(({ wanted, part }) => wanted && part === 'preview')
  const choices = offer.fields.filter(({ allowed, part }) => allowed && part === 'package')
  const stays = offer.fields.filter(({ allowed }) => !allowed)
  return (
    <>
      <p className="mb-4 text-lead font-semibold">
        {t('new.to', { agency: service.agencyName, service: service.name })}
      </p>
      {ready ? null : (
        <div className="mb-8">
          <Notice
            tone="stop"
            act={
              <span className="flex flex-wrap gap-2">
                {why === 'no_basis' ? (
                  <LinkButton href={askFor(offer, `${back}&to=${service.code}`)}>{t('new.ask')}</LinkButton>
                ) : null}
                <LinkButton href={back}>{t('new.back')}</LinkButton>
              </span>
            }
          >
            {t(why === 'no_agreement' ? 'new.not_ready_agreement' : 'new.not_ready_basis', {
              agency: service.agencyName,
            })}
          </Notice>
        </div>
      )}
      <FieldsAtOnce fields={now} />
      {ready ? (
        <ActionForm
          action={createReferralAction}
          initial={await initialForm(
            { fields: choices.filter(({ wanted }) => wanted).map(({ field }) => field), urgency: offer.urgency },
            `${back}&to=${service.code}`,
          )}
          submit={t('new.submit')}
          also={[{ intent: 'draft', label: t('new.draft') }]}
          cancel={{ href: back, label: t('new.back') }}
          hidden={{
            case: offer.case,
            directoryService: service.code,
            ...Object.fromEntries(needs.map((code, index) => [`needs.${String(index)}`, code])),
            ...Object.fromEntries(now.map(({ field }, index) => [`shown.${String(index)}`, field])),
          }}
          footer={<p className="measure text-note text-ink-2">{t('new.warn_review')}</p>}
        >
          <FieldBoxes fields={choices} label={t('new.choose_fields')} hint={t('new.choose_hint')} />
          <UrgencyRows label={t('new.urgency')} />
          <TextArea name="reason" label={t('new.reason')} hint={t('new.reason_hint')} optional maxLength={2000} />
        </ActionForm>
      ) : null}
      <FieldsThatStay fields={stays} />
    </>
  )
}
