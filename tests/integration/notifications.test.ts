import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { withActor } from '@/lib/access/with-actor'
import { changeCase } from '@/lib/cases/service'
import { assignMember, viewTeam } from '@/lib/cases/team-service'
import { NOTICE_QUEUES } from '@/lib/notifications/delivery-service'
import { notify } from '@/lib/notifications/service'
import { closeQueue } from '@/lib/platform/db/queue'
import { closeWorker } from '@/lib/platform/db/worker'
import { forgetEnv } from '@/lib/platform/env'
import { newCode, newId } from '@/lib/platform/ids'
import { fromQueue } from '@/lib/platform/jobs/queue'
import { ok, refuse } from '@/lib/platform/result'
import { openedCase, valueOf } from '@/tests/factories/cases'
import { office } from '@/tests/factories/office'
import { startMailSink, type MailSink } from '@/tests/support/mail-sink'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

let sink: MailSink

beforeAll(async () => {
  sink = await startMailSink()
  setMail(sink.url)
})
beforeEach(async () => {
  sink.received.length = 0
  sink.refuse = false
  await owner`DELETE FROM pgboss.job`
  await owner`DELETE FROM notice`
  await owner`DELETE FROM notice_preference`
})
afterAll(async () => {
  await closeQueue()
  await closeWorker()
  await sink.close()
})

function setMail(url: string | undefined): void {
  if (url === undefined) delete process.env['AMPARO_SMTP_URL']
  else process.env['AMPARO_SMTP_URL'] = url
  process.env['AMPARO_MAIL_FROM'] = 'amparo@harbour.example'
  forgetEnv()
}

/** Does what waits in the queue of mails. */
async function sendWaiting(): Promise<void> {
  for (const handler of NOTICE_QUEUES) {
    const job = fromQueue(handler)
    while ((await job.run()) > 0);
  }
}

const tell = (to: readonly string[], subject = newCode('TSK'), urgent = true) =>
  withActor(harbour.supervisor, async (tx) => {
    await notify(tx, { kind: 'task.assigned', to, subject, urgent })
    return ok()
  })

const deliveries = () => owner<{ state: string; attempts: number }[]>`SELECT state, attempts FROM notice_delivery`

describe('a notice', () => {
  it('R04: is there, with its mail, exactly when the transaction that caused it commits', async () => {
    const undone = await withActor(harbour.supervisor, async (tx) => {
      await notify(tx, { kind: 'task.assigned', to: [harbour.caseworker.member], urgent: true })
      return refuse('conflict')
    })
    expect(undone.ok).toBe(false)
    await sendWaiting()
    expect(await owner`SELECT 1 FROM notice`).toHaveLength(0)
    expect(sink.received).toEqual([])

    await tell([harbour.caseworker.member])
    await sendWaiting()
    expect(await owner`SELECT 1 FROM notice`).toHaveLength(1)
    expect(sink.received).toHaveLength(1)
    expect(await deliveries()).toMatchObject([{ state: 'sent', attempts: 1 }])
  })

  it('T18: reaches members of the own agency alone, and only those who are active', async () => {
    const other = await office(owner)
    await owner`UPDATE member SET status = 'deactivated' WHERE id = ${harbour.colleague.member}`
    await tell([harbour.caseworker.member, harbour.colleague.member, other.caseworker.member, newId()])
    const told = await owner<{ member_id: string }[]>`SELECT member_id FROM notice`
    expect(told.map((row) => row.member_id)).toEqual([harbour.caseworker.member])
    await owner`UPDATE member SET status = 'active' WHERE id = ${harbour.colleague.member}`
  })

  it('W10, trap T9: is about a code or nothing; the database takes no name for one', async () => {
    await expect(tell([harbour.caseworker.member], 'Quillon Abara')).rejects.toThrow()
    await expect(tell([harbour.caseworker.member], 'TSK-quillon12')).rejects.toThrow()
    await expect(tell([harbour.caseworker.member])).resolves.toMatchObject({ ok: true })
  })

  it('of a kind that no migration made is refused', async () => {
    await expect(
      withActor(harbour.supervisor, async (tx) => {
        await notify(tx, { kind: 'weather.changed' as 'task.assigned', to: [harbour.caseworker.member] })
        return ok()
      }),
    ).rejects.toThrow()
  })

  it('tells a member that their roles were changed, by whichever way that was done', async () => {
    await owner`UPDATE member SET roles = '{caseworker,supervisor}' WHERE id = ${harbour.colleague.member}`
    const rows = await owner`SELECT kind, member_id FROM notice`
    expect([...rows]).toEqual([{ kind: 'account.roles-changed', member_id: harbour.colleague.member }])
    await owner`UPDATE member SET theme = 'dark' WHERE id = ${harbour.colleague.member}`
    expect(await owner`SELECT 1 FROM notice`).toHaveLength(1)
  })
})

describe('what happens in the casework', () => {
  const subjects = () =>
    owner<{ kind: string; subject: string; member_id: string }[]>`SELECT kind, subject, member_id FROM notice`

  it('tells whoever is added to a team, by the code of the case, and nobody who adds themselves', async () => {
    const { code } = await openedCase(harbour.caseworker)
    const team = valueOf(await viewTeam(harbour.caseworker, { case: code }))
    const colleague = team.candidates.find(({ name }) => name === harbour.colleague.displayName)
    valueOf(await assignMember(harbour.caseworker, { case: code, member: colleague?.handle ?? '' }))
    expect([...(await subjects())]).toEqual([
      { kind: 'case.joined', subject: code, member_id: harbour.colleague.member },
    ])
  })

  it('tells the lead of a case of a review that another member made for them, and not of their own', async () => {
    const { code } = await openedCase(harbour.caseworker)
    await owner`DELETE FROM notice`
    valueOf(await changeCase(harbour.caseworker, { case: code, version: 1, risk: 'high' }))
    expect(await subjects()).toEqual([])
    valueOf(await changeCase(harbour.supervisor, { case: code, version: 2, risk: 'medium' }))
    expect([...(await subjects())]).toMatchObject([
      {
        kind: 'task.assigned',
        subject: expect.stringMatching(/^TSK-/) as string,
        member_id: harbour.caseworker.member,
      },
    ])
  })
})

describe('a mail', () => {
  it('W10, trap T9: holds the code and a link by code, no name and no word that tells what this is for', async () => {
    const code = newCode('TSK')
    for (const locale of ['en', 'zh-Hans']) {
      await owner`UPDATE member SET locale = ${locale} WHERE id = ${harbour.caseworker.member}`
      await tell([harbour.caseworker.member], code)
      await sendWaiting()
    }
    expect(sink.received).toHaveLength(2)
    for (const { source, to } of sink.received) {
      const text = decoded(source)
      expect(text).toContain(`/tasks/${code}`)
      const [row] = await owner<{ email: string; display_name: string }[]>`
        SELECT email, display_name FROM member WHERE id = ${harbour.caseworker.member}`
      expect(to).toBe(row?.email)
      for (const marker of [harbour.caseworker.displayName, harbour.supervisor.displayName, harbour.agency.name])
        expect(text).not.toContain(marker)
      expect(text.replace(/^(Message-ID|From|To):.*$/gim, '')).not.toMatch(
        /traffick|victim|survivor|shelter|refuge|exploit|人口贩运|受害|庇护/i,
      )
      expect(text).toMatch(/^Auto-Submitted: auto-generated/im)
    }
    await owner`UPDATE member SET locale = 'en' WHERE id = ${harbour.caseworker.member}`
  })

  it('W10: bears the name that the agency chose for the product', async () => {
    await owner`UPDATE agency SET product_name = 'Desk' WHERE id = ${harbour.agency.id}`
    await tell([harbour.caseworker.member])
    await sendWaiting()
    const text = decoded(sink.received[0]?.source ?? '')
    expect(text).toMatch(/^Subject: Desk: an urgent message for you/m)
    expect(text.replace(/^(Message-ID|From|To|Date):.*$/gim, '')).not.toContain('Amparo')
    await owner`UPDATE agency SET product_name = NULL WHERE id = ${harbour.agency.id}`
  })

  it('is a file of the data directory, readable by its owner alone, where there is no mail server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'amparo-mail-'))
    process.env['AMPARO_DATA_DIR'] = folder
    setMail(undefined)
    try {
      await tell([harbour.caseworker.member])
      await sendWaiting()
      const files = await readdir(join(folder, 'mail'))
      expect(files).toHaveLength(1)
      const file = join(folder, 'mail', files[0] ?? '')
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      expect(await readFile(file, 'utf8')).toContain('Message-ID:')
    } finally {
      delete process.env['AMPARO_DATA_DIR']
      setMail(sink.url)
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('R04: that the server did not take is sent at the next try, under the same Message-ID', async () => {
    await owner`UPDATE pgboss.queue SET retry_delay = 0, retry_backoff = false WHERE name = 'notice-mail'`
    await tell([harbour.caseworker.member])
    const [handler] = NOTICE_QUEUES
    if (handler === undefined) throw new Error('No queue of mails')
    sink.refuse = true
    await fromQueue(handler).run()
    expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 1 }])
    sink.refuse = false
    await sendWaiting()
    expect(await deliveries()).toMatchObject([{ state: 'sent', attempts: 2 }])
    expect(sink.received).toHaveLength(1)
    const [row] = await owner<{ id: string }[]>`SELECT id FROM notice_delivery`
    expect(sink.received[0]?.id).toBe(row?.id)
  })

  it('R04: goes out once when two processes have its job at the same moment', async () => {
    await tell([harbour.caseworker.member])
    const [job] = await owner<{ data: unknown }[]>`SELECT data FROM pgboss.job WHERE name = 'notice-mail'`
    const done = await Promise.allSettled([1, 2, 3].map(async () => NOTICE_QUEUES[0]?.handle(job?.data)))
    expect(sink.received).toHaveLength(1)
    expect(
      done.filter(({ status }) => status === 'rejected').map((one) => String((one as PromiseRejectedResult).reason)),
    ).toEqual(expect.arrayContaining([expect.stringContaining('DeliveryTaken')]))
  })

  it('is no longer sent to a member who left meanwhile, or who no longer wants it', async () => {
    await tell([harbour.caseworker.member, harbour.colleague.member])
    await owner`UPDATE member SET status = 'deactivated' WHERE id = ${harbour.colleague.member}`
    await owner`
      INSERT INTO notice_preference (member_id, agency_id, kind, mail, at_once)
      VALUES (${harbour.caseworker.member}, ${harbour.agency.id}, 'task.assigned', false, false)`
    await sendWaiting()
    expect(sink.received).toEqual([])
    expect(await deliveries()).toMatchObject([{ state: 'skipped' }, { state: 'skipped' }])
    await owner`UPDATE member SET status = 'active' WHERE id = ${harbour.colleague.member}`
  })
})

/** The headers and the text of a mail, as its reader sees them. */
function decoded(source: string): string {
  const at = source.search(/\r?\n\r?\n/)
  const headers = source
    .slice(0, at)
    .replace(/\r?\n\s+/g, ' ')
    .replace(/=\?UTF-8\?B\?([^?]*)\?= ?/gi, (_, text: string) => Buffer.from(text, 'base64').toString())
    .replace(/=\?UTF-8\?Q\?([^?]*)\?= ?/gi, (_, text: string) => unquoted(text.replaceAll('_', ' ')))
  const body = source.slice(at)
  if (/^Content-Transfer-Encoding: base64/im.test(headers))
    return `${headers}\n${Buffer.from(body, 'base64').toString()}`
  if (/^Content-Transfer-Encoding: quoted-printable/im.test(headers)) return `${headers}\n${unquoted(body)}`
  return `${headers}\n${body}`
}

function unquoted(text: string): string {
  const bytes = text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
