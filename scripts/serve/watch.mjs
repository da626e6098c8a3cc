// @ts-check
import { randomUUID } from 'node:crypto'
import { Counter, Gauge, Histogram, collectDefaultMetrics } from 'prom-client'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** Where the levels begin that leave ordinary requests out of the log. */
const QUIET = new Set(['warn', 'error', 'fatal', 'silent'])

/**
 * Counts each request and writes one line of log for it: its own id, the page or endpoint, the status and the time it
 * took. Never an address, a code, a query or a name, so a line can be kept and shown (requirement L06).
 *
 * @param {{ nameOf: (url: string | undefined) => string, level?: string, write?: (line: string) => unknown }} options
 */
export function createWatch({ nameOf, level = 'info', write = (line) => process.stdout.write(line) }) {
  const { requests, seconds, refused, inside } = meters()
  const speaks = !QUIET.has(level)

  return {
    /**
     * To be called before anything is answered. Names the request for the pages: what a sender calls it counts for
     * nothing, or they could write into our log.
     *
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:http').ServerResponse} response
     */
    begin(request, response) {
      const id = randomUUID()
      request.headers['x-amparo-request'] = id
      const route = nameOf(request.url)
      const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'other'
      const began = performance.now()
      inside.inc()
      response.once('close', () => {
        const took = performance.now() - began
        inside.dec()
        // Who went away before the answer came has no status.
        const status = response.writableFinished ? response.statusCode : 0
        requests.inc({ route, method, status: String(status) })
        seconds.observe({ route, method }, took / 1000)
        if (!speaks || (route === '/api/health' && status < 500)) return
        const line = {
          level: 'info',
          time: new Date().toISOString(),
          requestId: id,
          method,
          route,
          status,
          ms: Math.round(took),
        }
        write(`${JSON.stringify({ ...line, msg: 'answered' })}\n`)
      })
    },

    /** Counts a request that was turned away because too many were inside. */
    turnedAway() {
      refused.inc()
    },
  }
}

/** @type {ReturnType<typeof makeMeters> | undefined} */
let made

/** One set of meters for the process, which prom-client keeps in its own list for `/api/metrics`. */
function meters() {
  return (made ??= makeMeters())
}

function makeMeters() {
  collectDefaultMetrics()
  return {
    requests: new Counter({
      name: 'amparo_http_requests_total',
      help: 'Answers by page or endpoint, method and status; status 0: the sender went away',
      labelNames: ['route', 'method', 'status'],
    }),
    seconds: new Histogram({
      name: 'amparo_http_request_duration_seconds',
      help: 'How long answers took',
      labelNames: ['route', 'method'],
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    }),
    refused: new Counter({
      name: 'amparo_http_turned_away_total',
      help: 'Requests answered with 503 because too many were under way',
    }),
    inside: new Gauge({ name: 'amparo_http_requests_under_way', help: 'Requests that are being answered' }),
  }
}
