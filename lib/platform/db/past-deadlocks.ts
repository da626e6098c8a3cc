import { setTimeout as wait } from 'node:timers/promises'

import { sqlStateOf } from './failures'

const DEADLOCK = '40P01'
const TRIES = 4
/** Milliseconds; longer each time, so that whoever won the deadlock gets hold of what it waited for first. */
const WAIT = 60

/**
 * Runs a whole transaction, and again when the database undid it to end a deadlock: whoever it waited for is done soon.
 * Nothing of a try that failed is left. Only around the outermost transaction, since inside one nothing can be tried again.
 */
export async function pastDeadlocks<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await transaction()
    } catch (error) {
      if (tried === TRIES || sqlStateOf(error) !== DEADLOCK) throw error
      await wait(WAIT * tried)
    }
  }
}
