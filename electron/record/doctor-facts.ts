import { isIPv4 } from 'node:net';
import type { PeerNote } from '../accept/peer-notes.ts';
import type { Settings } from '../config.ts';
import type { DoctorCause, DoctorCauseName, DoctorStep, DoctorStepName, Health, Vehicle } from '../contract.ts';
import type { EntryEvidence, RefusedMedia } from '../device/evidence.ts';
import { isLoopback } from '../loopback.ts';

/** What is known of one vehicle when a doctor is asked about it. */
export interface VehicleCase {
  readonly id: string;
  readonly vehicle: Vehicle | undefined;
  readonly entry: EntryEvidence | undefined;
  /** Of every address. */
  readonly peers: readonly PeerNote[];
  /** Of this terminal, or from its address and of no other vehicle that is known: many may share one NAT. */
  readonly refused: readonly RefusedMedia[];
  readonly listening: Health['listening'];
  /** No other vehicle that was known before then. @param since ms since 1970 */
  isNew(terminal: string, since: number): boolean;
  readonly settings: Settings;
  /** ms since 1970. */
  readonly now: number;
}

/** What should follow at once is waited for this long before its causes are named, ms. */
export const patienceMs = 3000;

export function cause(
  name: DoctorCauseName,
  params: DoctorCause['params'] = {},
  setting?: keyof Settings,
): DoctorCause {
  return setting ? { cause: name, setting, params } : { cause: name, params };
}

export function done(step: DoctorStepName, at: number, text: string, bytes?: Uint8Array): DoctorStep {
  return { step, state: 'done', at, proof: proofOf(text, bytes), causes: [] };
}

export function failed(
  step: DoctorStepName,
  causes: DoctorCause[],
  proof: { at?: number; text?: string; bytes?: Uint8Array | undefined } = {},
): DoctorStep {
  const shown = proof.text === undefined ? {} : { proof: proofOf(proof.text, proof.bytes) };
  return { step, state: 'failed', at: proof.at ?? 0, ...shown, causes };
}

export function waiting(step: DoctorStepName, causes: DoctorCause[] = []): DoctorStep {
  return { step, state: 'waiting', at: 0, causes };
}

export function skipped(step: DoctorStepName, causes: DoctorCause[] = []): DoctorStep {
  return { step, state: 'skipped', at: 0, causes };
}

function proofOf(text: string, bytes: Uint8Array | undefined): { text: string; hex?: string } {
  return bytes && bytes.length > 0 ? { text, hex: hexOf(bytes) } : { text };
}

/** `7e 01 00`. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Address of an `address:port`, brackets of IPv6 taken off. */
export function addressOf(remote: string): string {
  return remote.slice(0, remote.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

/** Not routed on the internet: RFC 1918, 3927, 4193, 6598 and loopback. */
export function isPrivate(address: string): boolean {
  if (isLoopback(address)) return true;
  if (!isIPv4(address)) return /^f[cd]|^fe[89ab]/i.test(address);
  const [a = 0, b = 0] = address.split('.').map(Number);
  if (a === 10 || (a === 192 && b === 168) || (a === 169 && b === 254)) return true;
  return (a === 172 && b >= 16 && b < 32) || (a === 100 && b >= 64 && b < 128);
}

/** What bytes that are neither 808 nor 1078 look like. Each is a key of the console's words. */
export type Looks = 'tls' | 'http' | 'ssh' | 'rtsp' | 'damaged808' | 'attachment' | 'damaged1078' | 'text' | 'binary';

export function looksLike(bytes: Uint8Array): Looks {
  const text = Buffer.from(bytes).toString('latin1');
  if (bytes[0] === 0x16 && bytes[1] === 3) return 'tls';
  if (/^(DESCRIBE|SETUP|ANNOUNCE|OPTIONS rtsp|RTSP\/)/.test(text)) return 'rtsp';
  if (/^(GET|POST|PUT|HEAD|OPTIONS|CONNECT|HTTP\/|PRI \*)/.test(text)) return 'http';
  if (text.startsWith('SSH-')) return 'ssh';
  if (text.startsWith('01cd')) return bytes[4] === 0x81 ? 'damaged1078' : 'attachment';
  if (bytes[0] === 0x7e) return 'damaged808';
  return bytes.every(byte => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d)) ? 'text' : 'binary';
}
