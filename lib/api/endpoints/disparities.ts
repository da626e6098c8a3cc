import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, type Endpoint } from '@/lib/api/endpoint'
import { OUTCOME_KEYS, runDisparityInput, ADJUSTERS } from '@/lib/oversight/disparities/schema'
import { runDisparity, viewDisparity } from '@/lib/oversight/disparities/service'
import { GROUNDS } from '@/lib/reporting/cube/schema'

const interval = z.tuple([z.number(), z.number()])
const estimate = z.object({ estimate: z.number(), ci: interval })
const test = z.object({ statistic: z.number(), df: z.number(), p: z.number() })
const count = z.object({ n: z.number(), events: z.number() })
const waitingTest = test.extend({ adjustedP: z.number() }).nullable()

/** Steps of the curves, at parts of the time that each need's urgency allows. */
const waiting = z.object({
  groups: z.array(
    z.object({
      group: z.string(),
      n: z.number(),
      events: z.number(),
      median: z.number().nullable(),
      curve: z.array(
        z.object({
          time: z.number(),
          atRisk: z.number(),
          waiting: z.number(),
          ci: interval.nullable(),
          came: z.number(),
          gone: z.number().nullable(),
        }),
      ),
    }),
  ),
  logRank: waitingTest,
  stratifiedLogRank: waitingTest,
})

const declines = z.array(
  z.object({
    group: z.string(),
    capacity: z.number().nullable(),
    unfit: z.number().nullable(),
    person: z.number().nullable(),
    else: z.number(),
  }),
)

const disparityResult = z.object({
  code: z.string(),
  ranAt: z.string(),
  outcome: z.enum(OUTCOME_KEYS),
  ground: z.enum(GROUNDS),
  period: z.string(),
  category: z.string().nullable(),
  agency: z.string().nullable(),
  adjustFor: z.array(z.enum(ADJUSTERS)),
  reference: z.string().nullable(),
  refused: z.number().nullable(),
  groups: z.array(
    z.object({
      group: z.string(),
      n: z.number().nullable(),
      events: z.number().nullable(),
      rate: z.number().nullable(),
      ci: interval.nullable(),
      kept: z.boolean(),
      isWhole: z.boolean(),
      people: z.number().nullable(),
    }),
  ),
  comparisons: z.array(
    z.object({
      group: z.string(),
      reference: z.string(),
      riskRatio: estimate.nullable(),
      riskDifference: estimate.nullable(),
      oddsRatio: estimate.nullable(),
      fisherP: z.number(),
      chiSquare: test.nullable(),
      fourFifths: z.object({ ratio: z.number(), passes: z.boolean() }).nullable(),
      mantelHaenszel: z
        .object({
          oddsRatio: estimate.nullable(),
          riskRatio: estimate.nullable(),
          cmh: z.object({ statistic: z.number(), p: z.number() }).nullable(),
          breslowDay: test.nullable(),
        })
        .nullable(),
      adjustedP: z.number(),
      withinAdjustedP: z.number().nullable(),
      heldEqual: z.number().nullable(),
      detectable: z.number().nullable(),
      verdict: z.enum(['worse', 'better', 'not_shown']),
      change: z.enum(['none', 'gone', 'appears', 'turned']),
      strata: z.array(
        z.object({ names: z.array(z.string()), group: count, reference: count, riskRatio: estimate.nullable() }),
      ),
    }),
  ),
  logistic: z
    .object({
      terms: z.array(
        z.object({
          term: z.string(),
          estimate: z.number().nullable(),
          se: z.number().nullable(),
          p: z.number().nullable(),
        }),
      ),
    })
    .nullable(),
  clustered: z
    .object({
      factor: z.number(),
      terms: z
        .array(
          z.object({
            term: z.string(),
            se: z.number().nullable(),
            p: z.number().nullable(),
            oddsRatio: estimate.nullable(),
          }),
        )
        .nullable(),
    })
    .nullable(),
  looked: z.number(),
  waiting: waiting.nullable(),
  declines,
  reproduction: z.object({
    cube: z.string(),
    period: z.string(),
    asOf: z.string(),
    extractHash: z.string(),
    tablesHash: z.string(),
    cubeVersion: z.string(),
    codeVersion: z.string(),
    figuresHash: z.string(),
    repeats: z.boolean().nullable(),
  }),
})

export const runDisparityEndpoint = endpoint({
  method: 'POST',
  path: '/oversight/disparities',
  summary:
    'Ask a frozen period whether an outcome differs between groups; cells that are kept back are null and `kept`',
  body: runDisparityInput,
  result: disparityResult,
  status: 201,
  location: ({ code }) => `/oversight/disparities/${code}`,
  permission: 'disparity:run',
  replay: (actor, made) => viewDisparity(actor, { disparity: made }),
  run: (actor, { body }) => runDisparity(actor, body),
})

export const viewDisparityEndpoint = endpoint({
  method: 'GET',
  path: '/oversight/disparities/{disparityCode}',
  summary: 'A question about equal treatment that was asked, with its figures and what they rest on',
  params: z.object({ disparityCode: codeParam('DSP') }),
  result: disparityResult,
  permission: 'disparity:run',
  run: (actor, { params }) => viewDisparity(actor, { disparity: params.disparityCode }),
})

export const DISPARITY_ENDPOINTS: readonly Endpoint[] = [runDisparityEndpoint, viewDisparityEndpoint]
