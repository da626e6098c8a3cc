export type PolicyOptions = {
  /** This response's own nonce; null where the answer is no page and may load nothing at all. */
  readonly nonce: string | null
  readonly https: boolean
  /** Next.js reloads code by evaluating text while it is being developed. */
  readonly development: boolean
}

/**
 * The content security policy of one response (requirement W04): only scripts with the nonce and what they load
 * themselves; no inline style attribute; nothing from elsewhere, framed by nobody, forms to ourselves only.
 */
export function contentSecurityPolicy({ nonce, https, development }: PolicyOptions): string {
  if (nonce === null) return "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  const directives = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "script-src-attr 'none'",
    // Next.js puts its own style elements into pages under development, without a nonce.
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    ...(development ? [] : ["style-src-attr 'none'"]),
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "frame-src 'none'",
    "worker-src 'none'",
    "media-src 'none'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(https ? ['upgrade-insecure-requests'] : []),
  ]
  return directives.join('; ')
}

/** Headers that every response has. HSTS only on https: on plain http browsers ignore it. */
export function securityHeaders(https: boolean): readonly (readonly [string, string])[] {
  return [
    ['X-Content-Type-Options', 'nosniff'],
    // Not `no-referrer`, with which browsers post `Origin: null` (hard-parts 25).
    ['Referrer-Policy', 'same-origin'],
    ['X-Frame-Options', 'DENY'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Origin-Agent-Cluster', '?1'],
    ['X-DNS-Prefetch-Control', 'off'],
    ['X-Permitted-Cross-Domain-Policies', 'none'],
    ['Permissions-Policy', PERMISSIONS_POLICY],
    ...(https ? [['Strict-Transport-Security', 'max-age=63072000; includeSubDomains'] as const] : []),
  ]
}

/** What no page of ours uses, and so no script that got in may use either. */
const PERMISSIONS_POLICY = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
]
  .map((feature) => `${feature}=()`)
  .join(', ')
