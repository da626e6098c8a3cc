import { Icon } from '@/components/ui/icon'
import { getTranslations } from 'next-intl/server'
import type { ListedServiceView } from '@/lib/directory/schema'
import { offerWords } from './offer-words'

/** How much room there is, how old the number is, and whether it still counts. */
export async function RoomState({ service }: { readonly service: ListedServiceView }) {
  const t = await getTranslations('directory')
  const words = await offerWords([])
  const { room, fit } = service
  const hasNumber = typeof room?.available === 'number'
  const age = room !== null && hasNumber ? words.roomAge(room) : null
  return (
    <span className="inline-flex items-start gap-1.5">
      <Icon
        name={fit.room === 'free' ? 'circle-check' : fit.room === 'full' ? 'circle-x' : 'circle-dashed'}
        size="sm"
        className="mt-1"
      />
      <span>
        {words.room(room)}
        {age === null ? null : (
          <span className="block text-note text-ink-2">
            {age}
            {fit.room === 'old' ? `, ${t('room_old')}` : null}
          </span>
        )}
      </span>
    </span>
  )
}
