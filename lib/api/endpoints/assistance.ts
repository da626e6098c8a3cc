import 'server-only'

import type { Endpoint } from '@/lib/api/endpoint'

export const ASSISTANCE_ENDPOINTS: readonly Endpoint[] = []
