import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./lib/i18n/request.ts')

const distDir = process.env.AMPARO_DIST_DIR ?? '.next'

/** @type {import('next').NextConfig} */
const config = {
  // Tests build into a folder of their own, beside a running application, with the tsconfig that scripts/build.ts writes.
  distDir,
  reactStrictMode: true,
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  devIndicators: false,
  agentRules: false,
  images: { unoptimized: true },
  // Types and style are checked by `npm run check`; a machine that only starts the application need not wait for them.
  typescript: {
    ignoreBuildErrors: true,
    tsconfigPath: distDir === '.next' ? 'tsconfig.json' : `${distDir}.tsconfig.json`,
  },
  serverExternalPackages: [
    '@node-rs/argon2',
    '@prisma/adapter-pg',
    '@prisma/client',
    'age-encryption',
    'nodemailer',
    'pg',
    'pg-boss',
    'pg-copy-streams',
    'pino',
    'postgres',
    'yazl',
  ],
  turbopack: {
    // Icons are drawn on the server from lucide's drawings; its component would go along to every browser, unused.
    resolveAlias: { '../createLucideIcon.mjs': './components/ui/no-icon-component.js' },
  },
  experimental: {
    serverActions: { bodySizeLimit: '1mb' },
    serverSourceMaps: false,
  },
}

export default withNextIntl(config)
