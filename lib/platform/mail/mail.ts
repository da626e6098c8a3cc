import 'server-only'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import nodemailer from 'nodemailer'
import type { SendMailOptions, Transporter } from 'nodemailer'
import type SMTPTransport from 'nodemailer/lib/smtp-transport'

import { writeSafely } from '@/lib/platform/data-dir'
import { settings } from '@/lib/platform/env'

import { smtpOptions } from './smtp-options'

/** A mail of the application: who it goes to, and codes. */
export type Mail = {
  /** A UUID. It makes the Message-ID, so that a mail sent twice is one mail wherever it arrives. */
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** The language of both. */
  readonly language: string
}

/** Longer than this, a mail server's silence counts as a failure. */
const LONGEST_SECONDS = 60

/**
 * Sends a mail to the SMTP server of `AMPARO_SMTP_URL` and resolves when that has taken it over. Without a server the
 * mail becomes a file of the data directory, for an installation that is only being looked at. Throws when it was not
 * taken, or when nobody knows: then sending it again is right, since the Message-ID stays.
 */
export async function sendMail(mail: Mail, withinSeconds = LONGEST_SECONDS): Promise<void> {
  const message = messageOf(mail)
  if (settings.smtpUrl === undefined) await writeToFile(mail.id, message)
  else await sendOver(settings.smtpUrl, message, Math.min(withinSeconds, LONGEST_SECONDS))
}

function messageOf({ id, to, subject, text, language }: Mail): SendMailOptions {
  return {
    messageId: `<${id}@${new URL(settings.publicOrigin).hostname}>`,
    from: settings.mailFrom,
    to,
    subject,
    text,
    xMailer: false,
    // No out-of-office answers, and no answer that would be read by nobody.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'Content-Language': language },
  }
}

async function sendOver(url: string, message: SendMailOptions, seconds: number): Promise<void> {
  const transport: Transporter<SMTPTransport.SentMessageInfo> = nodemailer.createTransport(smtpOptions(url, seconds))
  const deadline = setTimeout(() => {
    transport.close()
  }, seconds * 1000)
  try {
    await transport.sendMail(message)
  } finally {
    clearTimeout(deadline)
    transport.close()
  }
}

async function writeToFile(id: string, message: SendMailOptions): Promise<void> {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  const { message: bytes } = await transport.sendMail(message)
  const folder = join(settings.dataDirectory, 'mail')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!Buffer.isBuffer(bytes)) throw new Error('A mail was not written as bytes')
  await writeSafely(join(folder, `${id}.eml`), bytes.toString('utf8'))
}
