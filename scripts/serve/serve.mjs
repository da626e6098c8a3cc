// @ts-check
import { EventEmitter } from 'node:events'
import { createServer, Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import next from 'next'
import { answerInReach } from './answers.mjs'
import { createGate } from './gate.mjs'
import { readableAddress } from './address.mjs'
import { ownHosts } from './hosts.mjs'
import { wholeQuery } from './query.mjs'
import { routeNames } from './routes.mjs'
import { staticFiles } from './static-files.mjs'
import { createWatch } from './watch.mjs'

// On two cores a page takes some 30 ms of one, so those inside wait about a second at most.
const MOST_REQUESTS = 40
const GRACE_MS = 1000
const PATIENCE_MS = 20_000

/**
 * Serves the built application (or, with `dev`, the sources) until the returned function is called, which lets every
 * request finish first.
 *
 * @param {{ dev: boolean, port: number, hosts: readonly string[], folder: string }} options
 * @returns {Promise<() => Promise<void>>}
 */
export async function serve({ dev, port, hosts, folder }) {
  const servers = hosts.map(() =>
    createServer({ headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 }),
  )
  const [first = createServer()] = servers
  // Given a server of its own to listen to, Next.js does not open ours to upgrades.
  const app = next({ dev, port, httpServer: dev ? first : /** @type {Server} */ (new EventEmitter()) })
  await app.prepare()
  const handle = app.getRequestHandler()
  const answerStatic = dev ? () => false : await staticFiles(join(folder, 'static'))
  const isOwn = ownHosts({
    origin: process.env['AMPARO_ORIGIN'] ?? `http://localhost:${port}`,
    port,
    proxies: Number(process.env['AMPARO_PROXIES'] ?? '0'),
  })
  const watch = createWatch({ nameOf: await routeNames(folder), level: dev ? 'warn' : process.env['AMPARO_LOG_LEVEL'] })
  const gate = createGate(dev ? Infinity : MOST_REQUESTS, watch.turnedAway)
  let closing = false

  /** @type {import('node:http').RequestListener} */
  const answer = (request, response) => {
    if (closing) response.setHeader('connection', 'close')
    if (!isOwn(request.headers.host) && !isHealth(request)) return refuseHost(response)
    request.url = wholeQuery(readableAddress(request.url ?? '/'))
    nameClient(request)
    if (answerStatic(request, response)) return
    watch.begin(request, response)
    if (!gate.enter(request, response)) return
    answerInReach(request, response, () => handle(request, response)).catch(() => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
      response.end()
    })
  }

  for (const [index, server] of servers.entries()) {
    server.on('request', answer)
    if (!dev) server.on('upgrade', refuseUpgrade)
    // Next.js listens for its live reload on the first server alone; without it no page comes alive.
    else if (server !== first) server.on('upgrade', (...upgrade) => void first.emit('upgrade', ...upgrade))
    await listen(server, port, hosts[index] ?? 'localhost', index > 0)
  }

  return async () => {
    closing = true
    // For a moment longer it takes what is on its way already: closing the door resets connections that wait before it.
    await sleep(GRACE_MS)
    // Server.close of node:http would also cut idle connections, on which a request may be coming at this moment.
    for (const server of servers) NetServer.prototype.close.call(server)
    await Promise.race([gate.empty(), sleep(PATIENCE_MS)])
    for (const server of servers) server.closeAllConnections()
    await app.close()
  }
}

/**
 * Adds whoever is connected to X-Forwarded-For, as a proxy would: Next.js believes what the sender wrote there.
 *
 * @param {import('node:http').IncomingMessage} request
 */
function nameClient({ headers, socket }) {
  const given = headers['x-forwarded-for']
  headers['x-forwarded-for'] = [given ?? [], socket.remoteAddress ?? []].flat().join(', ')
}

/** @param {import('node:http').IncomingMessage} request */
function isHealth(request) {
  // Load balancers ask by address.
  return (request.url ?? '').startsWith('/api/health')
}

/** @param {import('node:http').ServerResponse} response */
function refuseHost(response) {
  response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end('This is not the address of this application; AMPARO_ORIGIN sets it.\n')
}

/** @param {import('node:stream').Duplex} socket */
function refuseUpgrade(_request, socket) {
  socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}

/**
 * @param {Server} server
 * @param {number} port
 * @param {string} host
 * @param {boolean} optional
 * @returns {Promise<void>}
 */
function listen(server, port, host, optional) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => (optional && !isBusy(error) ? resolve() : reject(error)))
    server.listen({ port, host }, () => resolve())
  })
}

/** @param {NodeJS.ErrnoException} error */
function isBusy(error) {
  return error.code === 'EADDRINUSE'
}
