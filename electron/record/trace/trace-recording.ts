import type { TappedPeer } from '../../accept/traffic-tap.ts';
import type { Clock } from '../../clock.ts';
import { PcapngWriter } from '../../codec/trace/pcapng-writer.ts';
import type { TraceContent, TraceEnd, TracePath } from '../../codec/trace/trace-unit.ts';
import type { TraceRow } from '../../contract.ts';
import type { Tally } from '../../tally.ts';
import { diskError, type RecordingFile } from '../recording-files.ts';
import type { TraceSink } from './trace-tap.ts';

/** So much is written at once; what is less waits for the next second. */
const writeBytes = 256 << 10;
/** Peers of one trace: connections of one vehicle. A flood of them ends up under one number. */
const mostPeers = 100_000;

export interface TraceRecordingParts {
  readonly row: TraceRow;
  readonly file: RecordingFile;
  readonly clock: Clock;
  readonly tally: Tally;
  /** Bytes that may wait for the disk. */
  readonly queueBytes: number;
  /** It can take no more: a limit, or the disk. */
  full(why: 'size' | 'disk'): void;
}

/** A trace that runs: units to the end of its file, in the order they crossed the ports. */
export class TraceRecording implements TraceSink {
  readonly row: TraceRow;
  readonly #parts: TraceRecordingParts;
  readonly #writer = new PcapngWriter();
  /** Wall clock at the start and the monotonic one: times within a trace never jump. */
  readonly #wallUs: number;
  readonly #startedAt: number;
  #connections = new WeakMap<TappedPeer, { number: number; path: TracePath }>();
  readonly #sources = new Map<string, number>();
  #numbers = 0;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(parts: TraceRecordingParts) {
    const { row, clock } = parts;
    this.row = row;
    this.#parts = parts;
    this.#wallUs = row.startedAt * 1000;
    this.#startedAt = clock.monotonic();
    const { vehicleId: vehicle, plate, startedAt } = row;
    this.#put(this.#writer.head({ vehicle, plate, startedAt, isBlanked: false }));
  }

  unit(direction: 'in' | 'out', peer: TappedPeer, content: TraceContent['kind'], bytes: Uint8Array): void {
    if (this.#isOver) return;
    const { row } = this;
    const { number, path } = this.#connection(peer);
    const at = this.#wallUs + Math.round((this.#parts.clock.monotonic() - this.#startedAt) * 1000);
    const written = this.#writer.unit({ ...path, at, direction, connection: number, bytes });
    if (row.bytes + written.length > row.maxBytes) {
      this.#parts.tally.add('trace.full');
      this.#parts.full('size');
      return;
    }
    if (content === 'signal') row[direction === 'in' ? 'messagesIn' : 'messagesOut']++;
    else if (content === 'media') row[direction === 'in' ? 'packetsIn' : 'packetsOut']++;
    else if (content === 'junk') row.junk++;
    else this.#connections.delete(peer);
    this.#put(written);
    if (this.#waitingBytes >= writeBytes) void this.flush();
  }

  /** Everything so far is in the file when this resolves, or the trace has ended. Never rejects. */
  flush(): Promise<void> {
    if (this.#waiting.length === 0) return this.#writing;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#writing = this.#writing.then(async () => {
      try {
        if (!this.row.error) await this.#parts.file.append(bytes);
      } catch (thrown) {
        const { code, message } = diskError(thrown);
        this.row.error = { code, message };
        this.#parts.tally.add('trace.writeFailed');
        this.#parts.full('disk');
      } finally {
        this.#waitingBytes -= bytes.length;
      }
    });
    return this.#writing;
  }

  /** Takes nothing more; the file is closed when this resolves. Never rejects. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.flush();
    await this.#parts.file.close().catch(() => this.#parts.tally.add('trace.writeFailed'));
  }

  #put(bytes: Uint8Array): void {
    const { queueBytes, tally, full } = this.#parts;
    if (this.#waitingBytes + bytes.length > queueBytes) {
      tally.add('trace.diskSlow');
      this.row.error = { code: 'diskSlow', message: `${this.#waitingBytes} bytes wait` };
      full('disk');
      return;
    }
    this.row.bytes += bytes.length;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  #connection(peer: TappedPeer): { number: number; path: TracePath } {
    const known = this.#connections.get(peer);
    if (known) return known;
    const { transport, localAddress, localPort } = peer;
    const local = { address: localAddress, port: localPort };
    const found = { number: this.#number(peer), path: { transport, remote: remoteEnd(peer), local } };
    this.#connections.set(peer, found);
    return found;
  }

  /** A UDP source that was forgotten and comes again is the same in a trace; a TCP connection is another. */
  #number({ transport, remote }: TappedPeer): number {
    const known = transport === 'udp' ? this.#sources.get(remote) : undefined;
    if (known !== undefined) return known;
    this.#numbers = Math.min(this.#numbers + 1, mostPeers);
    if (transport === 'udp' && this.#sources.size < mostPeers) this.#sources.set(remote, this.#numbers);
    this.row.connections = this.#numbers;
    return this.#numbers;
  }
}

function remoteEnd({ remote, remoteAddress }: TappedPeer): TraceEnd {
  return { address: remoteAddress, port: Number(remote.slice(remote.lastIndexOf(':') + 1)) };
}
