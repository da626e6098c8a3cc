import type { Actor } from '@/lib/access/actor'
import { openCase, restrictCase, viewCase } from '@/lib/cases/service'
import type { CaseView, OpenCaseInput } from '@/lib/cases/schema'
import { registerPerson } from '@/lib/people/service'
import type { RegisterPersonInput } from '@/lib/people/schema'
import type { Result } from '@/lib/platform/result'

/** The value of a result that must be one; a refusal fails the test with its words. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`Refused: ${JSON.stringify(result)}`)
  return result.value
}

/** A person whom this member registered; returns the person's code. */
export async function registeredPerson(actor: Actor, input: RegisterPersonInput = {}): Promise<string> {
  return valueOf(await registerPerson(actor, input)).code
}

/** A case of a new person, opened by this member, who is its team. */
export async function openedCase(actor: Actor, input: Partial<OpenCaseInput> = {}): Promise<CaseView> {
  const person = input.person ?? (await registeredPerson(actor))
  return valueOf(await openCase(actor, { ...input, person }))
}

/** A case that its only team member has restricted. */
export async function restrictedCase(actor: Actor, input: Partial<OpenCaseInput> = {}): Promise<CaseView> {
  const opened = await openedCase(actor, input)
  valueOf(await restrictCase(actor, { case: opened.code }))
  return valueOf(await viewCase(actor, { case: opened.code }))
}
