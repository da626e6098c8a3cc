// @ts-check

// Whoever is turned away and asks again at once, as programs do, would take the time of those inside.
const HOLD_MS = 250

/**
 * Counts the requests that are being answered and turns away what comes on top, so that those inside stay quick: not at
 * once, so that who doesn't wait is made to.
 *
 * @param {number} limit
 * @param {() => void} [turnedAway] told of each that is turned away
 * @param {number} [holdMs]
 */
export function createGate(limit, turnedAway = () => undefined, holdMs = HOLD_MS) {
  let inside = 0
  /** @type {(() => void)[]} */
  let waiting = []

  const leave = () => {
    inside -= 1
    if (inside > 0) return
    for (const tell of waiting) tell()
    waiting = []
  }

  return {
    /**
     * Lets a request in, or answers 503 in a moment and returns false. Checks of health are always let in.
     *
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:http').ServerResponse} response
     */
    enter(request, response) {
      if (inside >= limit && !(request.url ?? '').startsWith('/api/health')) {
        turnedAway()
        const held = setTimeout(() => busy(request, response), holdMs)
        response.once('close', () => clearTimeout(held))
        return false
      }
      inside += 1
      response.once('close', leave)
      return true
    },

    /** Resolves when nobody is inside. */
    empty() {
      return inside === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(() => resolve(undefined)))
    },
  }
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function busy(request, response) {
  const api = (request.url ?? '').startsWith('/api/')
  const problem = { type: '/problems/unavailable', title: 'Too busy; try again in a moment', status: 503 }
  response.writeHead(503, {
    'content-type': api ? 'application/problem+json' : 'text/plain; charset=utf-8',
    'retry-after': '2',
    'cache-control': 'no-store',
  })
  response.end(api ? JSON.stringify(problem) : 'Amparo is very busy just now. Wait a moment and load the page again.\n')
}
