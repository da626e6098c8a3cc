# Builds Amparo and runs it under a user of its own. docker-compose.yml adds PostgreSQL.
FROM node:24-bookworm-slim AS build
WORKDIR /amparo
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node scripts/run.mjs build && rm -rf .next/cache

FROM node:24-bookworm-slim
# For HEALTHCHECK and start nothing is needed but Node.js itself.
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 AMPARO_DATA_DIR=/data AMPARO_HOST=0.0.0.0
RUN useradd --system --user-group --no-create-home --uid 10001 amparo && install -d -o amparo -g amparo -m 700 /data
WORKDIR /amparo
# Owned by root: the application can't change its own code.
COPY --from=build /amparo ./
USER amparo
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT ?? 3000) + '/api/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "scripts/run.mjs", "start"]
