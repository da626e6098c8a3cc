import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { SMTPServer } from 'smtp-server'

export type ReceivedMail = { readonly id: string; readonly to: string; readonly source: string }

/** A real SMTP server that keeps what it is given. */
export type MailSink = {
  readonly url: string
  /** Everything taken over, in order; a mail that was sent twice stands here twice. */
  readonly received: ReceivedMail[]
  /** From now on answers each mail with a failure, or no more. */
  refuse: boolean
  readonly close: () => Promise<void>
}

/** Starts a mail server on this computer. `onMail` runs when a mail is stored and before its sender hears so. */
export async function startMailSink(onMail?: (mail: ReceivedMail) => void | Promise<void>): Promise<MailSink> {
  const received: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      let source = ''
      stream.setEncoding('utf8')
      stream.on('data', (part: string) => (source += part))
      stream.once('end', () => {
        if (sink.refuse) {
          done(Object.assign(new Error('Try again later'), { responseCode: 451 }))
          return
        }
        const to = session.envelope.rcptTo[0]?.address ?? ''
        const mail = { id: /^Message-ID: <([^@>]+)/im.exec(source)?.[1] ?? '', to, source }
        received.push(mail)
        void Promise.resolve(onMail?.(mail)).then(() => done())
      })
    },
  })
  // A client that is killed resets its connection.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const sink: MailSink = {
    url: `smtp://127.0.0.1:${String((server.server.address() as AddressInfo).port)}`,
    received,
    refuse: false,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
  return sink
}
