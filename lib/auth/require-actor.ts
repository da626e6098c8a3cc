import 'server-only'
import { cache } from 'react'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'

import type { Actor } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { holds, type Permission } from '@/lib/access/permissions'
import { pathToReturnTo } from './return-path'
import { requestOrigin } from './request-origin'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { readSessionCookie } from './session-cookie'

/** Carries the path of a page from proxy.ts, so that sign-in can lead back to it. */
export const PATH_HEADER = 'x-amparo-path'

/**
 * The member who asks, or null before sign-in and after the session has ended. The cookie only holds the session's id:
 * whether it lives, whose it is and what they may do, the database says at each request. Without a cookie it isn't asked.
 */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const session = await readSessionCookie()
  if (session === null) return null
  return identify({ kind: 'session', hash: digestOf(session) }, await requestOrigin())
})

/** The member who asks; anyone else is sent to sign in, and afterwards back to where they were going. */
export async function requireActor(): Promise<Actor> {
  const actor = await currentActor()
  if (actor !== null) return actor
  const path = pathToReturnTo((await headers()).get(PATH_HEADER))
  redirect(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`)
}

/**
 * The member who asks for a page that is for one permission only: for whoever lacks it the page is not there, like one
 * that doesn't exist. This keeps an empty shell out of sight; what may be read and done the services decide.
 */
export async function requireActorWho(permission: Permission): Promise<Actor> {
  const actor = await requireActor()
  if (!holds(actor, permission)) notFound()
  return actor
}
