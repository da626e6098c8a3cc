import type SMTPTransport from 'nodemailer/lib/smtp-transport'

/**
 * How an SMTP URL is spoken to: `smtps:` under TLS from the first byte, `smtp:` only once TLS has begun, unless the
 * server is this computer or the URL says `?tls=no`. Waits end before a claim on the mail does.
 */
export function smtpOptions(url: string, seconds: number): SMTPTransport.Options {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url)
  const secure = protocol === 'smtps:'
  const plain = searchParams.get('tls') === 'no' || isThisComputer(hostname)
  const wait = seconds * 1000
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !plain,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: wait / 3,
    greetingTimeout: wait / 3,
    socketTimeout: wait / 2,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function isThisComputer(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
