import { defineConfig } from 'prisma/config'

const url = process.env['DATABASE_URL']

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  // Only for whoever runs `prisma migrate deploy` by hand; the application migrates by itself.
  ...(url === undefined ? {} : { datasource: { url } }),
})
