import { asMember, given, type MemberOptions } from '@/cli/as-member'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import { rerouteInput } from '@/lib/referrals/desk/schema'
import { rerouteReferral } from '@/lib/referrals/desk/service'
import { moveReferral, type MoveInput } from '@/lib/referrals/move-service'
import { openOwnFile } from '@/lib/referrals/own-file/open-service'
import { DUTIES, openOwnFileInput, OWN_FILE_KINDS, type OwnFileView } from '@/lib/referrals/own-file/schema'
import { viewOwnFile } from '@/lib/referrals/own-file/service'
import {
  BOXES,
  createReferralInput,
  listReferralsInput,
  MOVE_FIELDS,
  REFERRAL_STATES,
  REFERRAL_URGENCIES,
  type Move,
  type ReferralLine,
} from '@/lib/referrals/schema'
import { createReferral } from '@/lib/referrals/send-service'
import { listReferrals, viewReferral } from '@/lib/referrals/service'
import { listCasesWeLead } from '@/lib/referrals/transfer/lead-service'
import { transferLeadInput } from '@/lib/referrals/transfer/schema'
import { transferLead } from '@/lib/referrals/transfer/service'
import type { Command } from 'commander'
import type { ZodType } from 'zod'

const MOVES = Object.keys(MOVE_FIELDS) as Move[]

type ListOptions = MemberOptions & { readonly box: string; readonly state?: string; readonly case?: string }
type MakeOptions = MemberOptions & {
  readonly need: readonly string[]
  readonly to?: string
  readonly service?: string
  readonly urgency?: string
  readonly draft?: true
}
type OwnFileOptions = MemberOptions & {
  readonly basis: string
  readonly duty?: string
  readonly field?: readonly string[]
  readonly person?: string
}
type MoveOptions = MemberOptions & { readonly detail: string }

/** Codes, states and agencies alone: what was shared of a person is opened on its page, where the look is meant. */
export function register(program: Command): void {
  const referral = program.command('referral').description('Read and move referrals, as a member')
  const of = (command: Command) =>
    command
      .requiredOption('--user <email>', 'the member who acts, with their rights and no more')
      .option('--json', 'print the result as JSON')
  of(referral.command('list'))
    .description('List referrals, the latest first')
    .option('--box <box>', `which: ${BOXES.join(', ')}`, 'in')
    .option('--state <state>', `only one state: ${REFERRAL_STATES.join(', ')}`)
    .option('--case <case>', 'only those of a case')
    .action(list)
  of(referral.command('show <referral>')).description('Show how a referral stands').action(show)
  of(referral.command('send <case>'))
    .description('Refer needs of a case to a listed service, or to the best-fitting one of an agency')
    .requiredOption('--need <need...>', 'the needs, by their codes')
    .option('--to <agency>', 'the agency, by its key')
    .option('--service <service>', 'the listed service, by its code')
    .option('--urgency <urgency>', `how pressing: ${REFERRAL_URGENCIES.join(', ')}`)
    .option('--draft', 'keep it as a draft')
    .action(send)
  of(referral.command('move <referral> <move>'))
    .description(`Make a move: ${MOVES.join(', ')}`)
    .option('--detail <json>', 'what goes with it, as the API takes it: {"declineReason":"no_capacity"}', '{}')
    .action(move)
  of(referral.command('transfer <case> <service>'))
    .description('Offer the lead of a case to the agency of a listed service, with all that the person lets go')
    .option('--urgency <urgency>', `how pressing: ${REFERRAL_URGENCIES.join(', ')}`)
    .action(transfer)
  of(referral.command('led')).description('List the cases of other agencies that the member’s agency leads').action(led)
  of(referral.command('reroute <referral> <service>'))
    .description('Ask another listed service, as a coordinator; nothing of the person goes along')
    .action(reroute)
  of(referral.command('own-file <referral>'))
    .description('Show the file that the receiver keeps of its own: that there is one, since when, on which basis')
    .action(showOwnFile)
  of(referral.command('open-own-file <referral>'))
    .description('Open a file of your agency’s own after a referral that you answer for')
    .requiredOption('--basis <basis>', `on what it rests: ${OWN_FILE_KINDS.join(', ')}`)
    .option('--duty <duty>', `which duty, of a legal one: ${DUTIES.join(', ')}`)
    .option('--field <field...>', 'what is copied; all that the basis covers unless told')
    .option('--person <person>', 'who it is, where your agency knows them, by the code')
    .action(makeOwnFile)
}

async function list({ box, state, case: on, ...options }: ListOptions): Promise<void> {
  const input = given(listReferralsInput, {
    ...{ box, limit: 200 },
    ...(state === undefined ? {} : { states: [state] }),
    ...(on === undefined ? {} : { case: on }),
  })
  await asMember(
    options,
    'List of referrals',
    (actor) => listReferrals(actor, input),
    ({ items }) => items.map(inWords).join('\n'),
  )
}

async function show(code: string, options: MemberOptions): Promise<void> {
  await asMember(options, 'Look at a referral', (actor) => viewReferral(actor, { referral: code }), inWords)
}

async function send(on: string, { need, to, service, urgency, draft, ...options }: MakeOptions): Promise<void> {
  const input = given(createReferralInput, {
    ...{ case: on, needs: need, send: draft !== true },
    ...(to === undefined ? {} : { toAgency: to }),
    ...(service === undefined ? {} : { directoryService: service }),
    ...(urgency === undefined ? {} : { urgency }),
  })
  await asMember(options, 'Referral', (actor) => createReferral(actor, input), inWords)
}

async function move(code: string, name: string, { detail, ...options }: MoveOptions): Promise<void> {
  const known = MOVES.find((one) => one === name)
  if (known === undefined) throw new PlainSentence(`A move is one of ${MOVES.join(', ')}.`)
  const read = given(MOVE_FIELDS[known] as ZodType, parsed(detail))
  // The schema of this very move read the detail.
  const input = { referral: code, move: known, detail: read } as MoveInput
  await asMember(options, 'Move of a referral', (actor) => moveReferral(actor, input), inWords)
}

async function transfer(
  on: string,
  service: string,
  { urgency, ...options }: MemberOptions & { readonly urgency?: string },
): Promise<void> {
  const input = given(transferLeadInput, {
    ...{ case: on, directoryService: service },
    ...(urgency === undefined ? {} : { urgency }),
  })
  await asMember(options, 'Transfer of the lead', (actor) => transferLead(actor, input), inWords)
}

async function led(options: MemberOptions): Promise<void> {
  await asMember(options, 'Cases that are led', listCasesWeLead, (lines) =>
    lines
      .map((line) =>
        [line.case, line.transfer, line.holder, `since ${line.since}`, `${String(line.needsOpen)} open`].join('  '),
      )
      .join('\n'),
  )
}

async function reroute(code: string, service: string, options: MemberOptions): Promise<void> {
  const input = given(rerouteInput, { referral: code, directoryService: service })
  await asMember(
    options,
    'Rerouting of a referral',
    (actor) => rerouteReferral(actor, input),
    ({ referral, made }) => `${referral} rerouted as ${made}`,
  )
}

async function showOwnFile(code: string, options: MemberOptions): Promise<void> {
  await asMember(options, 'Look at an own file', (actor) => viewOwnFile(actor, { referral: code }), fileInWords)
}

async function makeOwnFile(code: string, { basis, duty, field, person, ...options }: OwnFileOptions): Promise<void> {
  const input = given(openOwnFileInput, {
    ...{ referral: code, basis },
    ...(duty === undefined ? {} : { duty }),
    ...(field === undefined ? {} : { fields: field }),
    ...(person === undefined ? {} : { person }),
  })
  await asMember(options, 'Own file', (actor) => openOwnFile(actor, input), fileInWords)
}

function fileInWords({ code, agency, openedAt, basis, basisEndedAt, endedAt, own }: OwnFileView): string {
  return [
    code,
    agency,
    `since ${openedAt}`,
    [basis.kind, ...(basis.duty === null ? [] : [basis.duty])].join(':'),
    ...(basisEndedAt === null ? [] : [`without basis since ${basisEndedAt}`]),
    ...(endedAt === null ? [] : [`ended ${endedAt}`]),
    ...(own === null ? [] : [own.person, own.case]),
  ].join('  ')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PlainSentence('What goes with a move is written as JSON, such as {"declineReason":"no_capacity"}.')
  }
}

function inWords({
  code,
  state,
  urgency,
  fromAgency,
  toAgency,
  category,
  type,
  decideBy,
  overdue,
}: ReferralLine): string {
  const by = decideBy === null ? [] : [`decide by ${decideBy}`]
  return [
    code,
    state,
    urgency,
    `${fromAgency} to ${toAgency}`,
    `${category}.${type}`,
    ...by,
    ...(overdue ? ['late'] : []),
  ].join('  ')
}
