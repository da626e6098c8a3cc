import 'server-only'
import type { ServiceView } from '@/lib/assistance/services/schema'
import type { Flash } from '@/lib/forms/flash'
import { getFormat } from '@/lib/i18n/get-format'
import { addDays, dayIn } from '@/lib/platform/zone'

/** "Service logged: emergency shelter, today. 6(b) 9", with what to do next. */
export async function loggedFlash(service: ServiceView): Promise<Flash> {
  const { when, terms } = await dayWords(service.deliveredOn)
  return {
    message: 'assistance.service.logged',
    values: when,
    terms: { type: `mandate.types.${service.category}.${service.type}`, ...terms },
    paragraphs: service.mandate.map(({ paragraph }) => paragraph),
    links: [
      { label: 'assistance.service.log_another', href: `/cases/${service.case}/services/new` },
      { label: 'assistance.service.amend_link', href: `/cases/${service.case}/services/${service.code}/amend` },
    ],
  }
}

/** Today and yesterday in words, any other day as a date, for the argument `day` of a flash. */
export async function dayWords(
  day: string,
): Promise<{ readonly when: Record<string, string>; readonly terms: Record<string, string> }> {
  const format = await getFormat()
  const today = dayIn(format.timeZone, new Date())
  if (day === today) return { when: {}, terms: { day: 'assistance.day.today' } }
  if (day === addDays(today, -1)) return { when: {}, terms: { day: 'assistance.day.yesterday' } }
  return { when: { day: format.day(day) }, terms: {} }
}
