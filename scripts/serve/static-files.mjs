// @ts-check
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

const PREFIX = '/_next/static/'

/** @type {Record<string, string>} */
const TYPES = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
}

/**
 * @typedef {{ path: string, type: string, size: number, brotli?: { path: string, size: number } }} StaticFile
 */

/**
 * Answers for the built files under /_next/static: brotli where the browser takes it, immutable because their names
 * carry a digest. Only files that were there at the start are known, so no address can lead anywhere else.
 *
 * @param {string} folder
 * @returns {Promise<(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => boolean>}
 */
export async function staticFiles(folder) {
  const files = await listFiles(folder)
  return (request, response) => {
    const url = request.url ?? ''
    if (!url.startsWith(PREFIX)) return false
    const file = files.get(nameOf(url))
    if (file === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n')
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      response.writeHead(405, { allow: 'GET, HEAD' }).end()
    else send(file, request, response)
    return true
  }
}

/** @param {string} url */
function nameOf(url) {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname.slice(PREFIX.length))
  } catch {
    return ''
  }
}

/**
 * @param {StaticFile} file
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function send(file, request, response) {
  const takesBrotli = /\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const chosen = takesBrotli && file.brotli !== undefined ? file.brotli : file
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': chosen.size,
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    vary: 'accept-encoding',
    ...(chosen === file ? {} : { 'content-encoding': 'br' }),
  })
  if (request.method === 'HEAD') response.end()
  else
    createReadStream(chosen.path)
      .on('error', () => response.destroy())
      .pipe(response)
}

/**
 * @param {string} folder
 * @returns {Promise<Map<string, StaticFile>>}
 */
async function listFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const sizes = new Map(
    await Promise.all(paths.map(async (path) => /** @type {const} */ ([path, (await stat(path)).size]))),
  )
  /** @type {Map<string, StaticFile>} */
  const files = new Map()
  for (const [path, size] of sizes) {
    if (path.endsWith('.br')) continue
    const brotliSize = sizes.get(`${path}.br`)
    files.set(relative(folder, path).split(sep).join('/'), {
      path,
      size,
      type: TYPES[extname(path)] ?? 'application/octet-stream',
      ...(brotliSize === undefined ? {} : { brotli: { path: `${path}.br`, size: brotliSize } }),
    })
  }
  return files
}
