import 'server-only'

import type { Endpoint } from '@/lib/api/endpoint'

export const NEED_ENDPOINTS: readonly Endpoint[] = []
