import { confirmReferralEndpoint } from '@/lib/api/endpoints/referrals'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(confirmReferralEndpoint)
