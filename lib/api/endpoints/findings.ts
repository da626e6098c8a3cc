import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import { changeFinding, moveFinding, openFinding, type FindingMoveInput } from '@/lib/oversight/findings/move-service'
import {
  changeFindingInput,
  FINDING_BASES,
  FINDING_MOVE_FIELDS,
  FINDING_MOVES,
  FINDING_SOURCES,
  FINDING_STATES,
  FINDING_SUBJECTS,
  FINDING_TEXTS,
  listFindingsInput,
  openFindingInput,
  type FindingMove,
} from '@/lib/oversight/findings/schema'
import { listFindings, viewFinding } from '@/lib/oversight/findings/service'
import { RULE_GRADES } from '@/lib/oversight/rules/schema'

const params = z.object({ findingCode: codeParam('FND') })

const line = {
  code: z.string(),
  /** From where the member sees it: the `body` that made it, or the `agency` that it was sent to. */
  side: z.enum(['body', 'agency']),
  state: z.enum(FINDING_STATES),
  /** What is overdue of it. */
  late: z.enum(['answer', 'action']).nullable(),
  grade: z.enum(RULE_GRADES),
  basis: z.enum(FINDING_BASES),
  subject: z.enum(FINDING_SUBJECTS),
  /** For an agency the code of a rule alone; that somebody complained isn't told. */
  source: z.object({
    kind: z.enum(FINDING_SOURCES).nullable(),
    code: z.string().nullable(),
    item: z.string().nullable(),
  }),
  agency: z.string(),
  agencyName: z.string(),
  bodyName: z.string(),
  sentAt: z.string().nullable(),
  answerDue: z.string(),
  answeredAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  actionDue: z.string().nullable(),
  actionDoneOn: z.string().nullable(),
  version: z.int(),
}
const finding = z.object({
  ...line,
  evidence: z.object({
    about: z.record(z.string(), z.unknown()),
    /** Under the body's pseudonyms; for an agency under its own codes, of what the member may see. */
    items: z.array(
      z.object({
        code: z.string().nullable(),
        kind: z.string(),
        onDay: z.string(),
        /** Of a file of a sample: what about it gives concern. */
        questions: z.array(z.string()).optional(),
      }),
    ),
    asOf: z.string(),
    digest: z.string(),
    holds: z.boolean(),
    checkpoint: z.object({ size: z.int(), hash: z.string() }).nullable(),
  }),
  texts: z.array(z.object({ kind: z.enum(FINDING_TEXTS), text: z.string(), at: z.string(), own: z.boolean() })),
  /** What this member may do of it now. */
  may: z.array(z.enum([...FINDING_MOVES, 'change'])),
})

export const listFindingsEndpoint = endpoint({
  method: 'GET',
  path: '/oversight/findings',
  summary: 'Findings that my body made, or that were sent to my agency, the latest first',
  query: z.strictObject({
    ...pageQuery,
    state: listFindingsInput.shape.state,
    agency: listFindingsInput.shape.agency,
    late: listFindingsInput.shape.late,
  }),
  result: listOf(z.object(line)),
  permission: 'finding:read',
  run: (actor, { query }) => listFindings(actor, query),
})

export const openFindingEndpoint = endpoint({
  method: 'POST',
  path: '/oversight/findings',
  summary:
    'Open a finding, as a draft, from a rule, an analysis, a sample, a complaint or an event; its evidence is frozen',
  body: openFindingInput,
  result: finding,
  status: 201,
  location: ({ code }) => `/oversight/findings/${code}`,
  permission: 'finding:make',
  replay: (actor, made) => viewFinding(actor, { finding: made }),
  run: (actor, { body }) => openFinding(actor, body),
})

export const viewFindingEndpoint = endpoint({
  method: 'GET',
  path: '/oversight/findings/{findingCode}',
  summary: 'One finding with its evidence and what both sides wrote',
  params,
  result: finding,
  permission: 'finding:read',
  run: (actor, input) => viewFinding(actor, { finding: input.params.findingCode }),
})

export const changeFindingEndpoint = endpoint({
  method: 'PATCH',
  path: '/oversight/findings/{findingCode}',
  summary: 'Change what a draft says; its source and evidence stay',
  params,
  body: changeFindingInput.omit({ finding: true, version: true }),
  result: finding,
  permission: 'finding:make',
  run: (actor, input, { version }) =>
    changeFinding(actor, { finding: input.params.findingCode, version, ...input.body }),
})

const SUMMARIES: Readonly<Record<FindingMove, string>> = {
  send: 'Send a draft to the agency that it concerns',
  withdraw: 'Withdraw a draft',
  answer: 'Answer a finding, with the action that is planned and its day',
  done: 'Say on which day the action was done',
  accept: 'Accept the answer',
  reopen: 'Reopen a finding, with the reason and a new day to answer by',
}

function moveEndpoint(move: FindingMove): Endpoint {
  return endpoint({
    method: 'POST',
    path: `/oversight/findings/{findingCode}/${move}`,
    summary: SUMMARIES[move],
    params,
    body: FINDING_MOVE_FIELDS[move] as z.ZodType,
    result: finding,
    permission: 'finding:read',
    replay: (actor, made) => viewFinding(actor, { finding: made }),
    run: (actor, input) =>
      // The schema of this very move read the body.
      moveFinding(actor, { finding: input.params.findingCode, move, detail: input.body } as FindingMoveInput),
  })
}

export const sendFindingEndpoint = moveEndpoint('send')
export const withdrawFindingEndpoint = moveEndpoint('withdraw')
export const answerFindingEndpoint = moveEndpoint('answer')
export const finishFindingEndpoint = moveEndpoint('done')
export const acceptFindingEndpoint = moveEndpoint('accept')
export const reopenFindingEndpoint = moveEndpoint('reopen')

export const FINDING_ENDPOINTS: readonly Endpoint[] = [
  listFindingsEndpoint,
  openFindingEndpoint,
  viewFindingEndpoint,
  changeFindingEndpoint,
  sendFindingEndpoint,
  withdrawFindingEndpoint,
  answerFindingEndpoint,
  finishFindingEndpoint,
  acceptFindingEndpoint,
  reopenFindingEndpoint,
]
