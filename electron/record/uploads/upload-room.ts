import type { Result } from '../../contract.ts';
import { fail } from '../../errors.ts';
import type { Upload } from './upload.ts';

const megabyte = 1_000_000;

export interface UploadRoomParts {
  readonly settings: { readonly recordHeadroomMb: number };
  /** Bytes that are free on the disk of the uploads. May reject: then nothing is known of it. */
  freeBytes(): Promise<number>;
}

type Coming = Pick<Upload, 'phase' | 'isOver' | 'bytes'> & { readonly order: Pick<Upload['order'], 'expectedBytes'> };

/** Whether the disk has room for what vehicles bring, beside what is kept free for recordings. */
export class UploadRoom {
  readonly #parts: UploadRoomParts;
  #isLooking = false;

  constructor(parts: UploadRoomParts) {
    this.#parts = parts;
  }

  /**
   * Why so many bytes more may not be asked for; what is still missing of those under way counts as taken. Never rejects.
   * @param bytes as the vehicle's list says; 0: not known
   */
  async refusal(bytes: number, uploads: Iterable<Coming>): Promise<Extract<Result<never>, { ok: false }> | undefined> {
    let wanted = Math.max(0, bytes);
    for (const { order, bytes: came, isOver, phase } of uploads)
      if (!isOver && phase !== 'paused') wanted += Math.max(0, order.expectedBytes - came);
    const short = await this.#lacks(wanted);
    return short > 0 ? fail('uploadNoRoom', `${Math.ceil(short / megabyte)} MB short`) : undefined;
  }

  /** Those that come while what is to be kept free is not. Never rejects; none while it is still looking. */
  async overtaken<Each extends Coming>(uploads: Iterable<Each>): Promise<Each[]> {
    const coming = [...uploads].filter(({ phase }) => phase === 'transferring');
    if (coming.length === 0 || this.#isLooking) return [];
    this.#isLooking = true;
    const short = await this.#lacks(0);
    this.#isLooking = false;
    return short > 0 ? coming : [];
  }

  async #lacks(bytes: number): Promise<number> {
    const free = await this.#parts.freeBytes().catch(() => Number.POSITIVE_INFINITY);
    return bytes + this.#parts.settings.recordHeadroomMb * megabyte - free;
  }
}
