import type { PeerNote } from '../accept/peer-notes.ts';
import type { Clock } from '../clock.ts';
import { hexDigits, normaliseTerminalId } from '../codec/terminal-id.ts';
import type { Settings } from '../config.ts';
import type {
  CameraKey,
  DoctorPeer,
  DoctorRefusal,
  DoctorReport,
  Health,
  Result,
  StreamKind,
  StreamRow,
  Vehicle,
} from '../contract.ts';
import type { RefusedMedia } from '../device/evidence.ts';
import type { EvidenceBook } from '../device/evidence-book.ts';
import { fail } from '../errors.ts';
import type { DeskCalls } from '../ipc/desk.ts';
import { cameraSteps } from './doctor-camera.ts';
import { addressOf, hexOf, looksLike, type VehicleCase } from './doctor-facts.ts';
import { vehicleSteps } from './doctor-vehicle.ts';

export interface DoctorParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly evidence: EvidenceBook;
  vehicle(id: string): Vehicle | undefined;
  streams(): StreamRow[];
  listening(): Health['listening'];
}

/** Rows told at once. */
const maxPeers = 200;
const maxRefusals = 50;
/** Media of an unknown SIM from the vehicle's address is shown this long after its last packet, ms. */
const refusalsShownMs = 60_000;
/** A connection may be without bytes for so long before it is listed, ms. */
const silentMs = 3000;

/** Says step by step how far a vehicle or a camera came, what shows it, and why it came no further. */
export class Doctor {
  readonly calls: Pick<DeskCalls, 'doctor.vehicle' | 'doctor.camera' | 'doctor.peers'>;
  readonly #parts: DoctorParts;

  constructor(parts: DoctorParts) {
    this.#parts = parts;
    this.calls = {
      'doctor.vehicle': ({ vehicleId }) => this.#vehicle(vehicleId),
      'doctor.camera': key => this.#camera(key),
      'doctor.peers': () => ({ ok: true, value: this.#peers() }),
    };
  }

  #vehicle(vehicleId: string): Result<DoctorReport> {
    const about = this.#case(vehicleId);
    if (!about) return fail('unknownTerminal', vehicleId);
    return { ok: true, value: report(about, 0, 'sub', vehicleSteps(about)) };
  }

  #camera({ vehicleId, channel, stream }: CameraKey): Result<DoctorReport> {
    const about = this.#case(vehicleId);
    if (!about) return fail('unknownTerminal', vehicleId);
    const { id } = about;
    const rows = this.#parts.streams().filter(row => row.vehicleId === id && row.channel === channel);
    const steps = cameraSteps({
      ...about,
      key: { vehicleId: id, channel, stream },
      row: rows.find(row => row.stream === stream),
      sibling: rows.find(row => row.stream !== stream),
      evidence: this.#parts.evidence.camera({ terminal: id, channel, stream }),
    });
    return { ok: true, value: report(about, channel, stream, [...vehicleSteps(about), ...steps]) };
  }

  #case(vehicleId: string): VehicleCase | undefined {
    const { clock, settings, evidence, vehicle, listening } = this.#parts;
    const known = vehicle(vehicleId);
    const id = known?.id ?? normaliseTerminalId(vehicleId);
    const entry = evidence.entry(id);
    if (!known && !entry) return undefined;
    const address = entry?.link.remoteAddress ?? addressOf(known?.remote ?? '');
    const isItsOwn = (row: RefusedMedia) =>
      row.terminal === id || (addressOf(row.remote) === address && vehicle(row.terminal) === undefined);
    const refused = evidence.refused().filter(isItsOwn);
    const seen = { peers: evidence.peers.all(), refused, listening: listening() };
    const isNew = (terminal: string, since: number) =>
      terminal !== id && (vehicle(terminal)?.firstSeenAt ?? since) >= since;
    return { id, vehicle: known, entry, ...seen, isNew, settings, now: clock.now() };
  }

  #peers(): DoctorPeer[] {
    const { evidence, clock } = this.#parts;
    const refused = new Map<string, RefusedMedia[]>();
    for (const row of evidence.refused()) refused.set(row.remote, [...(refused.get(row.remote) ?? []), row]);
    const now = clock.now();
    return evidence.peers
      .all()
      .flatMap(note => this.#peer(note, refused.get(note.remote) ?? [], now) ?? [])
      .sort((a, b) => b.openedAt - a.openedAt)
      .slice(0, maxPeers);
  }

  #peer(note: PeerNote, refused: RefusedMedia[], now: number): DoctorPeer | undefined {
    const said = this.#verdict(note, refused, now);
    if (!said) return undefined;
    const { id, transport, remote, localPort, openedAt, closedAt, bytes, times, closed } = note;
    const seen = { id, transport, remote, localPort, openedAt, closedAt, bytes, times };
    return { ...seen, ...said, ...(closed === undefined ? {} : { closed }), hex: hexOf(note.first) };
  }

  #verdict(note: PeerNote, refused: RefusedMedia[], now: number): Pick<DoctorPeer, 'kind' | 'detail'> | undefined {
    if (note.refused) return { kind: 'refused', detail: note.refused };
    if (note.kind === undefined && note.firstAt === 0) {
      const isNews = note.closedAt === 0 && now - note.openedAt < silentMs;
      return isNews ? undefined : { kind: 'silent', detail: '' };
    }
    if (note.kind === undefined) return { kind: 'unrecognised', detail: looksLike(note.first) };
    if (note.kind === 'signal') {
      const out = note.terminals.filter(id => this.#isOutside(id));
      return out.length < note.terminals.length ? undefined : { kind: 'stranger', detail: out.join(', ') };
    }
    const sims = [...new Set(refused.map(row => hexDigits(row.sim)))];
    return sims.length > 0 ? { kind: 'unwanted', detail: sims.join(', ') } : undefined;
  }

  #isOutside(id: string): boolean {
    const { vehicle, evidence } = this.#parts;
    const state = vehicle(id)?.state;
    if (state === undefined || state === 'pending') return true;
    return (evidence.entry(id)?.authenticated?.result ?? 0) !== 0;
  }
}

function report(about: VehicleCase, channel: number, stream: StreamKind, steps: DoctorReport['steps']): DoctorReport {
  const { id, refused, now } = about;
  const refusals = refused
    .filter(row => row.terminal === id || now - row.lastAt < refusalsShownMs)
    .sort((a, b) => b.lastAt - a.lastAt)
    .slice(0, maxRefusals)
    .map(refusalOf);
  return { vehicleId: id, channel, stream, at: now, steps, refusals };
}

function refusalOf(row: RefusedMedia): DoctorRefusal {
  const { at, lastAt, packets, remote, transport, channel, payloadType, why } = row;
  return {
    at,
    lastAt,
    packets,
    remote,
    transport,
    channel,
    payloadType,
    why,
    sim: hexDigits(row.sim),
    hex: hexOf(row.bytes),
  };
}
