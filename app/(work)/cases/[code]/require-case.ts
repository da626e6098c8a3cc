import { notFound, redirect } from 'next/navigation'
import { requireActor } from '@/lib/auth/require-actor'
import { viewCaseFrame } from '@/lib/cases/overview-service'
import type { CaseFrameView } from '@/lib/cases/overview-schema'
import type { CaseActs } from '@/lib/cases/schema'

/**
 * The case behind a page's address, for a page that does this act on it. Absent and out of sight are the same page; who
 * may see the case but not do this is sent to its first page. Services decide again when the form comes.
 */
export async function requireCase(code: string, act: keyof CaseActs): Promise<CaseFrameView> {
  const found = await viewCaseFrame(await requireActor(), { case: code })
  if (!found.ok) notFound()
  if (!found.value.case.may[act]) redirect(`/cases/${found.value.case.code}`)
  return found.value
}

/** The case behind a page's address, for its team, whatever its state; whoever sees the skeleton only is sent to its first page. */
export async function requireTeamCase(code: string): Promise<CaseFrameView> {
  const found = await viewCaseFrame(await requireActor(), { case: code })
  if (!found.ok) notFound()
  if (found.value.case.content === null) redirect(`/cases/${found.value.case.code}`)
  return found.value
}
