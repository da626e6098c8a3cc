import 'server-only'
import { headers } from 'next/headers'

/** The path of the page that an action was sent from; the first page where the browser doesn't say. */
export async function pathOfPage(): Promise<string> {
  const referrer = (await headers()).get('referer')
  return referrer !== null && URL.canParse(referrer) ? new URL(referrer).pathname : '/'
}
