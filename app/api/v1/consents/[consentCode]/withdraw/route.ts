import { withdrawConsentEndpoint } from '@/lib/api/endpoints/consents'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(withdrawConsentEndpoint)
