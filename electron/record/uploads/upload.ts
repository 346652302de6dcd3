import type { FileUpload } from '../../codec/jt808/body/file-upload.ts';
import { uploadCommand, uploadCondition } from '../../codec/jt808/body/file-upload.ts';
import type { ErrorCode, UploadCondition, UploadPhase, UploadRow } from '../../contract.ts';
import { mediaCode, storageCode, streamCode } from '../storage/storage-codes.ts';
import type { FtpAccount } from './ftp-account.ts';
import type { StoredUpload, UploadFolder } from './upload-folder.ts';

const megabyte = 1_000_000;
/** A rate is of so long, ms. */
const rateMs = 8000;

/** What was asked for and what the vehicle was given for it: as it is kept. */
export interface UploadOrder
  extends Pick<UploadRow, 'id' | 'vehicleId' | 'channel' | 'from' | 'to' | 'media' | 'stream' | 'storage'> {
  readonly conditions: readonly UploadCondition[];
  readonly alarms?: number;
  readonly videoAlarms?: number;
  readonly startedAt: number;
  readonly expectedBytes: number;
  readonly user: string;
  readonly password: string;
}

/** Its fate so far: kept with the order. */
export interface UploadState {
  phase: UploadPhase;
  /** Of the 0x9206 that the vehicle answered last; -1: none. */
  serial: number;
  error?: { code: ErrorCode; message: string };
}

export interface UploadLimits {
  readonly maxUploadMb: number;
  readonly maxUploadFiles: number;
}

export interface UploadParts {
  readonly order: UploadOrder;
  readonly state: UploadState;
  readonly folder: UploadFolder;
  readonly limits: UploadLimits;
  now(): number;
  moved(upload: Upload, bytes: number): void;
  overflowed(upload: Upload): void;
  refused(reason: 'path' | 'size'): void;
}

/** One upload: what was asked, how far it is, and the account that its vehicle has on the FTP server. */
export class Upload {
  readonly order: UploadOrder;
  readonly folder: UploadFolder;
  readonly account: FtpAccount;
  readonly #parts: UploadParts;
  readonly #state: UploadState;
  #bytes = 0;
  #files = 0;
  #stored: StoredUpload[] = [];
  #rates: { at: number; bytes: number }[] = [];
  /** When something last came or was agreed. */
  movedAt: number;
  isOffline = false;
  /** A 0x9206 or 0x9207 waits for its answer. */
  isAsking = false;

  constructor(parts: UploadParts) {
    const { order, folder } = parts;
    this.#parts = parts;
    this.#state = parts.state;
    this.order = order;
    this.folder = folder;
    this.movedAt = parts.now();
    this.account = {
      ...{ user: order.user, password: order.password, folder },
      allow: (bytes, files) => this.#allow(bytes, files),
      wrote: bytes => this.#wrote(bytes),
      began: () => {
        this.#files++;
      },
      refused: reason => parts.refused(reason),
      mayRest: () => this.phase === 'paused',
    };
  }

  get phase(): UploadPhase {
    return this.#state.phase;
  }

  get serial(): number {
    return this.#state.serial;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isOver(): boolean {
    return this.phase === 'done' || this.phase === 'failed' || this.phase === 'cancelled';
  }

  /** Its account is good: it is under way, or paused and may go on. */
  get isOpen(): boolean {
    return !this.isOver;
  }

  /** Nothing came since it was asked for. */
  get isResting(): boolean {
    return this.phase === 'asked';
  }

  get kept(): UploadOrder & UploadState {
    return { ...this.order, ...this.#state };
  }

  become(phase: UploadPhase, error?: { code: ErrorCode; message: string }): void {
    this.#state.phase = phase;
    this.movedAt = this.#parts.now();
    if (error) this.#state.error = { code: error.code, message: error.message };
    else delete this.#state.error;
    if (phase !== 'transferring') this.#rates = [];
  }

  agreed(serial: number): void {
    this.#state.serial = serial;
  }

  /** Looks at what lies in the folder. Never rejects. */
  async count(): Promise<void> {
    this.#stored = await this.folder.files();
    this.#files = this.#stored.length;
    this.#bytes = this.#stored.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** 0x9206. @param server where the FTP server is reached */
  instruction(server: { address: string; port: number }): FileUpload {
    const { user, password, channel, from, to, media, stream, storage, conditions } = this.order;
    const { alarms = 0, videoAlarms = 0 } = this.order;
    const bits = conditions.length > 0 ? conditions : (Object.keys(uploadCondition) as UploadCondition[]);
    return {
      ...{ ...server, user, password, path: '/', channel, start: from, end: to, alarms, videoAlarms },
      media: mediaCode[media],
      stream: streamCode[stream],
      storage: storageCode[storage],
      conditions: bits.reduce((sum, each) => sum | uploadCondition[each], 0),
    };
  }

  /** 0x9207. */
  command(what: keyof typeof uploadCommand): { uploadSerial: number; command: number } {
    return { uploadSerial: this.serial, command: uploadCommand[what] };
  }

  file(name: string): StoredUpload | undefined {
    return this.isOver ? this.#stored.find(file => file.name === name) : undefined;
  }

  /** Called once a second. @returns whether the row is another one */
  tick(): boolean {
    if (this.phase !== 'transferring') return false;
    const now = this.#parts.now();
    this.#rates.push({ at: now, bytes: this.#bytes });
    while (this.#rates.length > 2 && now - this.#rates[0]!.at > rateMs) this.#rates.shift();
    return true;
  }

  row(): UploadRow {
    const { user: _user, password: _password, ...order } = this.order;
    const { phase, error } = this.#state;
    const [first, last] = [this.#rates[0], this.#rates.at(-1)];
    const seconds = first && last ? (last.at - first.at) / 1000 : 0;
    const rate = seconds > 0 ? Math.max(0, last!.bytes - first!.bytes) / seconds : 0;
    const missing = order.expectedBytes - this.#bytes;
    return {
      ...order,
      conditions: [...order.conditions],
      phase,
      ...(this.isOffline && !this.isOver && { reason: 'offline' as const }),
      bytes: this.#bytes,
      bitsPerSecond: Math.round(rate * 8),
      secondsLeft: rate > 0 && order.expectedBytes > 0 && missing > 0 ? Math.ceil(missing / rate) : null,
      files: this.isOver ? this.#stored.map(({ name, bytes }) => ({ name, bytes, url: urlOf(order.id, name) })) : [],
      ...(error && { error }),
    };
  }

  #allow(bytes: number, files: number): string | undefined {
    const { limits, refused, overflowed } = this.#parts;
    if (!this.isOpen) return 'Not now';
    if (this.#bytes + bytes <= limits.maxUploadMb * megabyte && this.#files + files <= limits.maxUploadFiles)
      return undefined;
    refused('size');
    overflowed(this);
    return 'More than is allowed';
  }

  #wrote(bytes: number): void {
    this.#bytes = Math.max(0, this.#bytes + bytes);
    if (bytes <= 0) return;
    this.movedAt = this.#parts.now();
    this.#parts.moved(this, bytes);
  }
}

function urlOf(id: string, name: string): string {
  return `uploads/${id}/${name.split('/').map(encodeURIComponent).join('/')}`;
}
