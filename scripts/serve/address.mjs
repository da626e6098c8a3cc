// @ts-check

/**
 * The address that a request is answered for. One whose percent signs stand for no text is nobody's page; Next.js would
 * answer it with a page of its own, so it becomes an address that is as surely absent.
 *
 * @param {string} url path and query, as sent
 */
export function readableAddress(url) {
  const [path = ''] = url.split('?')
  try {
    decodeURIComponent(path)
    return url
  } catch {
    return path.startsWith('/api/') ? '/api/v1/unreadable' : '/unreadable'
  }
}
