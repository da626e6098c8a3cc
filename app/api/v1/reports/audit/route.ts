import { listReportsEndpoint, makeReportEndpoint } from '@/lib/api/endpoints/reports'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(listReportsEndpoint, makeReportEndpoint)
