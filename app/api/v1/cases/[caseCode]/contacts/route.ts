import { listContactsEndpoint, logContactEndpoint } from '@/lib/api/endpoints/contacts'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(listContactsEndpoint, logContactEndpoint)
