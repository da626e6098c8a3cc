import type { AsyncLocalStorage } from 'node:async_hooks'

type Asked = {
  readonly request: { readonly headers: Readonly<Record<string, unknown>> }
  readonly response: { statusCode: number; readonly headersSent: boolean }
}

/** The request and its answer, as scripts/serve/answers.mjs keeps them while a page is made. */
const ANSWERS = Symbol.for('amparo.answers')

/**
 * Gives the document that is being made this status; Next.js has no way for a page to do so and still show itself.
 * False when no server of ours is asked, or it is too late: then nothing was changed. What the router of a living page
 * asks for keeps its 200, for another status would make it load everything again and put a second look on record.
 */
export function answerStatus(status: number): boolean {
  const asked = (globalThis as { [ANSWERS]?: AsyncLocalStorage<Asked> })[ANSWERS]?.getStore()
  if (asked === undefined || asked.response.headersSent) return false
  if (asked.request.headers['rsc'] === undefined && asked.request.headers['next-action'] === undefined) {
    asked.response.statusCode = status
  }
  return true
}
