import { notFound, redirect } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { requireActor } from '@/lib/auth/require-actor'
import { locateRecord } from '@/lib/people/search-service'
import { parseCode } from '@/lib/platform/ids'

// Whoever it is there for is sent on before they could read a title.
export const generateMetadata = titleOrMissing(LocateRecordPage, () => Promise.resolve({}))

export default orMissing(LocateRecordPage)

/** From the code of a need, a service or a consent to its page in its case; an emergency access has an address of its own. */
async function LocateRecordPage({ params }: PageProps<'/search/[code]'>): Promise<never> {
  const { code } = await params
  const access = parseCode(decodeURIComponent(code), 'EMG')
  if (access !== null) redirect(`/emergency-access/${access}`)
  const found = await locateRecord(await requireActor(), decodeURIComponent(code))
  if (!found.ok) notFound()
  redirect(found.value)
}
