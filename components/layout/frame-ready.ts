import { cache } from 'react'

/*
 * The frame around a page and the page itself are made side by side, and what is done first is sent first. A page that
 * says it is missing waits for its frame: otherwise the order of its bytes would tell how long it took to find that out,
 * and a record out of sight takes longer than one that isn't there (T05, trap T11).
 */
const slot = cache((): { ready?: Promise<unknown> } => ({}))

/** Says what the frame of this answer waits for; before anything is awaited, so that the page finds it. */
export function frameWaitsFor<T>(work: Promise<T>): Promise<T> {
  slot().ready = work
  return work
}

/** Resolves when the frame of this answer has what it waits for, or has failed. */
export async function frameIsReady(): Promise<void> {
  await slot().ready?.catch(() => undefined)
}
