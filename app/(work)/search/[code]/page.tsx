import { notFound, redirect } from 'next/navigation'
import { requireActor } from '@/lib/auth/require-actor'
import { locateRecord } from '@/lib/people/search-service'

/** From the code of a need or a service to its page in its case. */
export default async function LocateRecordPage({ params }: PageProps<'/search/[code]'>) {
  const { code } = await params
  const found = await locateRecord(await requireActor(), decodeURIComponent(code))
  if (!found.ok) notFound()
  redirect(found.value)
}
