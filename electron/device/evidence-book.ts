import { PeerNotes } from '../accept/peer-notes.ts';
import type { Clock } from '../clock.ts';
import { shortest2013 } from '../codec/jt808/body/registration.ts';
import type { Header, Message } from '../codec/jt808/frame.ts';
import type { Packet } from '../codec/jt1078/packet.ts';
import type { Settings } from '../config.ts';
import type { VideoCodec } from '../contract.ts';
import { type MediaKey, streamName } from '../stream-key.ts';
import type { CameraEvidence, EntryEvidence, Proof, RefusedMedia } from './evidence.ts';
import type { Link } from './link.ts';
import { packetProof, proofBytes, proofOf } from './proof.ts';

/** Of a source of media, as far as evidence needs it. */
interface Source {
  readonly transport: 'tcp' | 'udp';
  readonly remote: string;
}

/** One terminal on one connection. */
interface Speaker {
  readonly terminal: string;
  readonly link: Link;
}

/** 0x9101 of one terminal whose answer may still come. */
const maxAsked = 64;
/** Rows of refused media of one source. */
const maxRefusedPerSource = 8;

/**
 * What was seen first of each kind, with its bytes, on the way from a socket to a picture: what a person is shown who asks
 * why a camera stays black. Terminals, cameras and sources are each kept up to `doctorKept`, those heard of last. A packet
 * whose kind was seen costs no more than the look.
 */
export class EvidenceBook {
  readonly peers: PeerNotes;
  readonly #clock: Clock;
  readonly #settings: Pick<Settings, 'doctorKept'>;
  readonly #entries = new Map<string, EntryEvidence>();
  readonly #asked = new Map<string, Map<number, CameraEvidence>>();
  readonly #cameras = new Map<string, CameraEvidence>();
  readonly #refused = new Map<object, RefusedMedia[]>();

  constructor(clock: Clock, settings: Pick<Settings, 'doctorKept'>) {
    this.#clock = clock;
    this.#settings = settings;
    this.peers = new PeerNotes(clock, settings);
  }

  entry(terminal: string): EntryEvidence | undefined {
    return this.#entries.get(terminal);
  }

  camera(key: MediaKey): CameraEvidence | undefined {
    return this.#cameras.get(streamName(key));
  }

  refused(): RefusedMedia[] {
    return [...this.#refused.values()].flat();
  }

  // ---------------------------------------------------------------------------------------------------- signalling

  /** A message of a terminal. Looks at five of them; the others cost a comparison. */
  heard(speaker: Speaker, message: Message): void {
    const { id } = message.header;
    if (id !== 0x0001 && id !== 0x0100 && id !== 0x0102 && id !== 0x1003) return;
    if (id === 0x0001) this.#acknowledged(speaker.terminal, message);
    else if (id === 0x1003) {
      const entry = this.#entries.get(speaker.terminal);
      if (entry) entry.capabilities ??= this.#proof(message);
    } else this.#entering(speaker, message);
  }

  /** A message to a terminal. @param frame as sent, flags and escapes included */
  sent(speaker: Speaker, id: number, serial: number, body: Uint8Array, frame: Uint8Array | undefined): void {
    if (id !== 0x8001 && id !== 0x8100 && id !== 0x9101) return;
    if (id === 0x9101) this.#asks(speaker.terminal, serial, body, frame);
    else this.#answers(speaker, id, body, frame);
  }

  /** The terminal's commands go over this connection from now on. */
  settled(speaker: Speaker): void {
    this.#entryOf(speaker);
  }

  /** A message of a terminal that was not let in, and that does not ask to be. */
  stranger(speaker: Speaker, message: Message): void {
    if (this.#isElsewhere(speaker)) return;
    const entry = this.#entryOf(speaker);
    entry.stranger ??= { ...this.#proof(message), id: message.header.id };
  }

  /** 0x0003: what let it in counts no more, though its connection may stay. */
  loggedOut(speaker: Speaker): void {
    if (this.#entries.get(speaker.terminal)?.link === speaker.link) this.#newEntry(speaker);
  }

  /** Nothing was heard of it for too long; others may still speak on its connection. */
  fellSilent(speaker: Speaker): void {
    const entry = this.#entries.get(speaker.terminal);
    if (entry?.link !== speaker.link) return;
    entry.closedAt = this.#clock.now();
    entry.closed = 'peerIdle';
  }

  overRate(speaker: Speaker): void {
    this.#entryOf(speaker).overRateAt = this.#clock.now();
  }

  linkClosed(link: Link, terminals: Iterable<string>): void {
    for (const terminal of terminals) {
      const entry = this.#entries.get(terminal);
      if (entry?.link === link) entry.closedAt ??= this.#clock.now();
    }
  }

  forget(terminal: string): void {
    this.#entries.delete(terminal);
    this.#asked.delete(terminal);
    for (const [name, camera] of this.#cameras) if (camera.terminal === terminal) this.#cameras.delete(name);
  }

  #entering(speaker: Speaker, message: Message): void {
    // On a media connection terminals authenticate too; that says nothing about the one their commands go over.
    if (message.header.id === 0x0102 && this.#isElsewhere(speaker)) return;
    const entry = this.#entryOf(speaker);
    const { version } = message.header;
    if (message.header.id === 0x0100) {
      const bodyLength = message.body.length;
      const layout = version === '2019' ? '2019' : bodyLength >= shortest2013 ? '2013' : '2011';
      entry.registration = { ...this.#proof(message), bodyLength, layout };
    } else {
      const codeLength = version === '2019' ? (message.body[0] ?? 0) : message.body.length;
      entry.authentication = { at: this.#clock.now(), bytes: proofOf(message, 4), codeLength };
    }
  }

  #answers(speaker: Speaker, id: number, body: Uint8Array, frame: Uint8Array | undefined): void {
    const entry = this.#entries.get(speaker.terminal);
    if (!entry || entry.link !== speaker.link) return;
    const at = this.#clock.now();
    // The code itself is nobody's business but the terminal's: 0x8100 is kept up to the result.
    if (id === 0x8100) {
      const upToCode = (frame?.length ?? 0) - Math.max(0, body.length - 3) - 2;
      entry.registered = { at, bytes: proofBytes(frame?.subarray(0, upToCode)), result: body[2] ?? 0 };
      return;
    }
    const replyId = ((body[2] ?? 0) << 8) | (body[3] ?? 0);
    const result = body[4] ?? 0;
    if (replyId === 0x0102) entry.authenticated = { at, bytes: proofBytes(frame), result };
    else if (replyId === 0x0100 && result !== 0)
      entry.registered = { at, bytes: proofBytes(frame), result: 16 + result };
  }

  /** The entry of the terminal on this connection, a new one when it came over another or was gone. */
  #entryOf(speaker: Speaker): EntryEvidence {
    const known = this.#entries.get(speaker.terminal);
    return known?.link === speaker.link && known.closedAt === undefined ? known : this.#newEntry(speaker);
  }

  /** It was let in on another connection, which stands. */
  #isElsewhere({ terminal, link }: Speaker): boolean {
    const known = this.#entries.get(terminal);
    return (
      known !== undefined && known.link !== link && known.closedAt === undefined && known.authenticated?.result === 0
    );
  }

  #newEntry({ terminal, link }: Speaker): EntryEvidence {
    const entry: EntryEvidence = { link, openedAt: this.peers.of(link)?.openedAt ?? this.#clock.now() };
    this.#entries.delete(terminal);
    this.#entries.set(terminal, entry);
    this.#bound(this.#entries);
    return entry;
  }

  #asks(terminal: string, serial: number, body: Uint8Array, frame: Uint8Array | undefined): void {
    const length = body[0] ?? 0;
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    if (body.length < length + 8 || body[length + 6] !== 0) return;
    const stream = body[length + 7] === 0 ? 'main' : 'sub';
    const camera = this.#cameraOf({ terminal, channel: body[length + 5] as number, stream });
    camera.asked = {
      at: this.#clock.now(),
      bytes: proofBytes(frame),
      serial,
      address: new TextDecoder().decode(body.subarray(1, 1 + length)).replaceAll('\0', ''),
      tcpPort: view.getUint16(1 + length),
      udpPort: view.getUint16(3 + length),
    };
    delete camera.answered;
    let asked = this.#asked.get(terminal);
    if (!asked) {
      asked = new Map();
      this.#asked.set(terminal, asked);
      this.#bound(this.#asked);
    }
    asked.set(serial, camera);
    for (const oldest of asked.keys()) {
      if (asked.size <= maxAsked) break;
      asked.delete(oldest);
    }
  }

  #acknowledged(terminal: string, message: Message): void {
    const { body } = message;
    if (body.length < 5 || body[2] !== 0x91 || body[3] !== 0x01) return;
    const serial = ((body[0] as number) << 8) | (body[1] as number);
    const camera = this.#asked.get(terminal)?.get(serial);
    if (camera?.asked?.serial === serial) camera.answered = { ...this.#proof(message), result: body[4] as number };
  }

  // --------------------------------------------------------------------------------------------------------- media

  /** A source begins to feed a stream with this packet. */
  mediaOpened(key: MediaKey, source: Source, packet: Packet): CameraEvidence {
    const camera = this.#cameraOf(key);
    const at = this.#clock.now();
    camera.media = { at, transport: source.transport, remote: source.remote, closedAt: 0 };
    camera.firstPacket = { at, bytes: packetProof(packet), sim: packet.sim, payloadBytes: packet.payload.length };
    camera.payloadTypes.clear();
    delete camera.firstKey;
    this.peers.recognised(source, 'media');
    return camera;
  }

  mediaClosed(camera: CameraEvidence): void {
    if (camera.media) camera.media.closedAt = this.#clock.now();
  }

  /** What a source sends is of another key from now on. @returns the camera of that key */
  mediaMoved(from: CameraEvidence, key: MediaKey): CameraEvidence {
    const camera = this.#cameraOf(key);
    const { media, firstPacket, payloadTypes } = from;
    if (!media || !firstPacket) return camera;
    camera.media = { ...media, at: this.#clock.now() };
    camera.firstPacket = firstPacket;
    camera.payloadTypes.clear();
    for (const [type, proof] of payloadTypes) camera.payloadTypes.set(type, proof);
    delete camera.firstKey;
    this.mediaClosed(from);
    return camera;
  }

  /** Each source turned out to send what the other was taken for. */
  mediaSwapped(one: CameraEvidence, other: CameraEvidence): void {
    const types = [...one.payloadTypes];
    one.payloadTypes.clear();
    for (const [type, proof] of other.payloadTypes) one.payloadTypes.set(type, proof);
    other.payloadTypes.clear();
    for (const [type, proof] of types) other.payloadTypes.set(type, proof);
    for (const field of ['media', 'firstPacket', 'firstKey'] as const) {
      const kept = one[field];
      Object.assign(one, { [field]: other[field] });
      Object.assign(other, { [field]: kept });
    }
  }

  payloadType(camera: CameraEvidence, packet: Packet): void {
    camera.payloadTypes.set(packet.payloadType, { at: this.#clock.now(), bytes: packetProof(packet) });
  }

  keyFrame(camera: CameraEvidence, codec: VideoCodec, data: Uint8Array): void {
    camera.firstKey = { at: this.#clock.now(), bytes: proofBytes(data), codec };
  }

  mediaRefused(source: Source, packet: Packet, why: RefusedMedia['why']): void {
    const at = this.#clock.now();
    let rows = this.#refused.get(source);
    if (!rows) {
      rows = [];
      this.#refused.set(source, rows);
      this.#bound(this.#refused);
      this.peers.recognised(source, 'media');
    }
    for (const row of rows)
      if (row.channel === packet.channel && row.terminal === packet.terminal && row.why === why) {
        row.lastAt = at;
        row.packets++;
        return;
      }
    if (rows.length >= maxRefusedPerSource) rows.shift();
    const { terminal, sim, channel, payloadType } = packet;
    const { remote, transport } = source;
    const about = { remote, transport, terminal, sim, channel, payloadType, payloadBytes: packet.payload.length, why };
    rows.push({ ...about, at, bytes: packetProof(packet), lastAt: at, packets: 1 });
  }

  #cameraOf(key: MediaKey): CameraEvidence {
    const name = streamName(key);
    let camera = this.#cameras.get(name);
    if (!camera) {
      camera = { terminal: key.terminal, channel: key.channel, stream: key.stream, payloadTypes: new Map() };
      this.#cameras.set(name, camera);
      this.#bound(this.#cameras);
    }
    return camera;
  }

  #proof(message: { header: Header; body: Uint8Array }): Proof {
    return { at: this.#clock.now(), bytes: proofOf(message) };
  }

  #bound(map: Map<unknown, unknown>): void {
    for (const oldest of map.keys()) {
      if (map.size <= this.#settings.doctorKept) break;
      map.delete(oldest);
    }
  }
}
