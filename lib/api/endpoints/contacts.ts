import 'server-only'

import type { Endpoint } from '@/lib/api/endpoint'

export const CONTACT_ENDPOINTS: readonly Endpoint[] = []
