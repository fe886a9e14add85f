# All tools in one image. The tool's name is the first argument:
#   docker build --tag atf-utilities . && docker run --rm atf-utilities fix-counter-sync --help
FROM node:22-slim AS build
WORKDIR /backups
WORKDIR /source
COPY . .
RUN npx --yes "$(node -p 'require("./package.json").packageManager')" install --frozen-lockfile
RUN node node_modules/pnpm/bin/pnpm.cjs --recursive run build && node scripts/pack.mjs /tarballs
RUN npm install --prefix /opt/atf --offline --no-audit --no-fund /tarballs/*.tgz

FROM node:22-slim
COPY --from=build /opt/atf /opt/atf
COPY --from=build --chown=1000:1000 /backups /backups
ENV NODE_ENV=production PATH=/opt/atf/node_modules/.bin:$PATH
# Numbers, because Kubernetes cannot tell from a name that the user is not root.
USER 1000:1000
WORKDIR /backups
ENTRYPOINT []
CMD ["fix-counter-sync", "--help"]
