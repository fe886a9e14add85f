import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import * as der from './der.js';

/** A private key and the certificate for it, both as PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** Who signs: a certificate authority of our own. */
export interface Authority extends Certificate {
  name: string;
  privateKey: KeyObject;
}

const ECDSA_WITH_SHA256 = der.sequence(der.objectId('1.2.840.10045.4.3.2'));
const HOUR_MS = 3_600_000;

/** Makes a certificate authority that nobody knows. */
export function makeAuthority(name: string): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAuthority = extension('2.5.29.19', der.yes(), der.octets(der.sequence(der.yes())));
  const subject = { name, publicKey, extensions: [isAuthority], expiresAt: new Date(Date.now() + HOUR_MS) };
  return { name, privateKey, ...certificate(subject, { name, privateKey }) };
}

/** Makes a server's certificate for host names, or for addresses of four numbers. */
export function makeCertificate(
  authority: Pick<Authority, 'name' | 'privateKey'>,
  hosts: readonly string[],
  expiresAt: Date = new Date(Date.now() + HOUR_MS),
): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = hosts.map((host) =>
    /^[\d.]+$/.test(host)
      ? der.element(0x87, Buffer.from(host.split('.').map(Number)))
      : der.element(0x82, Buffer.from(host)),
  );
  const extensions = [extension('2.5.29.17', der.octets(der.sequence(...names)))];
  const { cert } = certificate({ name: 'a server', publicKey, extensions, expiresAt }, authority);
  return { cert, key: pemOfKey(privateKey) };
}

interface Subject {
  name: string;
  publicKey: KeyObject;
  extensions: readonly Buffer[];
  expiresAt: Date;
}

function certificate(subject: Subject, issuer: Pick<Authority, 'name' | 'privateKey'>): Certificate {
  const { name, publicKey, extensions, expiresAt } = subject;
  const content = der.sequence(
    der.element(0xa0, der.integer(Buffer.from([2]))), // version 3
    der.integer(Buffer.concat([Buffer.from([0x40]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.name),
    der.sequence(der.time(new Date(expiresAt.getTime() - 48 * HOUR_MS)), der.time(expiresAt)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.element(0xa3, der.sequence(...extensions)),
  );
  const signature = sign('sha256', content, issuer.privateKey);
  const bytes = der.sequence(content, ECDSA_WITH_SHA256, der.bits(signature));
  const lines = bytes.toString('base64').replace(/.{64}/g, '$&\n').trim();
  const cert = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  return { cert, key: pemOfKey(issuer.privateKey) };
}

const pemOfKey = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;
const extension = (id: string, ...parts: readonly Buffer[]) => der.sequence(der.objectId(id), ...parts);
const distinguishedName = (name: string) =>
  der.sequence(der.element(0x31, der.sequence(der.objectId('2.5.4.3'), der.text(name))));
