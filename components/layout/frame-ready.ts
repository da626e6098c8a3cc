import { cache } from 'react'
import { setTimeout as sleep } from 'node:timers/promises'

/*
 * The frames around a page and the page itself are made side by side, and what is done first is sent first. A page that
 * says it is missing comes after its frames, and these come together: otherwise the order of the bytes would tell how
 * long it took to find out, and a record out of sight takes longer than one that isn't there (T05, trap T11).
 */
const slot = cache((): { readonly frames: Promise<unknown>[] } => ({ frames: [] }))

/** What a frame waits for; it is given back when every frame of this answer has what it waits for. */
export async function frameWaitsFor<T>(work: Promise<T>): Promise<T> {
  slot().frames.push(work)
  await allFrames()
  return work
}

/** Resolves when the frames of this answer have been made. */
export async function framesAreMade(): Promise<void> {
  await allFrames()
  await sleep(MOMENT_MS)
}

/** Long enough for frames to be on their way, and nothing that anybody notices. */
const MOMENT_MS = 15

async function allFrames(): Promise<void> {
  const { frames } = slot()
  for (let known = -1; known !== frames.length;) {
    known = frames.length
    await Promise.allSettled(frames)
  }
}
