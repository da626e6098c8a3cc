import { availableParallelism } from 'node:os'

import { hash, parseOptions, verify } from '@node-rs/argon2'

import { normalisePassword } from '@/lib/platform/password-text'

/** OWASP's floor for Argon2id is 19 MiB, 2 passes, 1 lane (requirement A03). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const

/** The longest password that is hashed at all, in UTF-16 units after normalising; the rules allow fewer. */
const LONGEST = 1024

/** Too many sign-ins at once: try again in a moment. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy'

  constructor() {
    super('Too many passwords are being checked')
  }
}

export type PasswordHasher = {
  /** The PHC string to store. Throws `PasswordsBusy` when too many wait. */
  hash(password: string): Promise<string>
  /**
   * Whether the password is the one behind `stored`. With null (no such account) it does the same work and answers
   * false, so that nobody learns from the time which accounts exist. Throws `PasswordsBusy` when too many wait.
   */
  verify(stored: string | null, password: string): Promise<boolean>
}

/** Whether a stored hash is weaker than what we use now; it is made anew at the next sign-in. */
export function needsRehash(stored: string): boolean {
  try {
    const now = parseOptions(stored)
    return (
      !stored.startsWith('$argon2id$') ||
      now.memoryCost < COST.memoryCost ||
      now.timeCost < COST.timeCost ||
      now.outputLen < COST.outputLen
    )
  } catch {
    return true
  }
}

/**
 * A hasher that works on `parallel` passwords at once and lets `waiting` more queue; whoever comes after is told
 * that it is busy, so that a flood of sign-ins can't take the whole computer.
 */
export function createPasswordHasher(limits: { parallel: number; waiting: number }): PasswordHasher {
  const run = boundedQueue(limits)
  let pretence: Promise<string> | undefined

  return {
    hash: (password) => run(() => hash(checked(password), COST)),
    verify: async (stored, password) => {
      pretence ??= hash('no account has this password', COST)
      const against = stored ?? (await pretence)
      const matches = await run(() => verify(against, normalisePassword(password).slice(0, LONGEST + 1)))
      return stored !== null && matches
    },
  }
}

/** The hasher of this process. One core stays free for everyone who is signed in already. */
export const passwords = createPasswordHasher({ parallel: Math.max(1, availableParallelism() - 1), waiting: 64 })

function checked(password: string): string {
  const normalised = normalisePassword(password)
  if (normalised.length > LONGEST) throw new RangeError('Passwords that long are refused before they get here')
  return normalised
}

function boundedQueue({ parallel, waiting }: { parallel: number; waiting: number }) {
  const queue: (() => void)[] = []
  let running = 0

  return async function run<T>(work: () => Promise<T>): Promise<T> {
    if (running >= parallel) {
      if (queue.length >= waiting) throw new PasswordsBusy()
      // Whoever finishes hands its place over, so `running` isn't raised here.
      await new Promise<void>((start) => queue.push(start))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
