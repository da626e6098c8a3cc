import 'server-only'
import { redirect } from 'next/navigation'
import type { Actor } from '@/lib/access/actor'

/** The member who asks, or null before sign-in and after the session has ended. */
export function currentActor(): Promise<Actor | null> {
  return Promise.resolve(null)
}

/** The member who asks; anyone else is sent to sign in. */
export async function requireActor(): Promise<Actor> {
  const actor = await currentActor()
  if (actor === null) redirect('/sign-in')
  return actor
}
