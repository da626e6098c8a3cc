import { preparePaperEndpoint } from '@/lib/api/endpoints/paper-referrals'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(preparePaperEndpoint)
