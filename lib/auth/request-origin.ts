import 'server-only'
import { cache } from 'react'
import { headers } from 'next/headers'

import type { RequestOrigin } from '@/lib/access/actor'
import { newId } from '@/lib/platform/ids'
import { networkPrefixOf } from '@/lib/platform/network-prefix'

/** Carries the id of a request from proxy.ts to its log lines and events. */
export const REQUEST_ID_HEADER = 'x-request-id'

/** Where this request came from, as the log keeps it. The same for the whole request. */
export const requestOrigin = cache(async (): Promise<RequestOrigin> => {
  return originOf(await headers())
})

/** The same from a request's headers, for route handlers that have them in hand. */
export function originOf(from: Pick<Headers, 'get'>): RequestOrigin {
  const networkPrefix = networkPrefixOf(from)
  const given = from.get(REQUEST_ID_HEADER)
  const requestId = given !== null && /^[A-Za-z0-9-]{8,60}$/.test(given) ? given : newId()
  return { requestId, ...(networkPrefix === null ? {} : { networkPrefix }) }
}
