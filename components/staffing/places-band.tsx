import { getTranslations } from 'next-intl/server'
import { caseListHref } from '@/components/cases/case-list-href'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import type { TodayPlace } from '@/lib/cases/today-schema'
import { getFormat } from '@/lib/i18n/get-format'

type PlacesBandProps = { readonly places: readonly TodayPlace[]; readonly today: string }

/** For which unit and for whom the member works beside their own cases now, and until when. */
export async function PlacesBand({ places, today }: PlacesBandProps) {
  const t = await getTranslations('staffing.places')
  const format = await getFormat()
  if (places.length === 0) return null
  return (
    <div className="mb-6 grid gap-2">
      {places.map((place) => {
        const until = format.until(new Date(place.until), today)
        const filter = place.kind === 'cover' ? { unit: place.unitCode } : { worker: place.handle }
        return (
          <Notice
            key={place.kind === 'cover' ? place.unitCode : place.handle}
            icon="clock"
            act={<AppLink href={caseListHref({ tab: 'agency', ...filter })}>{t('cases')}</AppLink>}
          >
            {place.kind === 'cover'
              ? t('cover', { unit: place.unit, until })
              : t('stand_in', { name: place.name, until })}
          </Notice>
        )
      })}
    </div>
  )
}
