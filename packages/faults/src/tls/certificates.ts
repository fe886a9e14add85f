import { isIP } from 'node:net';
import forge from 'node-forge';

const { md, pki, random, util } = forge;

/** A private key and the certificate for it, both as PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** Who has a certificate, or signs one. */
interface Party {
  name: string;
  keys: forge.pki.rsa.KeyPair;
}

/** Who signs: a certificate authority of our own. */
export interface Authority extends Certificate, Party {}

const HOUR_MS = 3_600_000;
const inAnHour = () => new Date(Date.now() + HOUR_MS);

/** Of every server: a new pair takes a quarter of a second. */
const SERVER_KEYS = pki.rsa.generateKeyPair();

/** Makes a certificate authority that nobody knows. */
export function makeAuthority(name: string): Authority {
  const party = { name, keys: pki.rsa.generateKeyPair() };
  const extension = { name: 'basicConstraints', cA: true, critical: true };
  return { ...party, ...certify(party, party, { extension, expiresAt: inAnHour() }) };
}

/** Makes a server's certificate for host names and addresses. */
export function makeCertificate(
  authority: Party,
  hosts: readonly string[],
  expiresAt = inAnHour(),
): Certificate {
  const altNames = hosts.map((host) => (isIP(host) ? { type: 7, ip: host } : { type: 2, value: host }));
  const server = { name: 'a server', keys: SERVER_KEYS };
  return certify(server, authority, { extension: { name: 'subjectAltName', altNames }, expiresAt });
}

function certify(
  { name, keys }: Party,
  issuer: Party,
  { extension, expiresAt }: { extension: object; expiresAt: Date },
): Certificate {
  const certificate = pki.createCertificate();
  certificate.serialNumber = `40${util.bytesToHex(random.getBytesSync(8))}`; // begins so, and is no negative number
  certificate.publicKey = keys.publicKey;
  certificate.validity = { notBefore: new Date(expiresAt.getTime() - 48 * HOUR_MS), notAfter: expiresAt };
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer.name }]);
  certificate.setExtensions([extension]);
  certificate.sign(issuer.keys.privateKey, md.sha256.create());
  return { key: pki.privateKeyToPem(keys.privateKey), cert: pki.certificateToPem(certificate) };
}
