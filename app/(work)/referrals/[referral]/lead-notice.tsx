import { getTranslations } from 'next-intl/server'
import { LinkButton } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import type { ReferralView } from '@/lib/referrals/schema'

/** What a transfer of the lead waits for, or that it moved, in the words of whoever reads it. */
export async function LeadNotice({ referral }: { readonly referral: ReferralView }) {
  const t = await getTranslations('referrals.transfer.notice')
  const { code, state, side, may, fromAgencyName: from, toAgencyName: to } = referral
  if (state === 'accepted') {
    const isTheirs = side === 'sender' && !may.includes('confirm')
    return (
      <Notice tone={may.includes('confirm') ? 'warn' : 'info'}>
        {side === 'receiver' ? t('accepted_receiver', { from }) : t(isTheirs ? 'accepted_other' : 'accepted', { to })}
      </Notice>
    )
  }
  if (state !== 'in_service') return null
  return side === 'receiver' && referral.package !== null ? (
    <Notice
      tone="info"
      act={
        <LinkButton href={`/referrals/${code}/lead`} tone="primary">
          {t('work')}
        </LinkButton>
      }
    >
      {t('leads_receiver', { from })}
    </Notice>
  ) : (
    <Notice tone="info">{t('leads', { to })}</Notice>
  )
}
