import { sqlStateOf } from './failures'

const DEADLOCK = '40P01'

/**
 * Runs a whole transaction, and once more when the database undid it to end a deadlock: whoever it waited for is done by
 * then. Nothing of the first try is left. Only around the outermost transaction, since inside one nothing can be tried again.
 */
export async function onceMore<T>(transaction: () => Promise<T>): Promise<T> {
  try {
    return await transaction()
  } catch (error) {
    if (sqlStateOf(error) !== DEADLOCK) throw error
    return transaction()
  }
}
