import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { uploadResult } from '../../codec/jt808/body/file-upload.ts';
import type { Notice, Result, Rpc, UploadRow, Vehicle } from '../../contract.ts';
import type { DataUse } from '../../device/data-use.ts';
import type { MediaTarget } from '../../device/live-orders.ts';
import type { Received } from '../../device/received.ts';
import type { CommandOptions } from '../../device/session.ts';
import { fail, failure } from '../../errors.ts';
import type { DeskCalls, ServiceMethod, UploadFile } from '../../ipc/desk.ts';
import type { Log } from '../../log.ts';
import type { Tally } from '../../tally.ts';
import type { Span } from '../storage/spans.ts';
import { FtpDoor, type FtpDoorParts } from './ftp-door.ts';
import { KeptUploads } from './kept-uploads.ts';
import { Upload, type UploadLimits, type UploadOrder, type UploadState } from './upload.ts';
import { UploadFolder } from './upload-folder.ts';
import { UploadRoom, type UploadRoomParts } from './upload-room.ts';
import { secret } from './upload-secret.ts';

type UploadMethod = Extract<ServiceMethod, `upload.${string}`>;

const tickMs = 1000;
/** A last file may still be on its way when the terminal says that all is there. */
const settleMs = 5000;
const settleLookMs = 50;
export interface UploadsParts {
  readonly terminals: {
    get(id: string): Vehicle | undefined;
    isOnline(id: string): boolean;
    mediaTarget(id: string): Result<MediaTarget>;
    command(id: string, messageId: number, value: unknown, options?: CommandOptions): Promise<Result<unknown>>;
  };
  readonly storage: { listedBytes(vehicleId: string, channel: number, span: Span): number };
  readonly dataUse: DataUse;
  readonly settings: FtpDoorParts['settings'] &
    UploadRoomParts['settings'] &
    UploadLimits & { readonly ftpPublicPort: number; readonly maxUploads: number; readonly uploadSilenceMs: number };
  readonly dataDir: string;
  /** Of the disk that `folder` is on. */
  freeBytes(folder: string): Promise<number>;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  notice(level: Notice['level'], text: string, params: Notice['params']): void;
  changed(row: UploadRow): void;
}

/**
 * Files that vehicles bring by FTP (0x9206, 0x9207, 0x1206): `uploads.json` and `uploads/` in the data folder. The FTP server
 * is open only while an upload is under way. After a restart the same account goes on; the vehicle is told again.
 */
export class Uploads {
  readonly calls: Pick<DeskCalls, UploadMethod>;
  readonly #parts: UploadsParts;
  readonly #kept: KeptUploads;
  readonly #folder: string;
  readonly #door: FtpDoor;
  readonly #room: UploadRoom;
  readonly #uploads = new Map<string, Upload>();
  readonly #stopTicking: () => void;
  #isClosed = false;

  constructor(parts: UploadsParts) {
    this.#parts = parts;
    this.#kept = new KeptUploads(parts);
    this.#folder = join(parts.dataDir, 'uploads');
    this.#room = new UploadRoom({ ...parts, freeBytes: () => parts.freeBytes(parts.dataDir) });
    this.#door = new FtpDoor({
      ...parts,
      account: user => [...this.#uploads.values()].find(({ order, isOpen }) => isOpen && order.user === user)?.account,
    });
    this.#stopTicking = parts.clock.every(tickMs, () => this.#tick());
    this.calls = {
      'upload.start': ask => this.start(ask),
      'upload.pause': ({ id }) => this.#with(id, upload => this.#pause(upload)),
      'upload.resume': ({ id }) => this.#with(id, upload => this.#resume(upload)),
      'upload.cancel': ({ id }) => this.#with(id, upload => this.#cancel(upload)),
      'upload.list': ({ vehicleId }) => this.#list(vehicleId),
      'upload.remove': ({ id }) => this.#remove(id),
    };
  }

  /** The port of the FTP server; 0 while no upload is under way. */
  get port(): number {
    return this.#door.port;
  }

  /** What was under way when the program stopped is asked for again when its vehicle comes. Never rejects. */
  async open(): Promise<void> {
    try {
      for (const { order, state } of await this.#kept.load()) {
        const upload = this.#add(order, state);
        upload.isOffline = !upload.isOver;
        await upload.count();
      }
      if (this.#isNeeded) await this.#door.open();
    } catch (thrown) {
      this.#parts.log.error({ error: String(thrown) }, 'uploads cannot go on');
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTicking();
    await this.#door.close();
    await this.#save();
  }

  rows(): UploadRow[] {
    return [...this.#uploads.values()].map(upload => upload.row());
  }

  /** Refuses with unknownTerminal, terminalPending, badRequest, tooManyUploads, uploadNoRoom, portInUse, listenFailed. */
  async start(ask: Rpc['upload.start']['args']): Promise<Result<UploadRow>> {
    const { terminals, settings, clock, storage } = this.#parts;
    const vehicle = terminals.get(ask.vehicleId);
    if (!vehicle) return fail('unknownTerminal', ask.vehicleId);
    if (vehicle.state === 'pending') return fail('terminalPending', vehicle.plate || vehicle.id);
    if (ask.to <= ask.from) return fail('badRequest', 'the end is not after the start');
    if (this.#uploads.size >= settings.maxUploads) return fail('tooManyUploads', String(this.#uploads.size));
    const span = { from: Math.floor(ask.from / 1000) * 1000, to: Math.ceil(ask.to / 1000) * 1000 };
    const expectedBytes = storage.listedBytes(vehicle.id, ask.channel, span);
    const refusal = await this.#room.refusal(expectedBytes, this.#uploads.values());
    if (refusal) return refusal;
    const now = clock.now();
    let number = 1;
    while (this.#uploads.has(`u${now.toString(36)}-${number}`)) number++;
    const upload = this.#add(
      {
        ...{ id: `u${now.toString(36)}-${number}`, vehicleId: vehicle.id, channel: ask.channel, ...span },
        ...{ media: ask.media ?? 'audioVideo', stream: ask.stream ?? 'any', storage: ask.storage ?? 'any' },
        ...{ conditions: ask.conditions ?? [], startedAt: now, user: secret(10), password: secret(14) },
        ...(ask.alarms && { alarms: ask.alarms }),
        ...(ask.videoAlarms && { videoAlarms: ask.videoAlarms }),
        expectedBytes,
      },
      { phase: 'asked', serial: -1 },
    );
    try {
      await upload.folder.make();
      await this.#door.open();
    } catch (thrown) {
      this.#uploads.delete(upload.order.id);
      await upload.folder.remove();
      const failed = failure(thrown);
      return !failed.ok && failed.code === 'internal' ? fail('storeUnwritable', failed.message) : failed;
    }
    await this.#ask(upload);
    return { ok: true, value: upload.row() };
  }

  /** A file of an upload that is over, by its name in the row. */
  async file(id: string, name: string): Promise<Result<UploadFile>> {
    const upload = this.#uploads.get(id);
    const found = upload?.file(name);
    const parts = found && upload?.folder.parts(name);
    const path = parts && (await upload?.folder.place(parts));
    const stat = path ? await lstat(path).catch(() => undefined) : undefined;
    if (!path || !stat?.isFile()) return fail('unknownUpload', id);
    return { ok: true, value: { path, bytes: stat.size, name: parts?.at(-1) ?? id } };
  }

  /** 0x1206. */
  received({ vehicleId, reading }: Received): void {
    if (reading.id !== 0x1206) return;
    const { replySerial, result } = reading.value;
    const upload = [...this.#uploads.values()].find(
      each => each.order.vehicleId === vehicleId && each.serial === replySerial && each.isOpen,
    );
    if (!upload) {
      this.#parts.tally.add('upload.unknownSerial');
      return;
    }
    void this.#told(upload, result === uploadResult.ok);
  }

  vehicleOnline(id: string): void {
    for (const upload of this.#uploads.values()) {
      if (upload.order.vehicleId !== id || upload.isOver || !upload.isOffline) continue;
      upload.isOffline = false;
      // What it brings at the moment goes on; else it is told again, since it may have forgotten.
      if (upload.phase === 'paused' || this.#door.writing(upload.order.user) > 0) this.#changed(upload);
      else void this.#ask(upload);
    }
  }

  vehicleOffline(id: string): void {
    for (const upload of this.#uploads.values()) {
      if (upload.order.vehicleId !== id || upload.isOver) continue;
      upload.isOffline = true;
      this.#changed(upload);
    }
  }

  vehicleRemoved(id: string): void {
    for (const upload of [...this.#uploads.values()]) {
      if (upload.order.vehicleId !== id) continue;
      this.#end(upload, 'cancelled');
      void this.#drop(upload);
    }
  }

  // --------------------------------------------------------------------------------------------------------- the vehicle

  async #ask(upload: Upload): Promise<void> {
    const { terminals, settings, tally } = this.#parts;
    const { vehicleId } = upload.order;
    if (upload.isAsking) return;
    upload.become('asked');
    upload.isOffline = !terminals.isOnline(vehicleId);
    this.#changed(upload);
    await this.#save();
    if (upload.isOffline || this.#isClosed) return;
    const own = terminals.mediaTarget(vehicleId);
    const address = settings.ftpHost || (own.ok ? own.value.address : '');
    if (address === '' || this.#door.port === 0)
      return this.#end(upload, 'failed', fail('listenFailed', 'no address or port to name'));
    const server = { address, port: settings.ftpPublicPort || this.#door.port };
    upload.isAsking = true;
    const answer = await terminals.command(vehicleId, 0x9206, upload.instruction(server), {
      sent: serial => upload.agreed(serial),
    });
    upload.isAsking = false;
    if (upload.isOver || upload.phase === 'paused') return;
    if (answer.ok) {
      if (upload.phase === 'asked') upload.become('accepted');
    } else if (answer.code === 'terminalGone' || answer.code === 'terminalOffline' || answer.code === 'shuttingDown')
      upload.isOffline = !terminals.isOnline(vehicleId);
    // Some begin to bring files and do not answer.
    else if (upload.phase === 'asked') {
      tally.add('upload.refused');
      return this.#end(upload, 'failed', answer);
    }
    this.#changed(upload);
    await this.#save();
  }

  async #told(upload: Upload, isWhole: boolean): Promise<void> {
    const { clock } = this.#parts;
    const until = clock.monotonic() + settleMs;
    while (isWhole && this.#door.writing(upload.order.user) > 0 && clock.monotonic() < until && !this.#isClosed)
      await new Promise<void>(done => clock.after(settleLookMs, done));
    if (upload.isOver) return;
    await upload.count();
    if (!isWhole) this.#end(upload, 'failed', fail('uploadFailed'));
    else if (upload.bytes === 0) this.#end(upload, 'failed', fail('uploadEmpty'));
    else this.#end(upload, 'done');
  }

  /** @param why not by an operator */
  async #pause(upload: Upload, why?: UploadState['error']): Promise<Result<UploadRow>> {
    if (upload.isOver) return fail('badRequest', 'it is over');
    if (upload.phase === 'paused') return { ok: true, value: upload.row() };
    const { terminals } = this.#parts;
    if (terminals.isOnline(upload.order.vehicleId) && upload.serial >= 0) {
      const answer = await terminals.command(upload.order.vehicleId, 0x9207, upload.command('pause'));
      if (!answer.ok) return answer;
    }
    if (!upload.isOver) upload.become('paused', why);
    this.#changed(upload);
    await this.#save();
    return { ok: true, value: upload.row() };
  }

  async #resume(upload: Upload): Promise<Result<UploadRow>> {
    const { terminals } = this.#parts;
    if (upload.phase === 'done' || upload.phase === 'cancelled') return fail('badRequest', 'it is over');
    if (upload.phase !== 'paused' && upload.phase !== 'failed') return { ok: true, value: upload.row() };
    const isAnew = upload.phase === 'failed';
    const refusal = await this.#room.refusal(upload.order.expectedBytes - upload.bytes, this.#uploads.values());
    if (refusal) return refusal;
    // Writing is allowed again before the vehicle is told.
    upload.become('asked');
    try {
      await this.#door.open();
    } catch (thrown) {
      const failed = failure(thrown);
      this.#end(upload, 'failed', failed.ok ? undefined : failed);
      return failed;
    }
    if (!isAnew && terminals.isOnline(upload.order.vehicleId) && upload.serial >= 0) {
      const answer = await terminals.command(upload.order.vehicleId, 0x9207, upload.command('resume'));
      if (answer.ok) {
        if (upload.isResting) upload.become('accepted');
        this.#changed(upload);
        await this.#save();
        return { ok: true, value: upload.row() };
      }
    }
    await this.#ask(upload);
    return { ok: true, value: upload.row() };
  }

  async #cancel(upload: Upload): Promise<Result<UploadRow>> {
    if (upload.isOver) return fail('badRequest', 'it is over');
    const { terminals } = this.#parts;
    const { vehicleId } = upload.order;
    this.#end(upload, 'cancelled');
    if (terminals.isOnline(vehicleId) && upload.serial >= 0)
      void terminals.command(vehicleId, 0x9207, upload.command('cancel'));
    await upload.folder.remove();
    await upload.count();
    this.#changed(upload);
    return { ok: true, value: upload.row() };
  }

  // ------------------------------------------------------------------------------------------------------------- its own

  get #isNeeded(): boolean {
    return [...this.#uploads.values()].some(({ isOpen }) => isOpen);
  }

  #add(order: UploadOrder, state: UploadState): Upload {
    const { clock, settings, tally, dataUse } = this.#parts;
    const upload: Upload = new Upload({
      ...{ order, state, limits: settings },
      folder: new UploadFolder(join(this.#folder, order.vehicleId, order.id)),
      now: () => clock.monotonic(),
      moved: (moved, bytes) => {
        dataUse.of(order.vehicleId).upload += bytes;
        if (moved.phase !== 'asked' && moved.phase !== 'accepted') return;
        moved.become('transferring');
        this.#changed(moved);
      },
      overflowed: large => this.#end(large, 'failed', fail('uploadTooLarge')),
      refused: reason => tally.add(reason === 'path' ? 'upload.pathRefused' : 'upload.tooLarge'),
    });
    this.#uploads.set(order.id, upload);
    return upload;
  }

  #end(upload: Upload, phase: 'done' | 'failed' | 'cancelled', error?: NonNullable<UploadState['error']>): void {
    if (upload.isOver) return;
    upload.become(phase, error);
    this.#door.dismiss(upload.order.user);
    if (!this.#isNeeded) void this.#door.close();
    void upload.count().then(() => this.#changed(upload));
    void this.#save();
  }

  #tick(): void {
    const { clock, settings, terminals } = this.#parts;
    void this.#lookAtRoom();
    for (const upload of this.#uploads.values()) {
      if (upload.tick()) this.#changed(upload);
      const runs = upload.phase === 'accepted' || upload.phase === 'transferring';
      if (!runs || !terminals.isOnline(upload.order.vehicleId)) continue;
      if (clock.monotonic() - upload.movedAt < settings.uploadSilenceMs) continue;
      this.#parts.tally.add('upload.silent');
      this.#end(upload, 'failed', fail('uploadSilent'));
    }
  }

  /** What comes while the disk runs full is paused, and its vehicle told. */
  async #lookAtRoom(): Promise<void> {
    for (const upload of await this.#room.overtaken(this.#uploads.values())) {
      if (upload.phase !== 'transferring' || this.#isClosed) continue;
      this.#parts.tally.add('upload.noRoom');
      await this.#pause(upload, fail('uploadNoRoom'));
    }
  }

  #list(vehicleId?: string): Result<UploadRow[]> {
    const rows = this.rows().sort((a, b) => b.startedAt - a.startedAt);
    const known = vehicleId === undefined ? undefined : this.#parts.terminals.get(vehicleId);
    if (vehicleId !== undefined && !known) return fail('unknownTerminal', vehicleId);
    return { ok: true, value: known ? rows.filter(row => row.vehicleId === known.id) : rows };
  }

  async #with(id: string, act: (upload: Upload) => Promise<Result<UploadRow>>): Promise<Result<UploadRow>> {
    const upload = this.#uploads.get(id);
    return upload ? act(upload) : fail('unknownUpload', id);
  }

  async #remove(id: string): Promise<Result<null>> {
    const upload = this.#uploads.get(id);
    if (!upload) return fail('unknownUpload', id);
    if (!upload.isOver) return fail('badRequest', 'it is not over');
    await this.#drop(upload);
    return { ok: true, value: null };
  }

  async #drop(upload: Upload): Promise<void> {
    this.#uploads.delete(upload.order.id);
    this.#parts.changed({ ...upload.row(), ended: true });
    await upload.folder.remove();
    await this.#save();
  }

  #changed(upload: Upload): void {
    if (this.#uploads.has(upload.order.id)) this.#parts.changed(upload.row());
  }

  #save(): Promise<void> {
    return this.#kept.save(() => [...this.#uploads.values()].map(({ kept }) => kept));
  }
}
