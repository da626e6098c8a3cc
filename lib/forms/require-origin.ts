import 'server-only'
import { headers } from 'next/headers'
import { settings } from '@/lib/platform/env'
import { isOwnOrigin } from './origin'

/** Whether this request's Origin is our own; every action and every handler that changes something asks this first. */
export async function hasOwnOrigin(): Promise<boolean> {
  return isOwnOrigin((await headers()).get('origin'), settings.publicOrigin)
}
