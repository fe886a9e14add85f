import type { AtfError } from '../errors.js';
import { malformed, parseDatabase } from './url-parts.js';

/** Files of a TLS connection, as redis-py names them in a URL. */
export interface TlsFiles {
  ca?: string;
  cert?: string;
  key?: string;
}

/** What a URL says after its `?`. */
export interface UrlOptions {
  database?: number;
  user?: string;
  password?: string;
  master?: string;
  tlsFiles: TlsFiles;
}

const TLS_FILES = { ssl_ca_certs: 'ca', ssl_certfile: 'cert', ssl_keyfile: 'key' } as const;

/** Values that keep a TLS connection as it is here: the certificate and the host name are always verified. */
const VERIFIED: Record<string, RegExp> = {
  ssl_cert_reqs: /^(cert_)?required$/i,
  ssl_check_hostname: /^(true|yes|1)$/i,
};

/** Settings of redis-py's connection and decoding, which have no meaning here. */
const IGNORED =
  /^(socket_\w+|retry_on_\w+|health_check_interval|max_connections|decode_responses|encoding(_errors)?|protocol|client_name)$/;

/**
 * Reads the options after a URL's `?`.
 * @throws AtfError `USAGE` for an option that would weaken the connection, by its name, and for one that is not known. An unknown
 *   one is not repeated: it may be the rest of a password.
 */
export function parseUrlOptions(
  query: string,
  { tls, unescaped }: { tls: boolean; unescaped: () => AtfError },
): UrlOptions {
  const options: UrlOptions = { tlsFiles: {} };
  for (const [name, value] of new URLSearchParams(query)) {
    if (name in VERIFIED) {
      if (!VERIFIED[name]!.test(value))
        throw malformed(`${name} would weaken the TLS connection: leave it out`);
    } else if (name in TLS_FILES) {
      if (!tls) throw malformed(`${name} needs TLS: write rediss://`);
      options.tlsFiles[TLS_FILES[name as keyof typeof TLS_FILES]] = value;
    } else if (name === 'db' || name === 'virtual_host') options.database = parseDatabase(value);
    else if (name === 'username') options.user = value;
    else if (name === 'password') options.password = value;
    else if (name === 'master_name') options.master = value;
    else if (!IGNORED.test(name)) {
      throw query.includes('@') ? unescaped() : malformed('it has an option after ? that is not known here');
    }
  }
  const { cert, key } = options.tlsFiles;
  if ((cert === undefined) !== (key === undefined)) {
    throw malformed('ssl_certfile and ssl_keyfile belong together');
  }
  return options;
}
