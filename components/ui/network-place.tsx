import { getTranslations } from 'next-intl/server'
import { placeOfNetwork } from '@/lib/i18n/network-place'

/** Where a session or an entry came from: this computer and a local network in words, any other by its shortened address. */
export async function NetworkPlace({ network }: { readonly network: string }) {
  const t = await getTranslations('ui.network')
  const place = placeOfNetwork(network)
  return place === null ? <bdi dir="ltr">{network}</bdi> : <span className="whitespace-nowrap">{t(place)}</span>
}
