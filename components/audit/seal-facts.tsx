import { getTranslations } from 'next-intl/server'
import { Facts, type Fact } from '@/components/ui/facts'
import { Pill } from '@/components/ui/pill'
import { getFormat } from '@/lib/i18n/get-format'
import type { SealView } from '@/lib/audit/state/schema'
import { SEAL_LOOK } from './seal-words'

/** How the seal stands: state, size, what waits, the last check, and what others need to hold us to it. */
export async function SealFacts({ seal }: { readonly seal: SealView }) {
  const t = await getTranslations('audit.seal')
  const format = await getFormat()
  const { verification: check, waitingSince } = seal
  const facts: Fact[] = [
    { label: t('state_label'), value: <Pill {...SEAL_LOOK[seal.state]}>{t(`state.${seal.state}`)}</Pill> },
    { label: t('size'), value: seal.size === 0 ? t('unsealed') : format.number(seal.size) },
    { label: t('sealed'), value: seal.sealedAt === null ? t('unsealed') : format.moment(new Date(seal.sealedAt)) },
    {
      label: t('waiting'),
      value:
        waitingSince === null
          ? t('waiting_none')
          : t('waiting_since', { count: seal.waiting, when: format.moment(new Date(waitingSince)) }),
    },
    {
      label: t('checked'),
      value:
        check === null
          ? t('checked_never')
          : t('checked_at', {
              when: format.moment(new Date(check.at)),
              count: check.size,
              result: t(check.fault === null ? 'fits' : 'fits_not'),
            }),
    },
    { label: t('epoch'), value: `${format.number(seal.epoch)} (${t('epoch_hint')})` },
    ...(seal.publicKey === null
      ? []
      : [
          {
            label: t('key'),
            value: (
              <code dir="ltr" className="font-code text-note break-all">
                {seal.publicKey}
              </code>
            ),
          },
        ]),
  ]
  return <Facts facts={facts} />
}
