import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { parseCode } from '@/lib/platform/ids'

/** The title of a page of a case: where, and the case's code. What is no code stays out of it. */
export async function caseMetadata(params: Promise<{ readonly code: string }>, page: string): Promise<Metadata> {
  const t = await getTranslations('cases')
  const code = parseCode((await params).code, 'CAS')
  return code === null ? {} : { title: t('case_page_title', { page, code }) }
}
