import { listCasesEndpoint, openCaseEndpoint } from '@/lib/api/endpoints/cases'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(listCasesEndpoint, openCaseEndpoint)
