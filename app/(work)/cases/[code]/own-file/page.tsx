import { notFound, redirect } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { requireActor } from '@/lib/auth/require-actor'
import { referralOfOwnCase } from '@/lib/referrals/own-file/service'

// Whoever it is there for is sent on before they could read a title.
export const generateMetadata = titleOrMissing(OwnFileOfCasePage, () => Promise.resolve({}))

export default orMissing(OwnFileOfCasePage)

/** From a case that was opened as a file of the agency's own to the referral that it came with, where its basis stands. */
async function OwnFileOfCasePage({ params }: PageProps<'/cases/[code]/own-file'>): Promise<never> {
  const found = await referralOfOwnCase(await requireActor(), { case: (await params).code })
  if (!found.ok) notFound()
  redirect(`/referrals/${found.value}/own-file`)
}
