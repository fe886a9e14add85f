import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the sources import of `redis`. */
const REDIS = `
exports.createClient = require('./client').default.create;
exports.RESP_TYPES = require('./RESP/decoder').RESP_TYPES;
Object.assign(exports, require('./errors'));
`;

/** What node-redis takes from its list of commands as it connects, and what the type Redis in core's client.ts names. */
const COMMANDS = `
const command = (name) => name.default;
exports.default = {
  AUTH: command(require('./commands/AUTH')),
  CLIENT_SETNAME: command(require('./commands/CLIENT_SETNAME')),
  READONLY: command(require('./commands/READONLY')),
  dbSize: command(require('./commands/DBSIZE')),
  info: command(require('./commands/INFO')),
};
exports.NON_STICKY_COMMANDS = {};
exports.__esModule = true;
`;

/**
 * node-redis' client without the hundreds of commands that nobody here calls by name (everything goes through
 * `sendCommand`), without clusters, sentinels and modules: compiling them, and making four methods of each, would be a third
 * of the time of a short run.
 */
export function slimRedis() {
  const redis = createRequire(join(process.cwd(), 'package.json')).resolve('redis');
  const lib = join(dirname(createRequire(redis).resolve('@redis/client')), 'lib');
  const replace = (build, filter, contents) => {
    const namespace = `slim-redis${filter.source}`;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace }));
    build.onLoad({ filter: /.*/, namespace }, () => ({ contents, resolveDir: lib, loader: 'js' }));
  };
  return {
    name: 'slim-redis',
    setup(build) {
      replace(build, /^redis$/, REDIS);
      replace(build, /^\.\.\/commands$/, COMMANDS);
    },
  };
}
