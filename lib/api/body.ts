import { refuse, ok, type Result } from '@/lib/platform/result'

/** The largest body in bytes. The longest text of a field is far below it. */
export const LARGEST_BODY = 256 * 1024

/** Why a body can't be read, as the problem it becomes. */
export type Unreadable = 'too_large' | 'unsupported_media_type'

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i

/**
 * The JSON of a request; no body counts as `{}`. Refuses what is no JSON in UTF-8, and text with signs that the
 * database can't hold (NUL, half a surrogate pair).
 */
export async function readJson(request: Request): Promise<Unreadable | Result<unknown>> {
  const bytes = await readBytes(request)
  if (bytes === null) return 'too_large'
  if (bytes.byteLength === 0) return ok({})
  const type = request.headers.get('content-type')
  if (type !== null && !JSON_TYPE.test(type)) return 'unsupported_media_type'
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isStorable(value) ? ok(value) : refuse('invalid', 'unstorable_text')
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return refuse('invalid', 'malformed_json')
    throw error
  }
}

/** The body, or null as soon as it is larger than allowed, whatever Content-Length says. */
async function readBytes(request: Request): Promise<Uint8Array | null> {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST_BODY) return null
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > LARGEST_BODY) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Walks without recursion: a body may be nested as deep as it is long. */
function isStorable(root: unknown): boolean {
  const open: unknown[] = [root]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string' && !isStorableText(value)) return false
    if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        if (!isStorableText(key)) return false
        open.push(item)
      }
    }
  }
  return true
}

/** Whether PostgreSQL takes the text: no NUL, no half of a surrogate pair. */
export function isStorableText(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text)
}
