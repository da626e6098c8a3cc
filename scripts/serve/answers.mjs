// @ts-check
import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * The request and the answer that a page is being made for, where components/layout/answer-status.ts finds them: the bundles
 * that Next.js builds hold copies of their own of every module, so they meet at a symbol.
 *
 * @type {AsyncLocalStorage<{ request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse }>}
 */
const answers = new AsyncLocalStorage()
Object.assign(globalThis, { [Symbol.for('amparo.answers')]: answers })

/**
 * Answers within reach of the pages.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {() => Promise<void>} answer
 */
export function answerInReach(request, response, answer) {
  return answers.run({ request, response }, answer)
}
