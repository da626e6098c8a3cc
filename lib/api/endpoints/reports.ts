import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, type Endpoint } from '@/lib/api/endpoint'
import { makeReportInput, reportContent } from '@/lib/oversight/report/schema'
import { listReports, makeReport, viewReport } from '@/lib/oversight/report/service'

const params = z.object({ reportCode: codeParam('RPT') })

const line = z.object({
  code: z.string(),
  madeAt: z.string(),
  from: z.string(),
  to: z.string(),
  /** Of the report's text as its file holds it. */
  sha256: z.string(),
})
const report = line.extend({ report: reportContent })

export const listReportsEndpoint = endpoint({
  method: 'GET',
  path: '/reports/audit',
  summary: 'The audit reports of the body, the latest first',
  result: z.object({ items: z.array(line) }),
  permission: 'audit-report:make',
  run: (actor) => listReports(actor),
})

export const makeReportEndpoint = endpoint({
  method: 'POST',
  path: '/reports/audit',
  summary: 'Make the audit report of a period, and keep it',
  body: makeReportInput,
  result: report,
  status: 201,
  location: ({ code }) => `/reports/audit/${code}`,
  permission: 'audit-report:make',
  replay: (actor, made) => viewReport(actor, { report: made }),
  run: (actor, { body }) => makeReport(actor, body),
})

export const viewReportEndpoint = endpoint({
  method: 'GET',
  path: '/reports/audit/{reportCode}',
  summary: 'One audit report as it was made',
  params,
  result: report,
  permission: 'audit-report:make',
  run: (actor, input) => viewReport(actor, { report: input.params.reportCode }),
})

export const REPORT_ENDPOINTS: readonly Endpoint[] = [listReportsEndpoint, makeReportEndpoint, viewReportEndpoint]
